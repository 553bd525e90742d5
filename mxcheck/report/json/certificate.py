"""The part of the JSON report about certificates."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.report.json.model_certificate import CertificateJson, ChainJson
from mxcheck.report.seen import moment
from mxcheck.wire.certificate import CertificateFacts, parse_certificate


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
        not_before=_moment(facts.not_before),
        not_after=_moment(facts.not_after),
        days_left=_days_left(facts.not_after, at),
        san=() if isinstance(facts.dns_names, Unseen) else facts.dns_names,
        key=facts.key,
        signature=facts.signature,
        sha256=facts.sha256,
        chain=tuple(map(_link, chain)),
    )


def unread_of(chain: Sequence[bytes]) -> Unseen | None:
    """Return what cannot be read of the first certificate of a chain (DER), if there is one."""
    facts = parse_certificate(chain[0]) if chain else None
    return facts.unread if isinstance(facts, CertificateFacts) else facts


def _moment(fact: datetime | Unseen) -> str | None:
    return None if isinstance(fact, Unseen) else moment(fact)


def _days_left(not_after: datetime | Unseen, at: datetime) -> int | None:
    return None if isinstance(not_after, Unseen) else (not_after - at) // timedelta(days=1)


def _link(der: bytes) -> ChainJson:
    sha256 = hashlib.sha256(der).hexdigest()
    facts = parse_certificate(der)
    if isinstance(facts, Unseen):
        return ChainJson(subject=None, issuer=None, not_after=None, sha256=sha256)
    return ChainJson(
        subject=facts.subject,
        issuer=facts.issuer,
        not_after=_moment(facts.not_after),
        sha256=sha256,
    )
