"""Whether what a server presents is what TLSA records promise (RFC 7671 5.1, 5.2)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.rules.base import EndpointCase, Missing, MxCase, NotApplicable, Unknown
from mxcheck.rules.facts.dane import Tlsa, is_mx_secure, the_secure_tlsa
from mxcheck.rules.facts.firewall import hidden_by_firewall
from mxcheck.rules.facts.sent_chain import Chains, PresentedChain, chains_under
from mxcheck.rules.facts.shown import base_left_unseen, chain_left_unseen, chains_shown
from mxcheck.rules.facts.stages import (
    is_implicit,
    the_chain,
    the_ehlo,
    the_handshake_attempt,
    the_starttls_attempt,
    the_tls_session,
)
from mxcheck.rules.trust import Untrusted, Unverified, verify_by_anchor
from mxcheck.wire.certificate import parse_certificate
from mxcheck.wire.certificate_path import certificate_path, is_signed_by
from mxcheck.wire.host_match import matches_host
from mxcheck.wire.tls_rpt import ResultType
from mxcheck.wire.tlsa import CERT, DANE_EE, DANE_TA, FULL, SPKI, TlsaRecord, matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """The server is authenticated, by this record."""

    record: TlsaRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """It is not; `nearly` says why not where a trust anchor is there all the same, else "".

    `result_type` is what senders call it in their TLS reports (RFC 8460 4.3.1).
    """

    nearly: str = ""
    result_type: ResultType = ResultType.VALIDATION_FAILURE


Match = Matched | Unmatched


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """The records that a sender compares with the server, and the chains that it would be sent."""

    tlsa: Tlsa
    chains: Chains


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutTls:
    """Records that promise TLS, of a server that does not offer it; `why` says what was seen."""

    tlsa: Tlsa
    why: str


def the_presented(case: EndpointCase) -> Presented | WithoutTls | Unseen | Unknown | NotApplicable:
    """Return what the server presents, or is about to, to a sender that obeys its TLSA records."""
    tlsa = the_secure_tlsa(case)
    if not isinstance(tlsa, Tlsa):
        return tlsa
    without = _without_tls(case, tlsa)
    if without:
        return without
    if not tlsa.usable:
        return Missing(message="no TLSA record can be used")
    chain = the_chain(case)
    if not isinstance(chain, tuple):
        return chain
    return Presented(tlsa=tlsa, chains=chains_for_dane(case, tlsa))


def chains_for_dane(case: EndpointCase, tlsa: Tlsa) -> Chains:
    """Return what the server presents to senders that use DANE: they ask for the base domain.

    That is another name than the MX host's if the MX host is an alias (RFC 7672 2.2.3, 8.1), and
    the server may choose its certificate by the name.
    """
    visit = case.visit
    if case.host.chain:
        return (PresentedChain(certificates=case.host.chain.chain),)
    if tlsa.base == visit.host:
        return chains_under(visit, tlsa.base, chain_left_unseen(visit))
    return chains_under(visit, tlsa.base, base_left_unseen(visit, tlsa.base))


def _without_tls(
    case: EndpointCase, tlsa: Tlsa
) -> WithoutTls | Unseen | Unknown | NotApplicable | None:
    """Return why nothing is presented; a chain that is about to be deployed needs no session."""
    attempt, session = the_starttls_attempt(case), the_tls_session(case)
    handshake = the_handshake_attempt(case)
    if isinstance(attempt, Unseen | Unknown):
        return None if case.host.chain else attempt
    # RFC 7672 2.2.3: any secure record promises STARTTLS, whether it can be used or not.
    if isinstance(the_ehlo(case), Reply) and isinstance(handshake, NotApplicable):
        return hidden_by_firewall(case) or WithoutTls(tlsa=tlsa, why=handshake.message)
    return session if isinstance(session, NotApplicable) and not case.host.chain else None


def match_of(
    case: EndpointCase, tlsa: Tlsa, chain: tuple[bytes, ...], at: datetime | None = None
) -> Match:
    """Match a chain (DER, leaf first) that the case's host sends with its usable records.

    Dates are judged by the time of the visit, or by another moment.
    """
    names = reference_names(case, tlsa)
    return _match(tlsa.usable, chain, names, at or case.run.observed_at)


def matched_record(case: EndpointCase, tlsa: Tlsa, chain: PresentedChain) -> TlsaRecord | None:
    """Return the record that authenticates a server that presents this chain, if one does.

    If senders that use DANE ask for another name, all that was shown for that name must match.
    """
    chains = [chain.certificates]
    if tlsa.base != case.host.name and not case.host.chain:
        chains = [certificates for certificates, _ in chains_shown(case.visit, tlsa.base)]
    found = [match_of(case, tlsa, certificates) for certificates in chains]
    records = [match.record for match in found if isinstance(match, Matched)]
    return records[0] if records and len(records) == len(found) else None


def matching_records(
    case: MxCase, tlsa: Tlsa, chain: tuple[bytes, ...]
) -> tuple[tuple[TlsaRecord, bytes], ...]:
    """Return every record that authenticates a chain (DER, leaf first), and what it is about."""
    at, names = case.run.observed_at, reference_names(case, tlsa)
    anchors = tuple(record for record in tlsa.usable if record.usage == DANE_TA)
    of_leaf = (one for one in tlsa.usable if one.usage == DANE_EE and matches(one, chain[0]))
    return (
        *((one, chain[0]) for one in of_leaf),
        *(
            (record, path[-1])
            for record, path in _anchored(anchors, chain, at)
            if not _fault_of(path, names, at)
        ),
    )


def reference_names(case: MxCase, tlsa: Tlsa) -> tuple[str, ...]:
    """Return the names one of which a certificate below a trust anchor needs (RFC 7672 3.2.2)."""
    mx, domain = case.domain.mx, case.domain.name
    if is_implicit(case):
        return tuple(dict.fromkeys((tlsa.base, domain)))
    if not isinstance(mx, Answer) or not is_mx_secure(case):
        return (tlsa.base,)
    return tuple(dict.fromkeys((tlsa.base, domain, mx.owner)))


@lru_cache(maxsize=1024)
def _match(
    records: tuple[TlsaRecord, ...], chain: tuple[bytes, ...], names: tuple[str, ...], at: datetime
) -> Match:
    for record in records:
        # RFC 7672 3.1.1: neither names nor dates count.
        if record.usage == DANE_EE and matches(record, chain[0]):
            return Matched(record=record)
    anchors = tuple(record for record in records if record.usage == DANE_TA)
    for record, path in _anchored(anchors, chain, at):
        fault = _fault_of(path, names, at)
        return (
            replace(fault, nearly=f"{record}: {fault.nearly}") if fault else Matched(record=record)
        )
    return Unmatched()


def _anchored(
    anchors: tuple[TlsaRecord, ...], chain: tuple[bytes, ...], at: datetime
) -> Iterator[tuple[TlsaRecord, tuple[bytes, ...]]]:
    """Yield a record, and the path (DER) up to the anchor of which it speaks.

    The nearest one first.

    The leaf is never an anchor. The path leads through whole certificates from the records (RFC
    7671 5.2.2), which OpenSSL looks at first, and what was sent. Where no anchor is met, a bare key
    may have signed the topmost certificate (RFC 7671 5.2.3).
    """
    whole = [one.data for one in anchors if (one.selector, one.matching_type) == (CERT, FULL)]
    path: tuple[bytes, ...] = ()
    for path in certificate_path(chain[0], (*whole, *chain[1:]), at):
        yield from ((one, path) for one in anchors if len(path) > 1 and matches(one, path[-1]))
    for one in anchors:
        bare_key = (one.selector, one.matching_type) == (SPKI, FULL)
        if path and bare_key and is_signed_by(path[-1], one.data):
            yield one, path


def _fault_of(path: tuple[bytes, ...], names: tuple[str, ...], at: datetime) -> Unmatched | None:
    """Return why the path to a trust anchor does not authenticate the server, if so."""
    leaf, verified = parse_certificate(path[0]), verify_by_anchor(path, at)
    if isinstance(leaf, Unseen):
        return Unmatched(nearly=leaf.detail)
    if isinstance(verified, Unverified):
        return Unmatched(nearly=verified.reason)
    if isinstance(verified, Untrusted):
        expired = not isinstance(leaf.not_after, Unseen) and leaf.not_after <= at
        kind = ResultType.CERTIFICATE_EXPIRED if expired else ResultType.CERTIFICATE_NOT_TRUSTED
        nearly = f"the anchor is there, but {verified.reason}, at {verified.subject}"
        return Unmatched(nearly=nearly, result_type=kind)
    # RFC 7672 3.2.3: the CN is used if there is no DNS-ID.
    held = (not isinstance(leaf.dns_names, Unseen) and leaf.dns_names) or leaf.common_names
    if any(matches_host(pattern, name) for pattern in held for name in names):
        return None
    wanted, found = " or ".join(names), ", ".join(held) or "no name"
    return Unmatched(
        nearly=f"the anchor is there, but the certificate holds {found}, not {wanted}",
        result_type=ResultType.CERTIFICATE_HOST_MISMATCH,
    )
