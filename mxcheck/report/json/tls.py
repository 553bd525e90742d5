"""The part of the JSON report about TLS: the session, and what further connections showed."""

from collections.abc import Iterable
from datetime import datetime

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import Alert, OwnHello, ServerHello, ShownTls
from mxcheck.report.json.certificate import certificate_json
from mxcheck.report.json.model import FurtherTlsJson, HelloJson, TlsJson
from mxcheck.report.json.model_certificate import CertificateJson
from mxcheck.report.json.model_dns import UnseenJson
from mxcheck.report.seen import versions_seen


def tls_json(visit: Visit) -> TlsJson | None:
    """Describe the session of the visit."""
    tls = visit.tls
    if isinstance(tls, Unseen):
        return None
    return TlsJson(version=tls.version, cipher=tls.cipher, versions_seen=versions_seen(visit))


def hellos_json(host: str, hellos: Iterable[OwnHello]) -> tuple[HelloJson, ...]:
    """Describe ClientHellos of our own to an MX host, and their answers."""
    return tuple(_hello(host, hello) for hello in hellos)


def _hello(host: str, hello: OwnHello) -> HelloJson:
    answer = hello.answer
    return HelloJson(
        offered=hello.offered,
        server_name=hello.server_name or host,
        authentication=hello.authentication,
        large=hello.large,
        version=answer.version if isinstance(answer, ServerHello) else None,
        cipher=answer.cipher if isinstance(answer, ServerHello) else None,
        alert=answer.description if isinstance(answer, Alert) else None,
        unseen=unseen_json(answer) if isinstance(answer, Unseen) else None,
    )


def further_tls_json(shown: ShownTls, at: datetime) -> FurtherTlsJson:
    """Describe what a connection beside the visit showed, judged at the time `at`."""
    certificate = certificate_json(shown.chain, at)
    return FurtherTlsJson(
        connection=shown.connection,
        server_name=shown.server_name,
        offered=shown.offered,
        version=shown.version,
        certificate=certificate if isinstance(certificate, CertificateJson) else None,
    )


def unseen_json(unseen: Unseen) -> UnseenJson:
    """Describe what was tried and not seen."""
    return UnseenJson(trouble=unseen.trouble, detail=unseen.detail)
