"""What one visit and one lookup showed, in the shape of the JSON report."""

import hashlib
from datetime import datetime, timedelta

from mxcheck.evidence.dns import Absent, Answer, Lookup
from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.evidence.smtp import Connection, Greeting, RelayAttempt, Reply, Visit
from mxcheck.evidence.tls import TlsSession
from mxcheck.report.json_model import (
    BannerJson,
    CertificateJson,
    ChainJson,
    EndpointJson,
    LineJson,
    LookupJson,
    RelayJson,
    TlsJson,
    UnseenJson,
)
from mxcheck.report.seen import announced, forms_of, is_accepted, moment, unseen_stages
from mxcheck.wire.banner import parse_banner_host, parse_software
from mxcheck.wire.certificate import parse_certificate


def lookup_json(lookup: Lookup) -> LookupJson:
    """A lookup, whatever came of it."""
    match lookup:
        case Answer():
            return LookupJson(
                status="answer",
                owner=lookup.owner,
                records=lookup.records,
                aliases=lookup.aliases,
                ttl=lookup.ttl,
                authenticated_data=lookup.authenticated_data,
            )
        case Absent():
            return LookupJson(
                status=lookup.absence.value,
                aliases=lookup.aliases,
                authenticated_data=lookup.authenticated_data,
            )
        case Unseen():
            return LookupJson(status=lookup.trouble.value, detail=lookup.detail)


def endpoint_json(visit: Visit, domain: str, at: datetime) -> EndpointJson:
    """A visit, as far as it concerns the domain, at the moment by which it is judged."""
    connection, greeting, tls = visit.connection, visit.greeting, visit.tls
    certificate = _certificate(tls, at)
    return EndpointJson(
        address=visit.address,
        port=visit.port,
        connect_ms=connection.connect_ms if isinstance(connection, Connection) else None,
        greeting_ms=greeting.greeting_ms if isinstance(greeting, Greeting) else None,
        banner=_banner(greeting),
        extensions=announced(visit),
        tls=_tls(tls),
        certificate=certificate if isinstance(certificate, CertificateJson) else None,
        relay=tuple(map(_relay, forms_of(visit, domain))),
        transcript=tuple(
            LineJson(at_ms=line.at_ms, direction=line.direction, text=line.text)
            for line in visit.transcript
        ),
        unseen=_all_unseen(visit, certificate),
    )


def _all_unseen(visit: Visit, certificate: CertificateJson | Unseen) -> dict[str, UnseenJson]:
    stages = unseen_stages(visit)
    if isinstance(certificate, Unseen) and certificate != NOT_ASKED:
        stages["certificate"] = certificate
    return {stage: _unseen(unseen) for stage, unseen in stages.items()}


def _unseen(unseen: Unseen) -> UnseenJson:
    return UnseenJson(trouble=unseen.trouble, detail=unseen.detail)


def _banner(greeting: Greeting | Unseen) -> BannerJson | None:
    if isinstance(greeting, Unseen):
        return None
    reply = greeting.reply
    return BannerJson(
        code=reply.code,
        text=reply.text,
        hostname=parse_banner_host(reply),
        software=parse_software(reply),
    )


def _tls(tls: TlsSession | Unseen) -> TlsJson | None:
    if isinstance(tls, Unseen):
        return None
    return TlsJson(version=tls.version, cipher=tls.cipher, versions_seen=(tls.version,))


def _certificate(tls: TlsSession | Unseen, at: datetime) -> CertificateJson | Unseen:
    if isinstance(tls, Unseen) or not tls.chain:
        return NOT_ASKED
    facts = parse_certificate(tls.chain[0])
    if isinstance(facts, Unseen):
        return facts
    return CertificateJson(
        subject=facts.subject,
        issuer=facts.issuer,
        not_before=moment(facts.not_before),
        not_after=moment(facts.not_after),
        days_left=(facts.not_after - at) // timedelta(days=1),
        san=facts.dns_names,
        key=facts.key,
        signature=facts.signature,
        sha256=facts.sha256,
        chain=tuple(map(_link, tls.chain)),
    )


def _link(der: bytes) -> ChainJson:
    sha256 = hashlib.sha256(der).hexdigest()
    facts = parse_certificate(der)
    if isinstance(facts, Unseen):
        return ChainJson(subject=None, issuer=None, not_after=None, sha256=sha256)
    return ChainJson(
        subject=facts.subject,
        issuer=facts.issuer,
        not_after=moment(facts.not_after),
        sha256=sha256,
    )


def _relay(attempt: RelayAttempt) -> RelayJson:
    answer = attempt.rcpt if is_accepted(attempt.mail) else attempt.mail
    return RelayJson(
        form=attempt.form,
        sender=attempt.sender,
        recipient=attempt.recipient,
        stage="RCPT" if answer is attempt.rcpt else "MAIL",
        code=answer.code if isinstance(answer, Reply) else None,
        text=answer.text if isinstance(answer, Reply) else None,
        unseen=_unseen(answer) if isinstance(answer, Unseen) else None,
    )
