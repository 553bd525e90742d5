"""The part of the JSON report about certificates."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.report.json.model_certificate import CertificateJson, ChainJson
from mxcheck.report.seen import moment
from mxcheck.wire.certificate import parse_certificate


def certificate_json(chain: Sequence[bytes], at: datetime) -> CertificateJson | Unseen:
    """Describe the first certificate of a chain (DER) and its issuers; NOT_ASKED if it is empty."""
    if not chain:
        return NOT_ASKED
    facts = parse_certificate(chain[0])
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
        chain=tuple(map(_link, chain)),
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
