"""Find what nearly makes a chain match TLSA records: records that are outdone, anchors not sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import DomainCase
from mxcheck.rules.facts.dane import Tlsa
from mxcheck.wire.certificate import parse_certificate
from mxcheck.wire.certificate_path import longest_path
from mxcheck.wire.tlsa import DANE_EE, DANE_TA, TlsaRecord, matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdone:
    """A record that matches, and the stronger digests because of which senders ignore it."""

    record: TlsaRecord
    by: tuple[TlsaRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorNotSent:
    """A record of usage 2 about an authority whose certificate the server does not send.

    `anchor` is the authority; "" if it is not known, as the record is a digest.
    """

    record: TlsaRecord
    anchor: str
    top: str
    top_issuer: str


def find_outdone(tlsa: Tlsa, chain: tuple[bytes, ...]) -> Outdone | None:
    """Return a record that matches a chain (DER, leaf first), but counts no more (RFC 7671 9)."""
    for record in tlsa.outdone:
        about = chain[:1] if record.usage == DANE_EE else chain[1:]
        if any(matches(record, certificate) for certificate in about):
            kind = (record.usage, record.selector)
            by = tuple(one for one in tlsa.usable if (one.usage, one.selector) == kind)
            return Outdone(record=record, by=by)
    return None


def find_anchor_not_sent(
    tlsa: Tlsa, chain: tuple[bytes, ...], case: DomainCase
) -> AnchorNotSent | None:
    """Return the first record of an authority, if the chain ends below an authority not sent."""
    top = parse_certificate(longest_path(chain, case.run.observed_at)[-1])
    records = [record for record in tlsa.usable if record.usage == DANE_TA]
    if not records or isinstance(top, Unseen) or top.self_issued:
        return None
    for root in case.trust.roots:
        for record in records:
            if matches(record, root) and root not in chain:
                return _not_sent(record, root, top.subject, top.issuer)
    return AnchorNotSent(record=records[0], anchor="", top=top.subject, top_issuer=top.issuer)


def _not_sent(record: TlsaRecord, root: bytes, top: str, top_issuer: str) -> AnchorNotSent:
    facts = parse_certificate(root)
    anchor = "" if isinstance(facts, Unseen) else facts.subject
    return AnchorNotSent(record=record, anchor=anchor, top=top, top_issuer=top_issuer)


def listed(records: Iterable[TlsaRecord]) -> str:
    """Return records in one line of a message."""
    return "; ".join(map(str, records))
