"""The part of the JSON report about one visit."""

from datetime import datetime

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Connection, Greeting, Injection, RelayAttempt, Reply, Visit
from mxcheck.evidence.tls import TlsSession
from mxcheck.report.json.certificate import certificate_json, unread_of
from mxcheck.report.json.model import (
    BannerJson,
    EndpointJson,
    InjectionJson,
    LineJson,
    RelayJson,
)
from mxcheck.report.json.model_certificate import CertificateJson
from mxcheck.report.json.model_dns import UnseenJson
from mxcheck.report.json.tls import further_tls_json, hellos_json, tls_json, unseen_json
from mxcheck.report.seen import announced, forms_of, further_hellos, unseen_stages
from mxcheck.wire.banner import parse_banner_host
from mxcheck.wire.reply_code import is_positive
from mxcheck.wire.software import parse_software


def endpoint_json(visit: Visit, domain: str, at: datetime) -> EndpointJson:
    """Describe a visit as far as it concerns the domain, judged at the time `at`."""
    connection, greeting, tls = visit.connection, visit.greeting, visit.tls
    chain = tls.chain if isinstance(tls, TlsSession) else ()
    certificate = certificate_json(chain, at)
    return EndpointJson(
        address=visit.address,
        port=visit.port,
        connect_ms=connection.connect_ms if isinstance(connection, Connection) else None,
        greeting_ms=greeting.greeting_ms if isinstance(greeting, Greeting) else None,
        banner=_banner(visit),
        extensions=announced(visit),
        tls=tls_json(visit),
        hellos=hellos_json(visit.host, visit.hellos),
        further_hellos=hellos_json(visit.host, further_hellos(visit)),
        further_tls=tuple(further_tls_json(shown, at) for shown in visit.shown),
        injection=_injection(visit.injection),
        certificate=certificate if isinstance(certificate, CertificateJson) else None,
        relay=tuple(map(_relay, forms_of(visit, domain))),
        transcript=tuple(
            LineJson(at_ms=line.at_ms, direction=line.direction, text=line.text)
            for line in visit.transcript
        ),
        unseen=_all_unseen(visit, chain),
    )


def _all_unseen(visit: Visit, chain: tuple[bytes, ...]) -> dict[str, UnseenJson]:
    stages = unseen_stages(visit)
    unread = unread_of(chain)
    if unread:
        stages["certificate"] = unread
    return {stage: unseen_json(unseen) for stage, unseen in stages.items()}


def _banner(visit: Visit) -> BannerJson | None:
    if isinstance(visit.greeting, Unseen):
        return None
    reply = visit.greeting.reply
    return BannerJson(
        code=reply.code,
        text=reply.text,
        hostname=parse_banner_host(reply),
        software=parse_software(visit),
    )


def _injection(injection: Injection | Unseen) -> InjectionJson | None:
    if isinstance(injection, Unseen):
        return None
    return InjectionJson(
        starttls=str(injection.starttls) if isinstance(injection.starttls, Reply) else None,
        replies=tuple(str(reply) for reply in injection.replies if isinstance(reply, Reply)),
    )


def _relay(attempt: RelayAttempt) -> RelayJson:
    answer = attempt.rcpt if is_positive(attempt.mail) else attempt.mail
    return RelayJson(
        form=attempt.form,
        sender=attempt.sender,
        recipient=attempt.recipient,
        stage="RCPT" if answer is attempt.rcpt else "MAIL",
        code=answer.code if isinstance(answer, Reply) else None,
        text=answer.text if isinstance(answer, Reply) else None,
        unseen=unseen_json(answer) if isinstance(answer, Unseen) else None,
    )
