"""What DANE promises for an MX host: its TLSA records, and what DNSSEC makes of them."""

from dataclasses import dataclass

from mxcheck.evidence.dns import Answer, Lookup, TlsaLookup
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.outcome import NOT_ASKED, OUR_OWN, Trouble, Unseen
from mxcheck.rules.base import Missing, MxCase, NotApplicable, Unknown
from mxcheck.rules.facts.dnssec import Doubt, Security, doubt_about, is_bogus, security_of
from mxcheck.rules.facts.stages import has_addresses, why_no_addresses
from mxcheck.wire.tlsa import (
    Published,
    TlsaRecord,
    outdone_records,
    parse_tlsa_records,
    usable_records,
)

_ABOUT_US = OUR_OWN | {Trouble.RESOLVER, Trouble.DNS_REFUSED}
"""Troubles of our resolver or the way to it: senders ask others (RFC 7672 2.1.2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tlsa:
    """The TLSA records at the base domain (RFC 7672 2.2.3) `base`, asked for as `name`.

    `owner` is where they are found: another name than `name` where that is an alias; `line_owner`
    how a zone file names it, which may be by a wildcard. `ttl` is in seconds, the longest that
    caches hold what there is now or will be.
    """

    base: str
    name: str
    owner: str
    line_owner: str
    ttl: int
    published: tuple[Published, ...]

    @property
    def usable(self) -> tuple[TlsaRecord, ...]:
        """Return the records that senders obey; without any, only TLS is promised."""
        return usable_records(self.published)

    @property
    def outdone(self) -> tuple[TlsaRecord, ...]:
        """Return the records that senders ignore because of a stronger digest (RFC 7671 9)."""
        return outdone_records(self.published)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecureTlsa:
    """Records that senders use."""

    tlsa: Tlsa


@dataclass(frozen=True, slots=True, kw_only=True)
class InsecureTlsa:
    """Records that senders ignore: they, or already the addresses, are not DNSSEC-secure."""

    tlsa: Tlsa
    address_secure: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTlsa:
    """A lookup that failed where the host is secure: senders defer (RFC 7672 2.1.2)."""

    name: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoTlsa:
    """There is no record, or none that could be heeded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulTlsa:
    """Records, or a lookup that failed (then none), of which nobody can tell whether they count."""

    seen: tuple[Tlsa, ...]
    doubt: Doubt


DaneState = SecureTlsa | InsecureTlsa | FailedTlsa | NoTlsa | DoubtfulTlsa


def dane_of(case: MxCase) -> DaneState | Unseen | NotApplicable:
    """Return the state of an MX host with addresses."""
    host = case.host
    if not has_addresses(host):
        return why_no_addresses(case)
    if not host.tlsa:
        detail = f"the TLSA records of {host.name} were not asked for"
        return Unseen(trouble=Trouble.NOT_ASKED, detail=detail)
    doubt = doubt_about(_lookups(host), case.run.resolvers)
    return _unbelieved(case, doubt) if doubt else _believed(case)


def the_tlsa(
    case: MxCase,
) -> SecureTlsa | InsecureTlsa | FailedTlsa | NoTlsa | Unseen | Unknown | NotApplicable:
    """Return the state, as the rules of DANE need it: unknown where nobody is believed on it."""
    state = dane_of(case)
    if not isinstance(state, DoubtfulTlsa):
        return state
    name = case.host.name
    message = (
        f"whether the TLSA records of {name} are DNSSEC-secure is not known: {state.doubt.why}"
        if state.seen
        else f"whether {name} has TLSA records is not known: the lookup failed, and"
        f" {state.doubt.why}"
    )
    return Unknown(message=message, remedy=state.doubt.remedy)


def the_secure_tlsa(case: MxCase) -> Tlsa | Unseen | Unknown | NotApplicable:
    """Return the records that senders use.

    Else the rule that owns the reason why there are none.
    """
    match the_tlsa(case):
        case SecureTlsa(tlsa=tlsa):
            return tlsa
        case InsecureTlsa():
            return not_secure()
        case FailedTlsa():
            return lookup_failed()
        case NoTlsa():
            return no_tlsa(case)
        case other:
            return other


def not_secure() -> NotApplicable:
    """Return why a rule about records that senders use has nothing to judge."""
    message = "senders ignore the TLSA records, which are not DNSSEC-secure"
    return Missing(message=message)


def lookup_failed() -> NotApplicable:
    """Return why a rule about records that were seen has nothing to judge."""
    return Missing(message="the TLSA lookup failed")


def no_tlsa(case: MxCase) -> NotApplicable:
    """Return why a rule about TLSA records has nothing to judge."""
    return Missing(message=f"{case.host.name} has no TLSA record")


def no_records(case: MxCase) -> Tlsa:
    """Return what is published for a host without TLSA records."""
    base, name = case.host.name, f"_{case.run.port}._tcp.{case.host.name}"
    return Tlsa(base=base, name=name, owner=name, line_owner=name, ttl=0, published=())


def is_mx_secure(case: MxCase) -> bool:
    """Return whether the MX answer that names the host is secure."""
    return security_of(case.domain.mx, case.run.resolvers) is Security.SECURE


def _unbelieved(case: MxCase, doubt: Doubt) -> DoubtfulTlsa | NoTlsa:
    host = case.host
    seen = tuple(_records(one, one.lookup) for one in host.tlsa if isinstance(one.lookup, Answer))
    failed = any(isinstance(one.lookup, Unseen) for one in host.tlsa)
    if seen or (failed and not _is_below_unsigned_zone(case)):
        return DoubtfulTlsa(seen=seen, doubt=doubt)
    return NoTlsa()


def _is_below_unsigned_zone(case: MxCase) -> bool:
    """Return whether signatures came for the root, but not for the host's addresses.

    Servers of unsigned zones fail at TLSA, those of Exchange Online for one (RFC 7672 2.2.2).
    """
    roots = [one.root_soa for one in case.run.resolvers]
    told = [root.signed for root in roots if not isinstance(root, Unseen)]
    addresses = _addresses(case.host)
    return bool(told) and all(told) and not any(one.signed or one.zone_unseen for one in addresses)


def _believed(case: MxCase) -> DaneState | Unseen:
    bases = _candidates(case)
    if not isinstance(bases, tuple):
        return bases
    for base in bases:
        one = _lookup_at(case.host, base)
        if isinstance(one.lookup, Unseen):
            return _failed(one, one.lookup)
        # RFC 7672 2.2.3: the first base domain with secure records is the one.
        if isinstance(one.lookup, Answer) and _is_secure(one.lookup, case):
            return SecureTlsa(tlsa=_records(one, one.lookup))
    return _without_secure(case, bases)


def _candidates(case: MxCase) -> tuple[str, ...] | FailedTlsa | Unseen:
    """Return the base domains that senders try, in their order (RFC 7672 2.2.2)."""
    host, addresses = case.host, _addresses(case.host)
    expanded = [one.owner for one in addresses if one.aliases]
    if all(_is_secure(one, case) for one in addresses):
        return tuple(dict.fromkeys((*expanded, host.name)))
    if not expanded:
        return ()
    if isinstance(host.alias, Unseen):
        if host.alias.trouble in _ABOUT_US:
            return host.alias
        return FailedTlsa(name=host.name, detail=host.alias.detail)
    return (host.name,) if _is_secure(host.alias, case) else ()


def _lookup_at(host: MxHost, base: str) -> TlsaLookup:
    unasked = TlsaLookup(base=base, name=base, lookup=NOT_ASKED)
    return next((one for one in host.tlsa if one.base == base), unasked)


def _failed(one: TlsaLookup, lookup: Unseen) -> FailedTlsa | Unseen:
    if lookup.trouble in _ABOUT_US:
        return lookup
    bogus = "it fails DNSSEC validation: " if is_bogus(lookup) else ""
    return FailedTlsa(name=one.name, detail=f"{bogus}{lookup.detail}")


def _without_secure(case: MxCase, bases: tuple[str, ...]) -> InsecureTlsa | NoTlsa:
    """Return what is left where no base domain has secure records."""
    tried = [one for one in case.host.tlsa if one.base in bases]
    for one in (*tried, *case.host.tlsa):
        if isinstance(one.lookup, Answer):
            address_secure = one.base in bases
            return InsecureTlsa(tlsa=_records(one, one.lookup), address_secure=address_secure)
    return NoTlsa()


def _records(one: TlsaLookup, answer: Answer) -> Tlsa:
    return Tlsa(
        base=one.base,
        name=one.name,
        owner=answer.owner,
        line_owner=answer.wildcard or answer.owner,
        ttl=max(answer.ttl, one.live.ttl if isinstance(one.live, Answer) else 0),
        published=parse_tlsa_records(answer),
    )


def _lookups(host: MxHost) -> tuple[Lookup, ...]:
    """Return all whose security has a say in whether the host's TLSA records count."""
    return (*_addresses(host), host.alias, *(one.lookup for one in host.tlsa))


def _addresses(host: MxHost) -> tuple[Answer, ...]:
    return tuple(one for one in (host.ipv4, host.ipv6) if isinstance(one, Answer))


def _is_secure(lookup: Lookup, case: MxCase) -> bool:
    return security_of(lookup, case.run.resolvers) is Security.SECURE
