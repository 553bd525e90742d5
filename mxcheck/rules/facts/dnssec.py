"""What DNSSEC makes of an answer, and why that may not be known (RFC 4033 5, RFC 4035 4.3).

mxcheck does not validate signatures itself: it believes the AD bit of a resolver that is trusted
and that shows, by setting the bit for the root, that it validates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mxcheck.evidence.dns import AskedResolver, Lookup, TrustedBy
from mxcheck.evidence.outcome import NOT_ASKED, OUR_OWN, Trouble, Unseen

_ANOTHER = (
    "Ask a resolver that validates, over a way that can be trusted: --resolver"
    " https://dns.quad9.net/dns-query or --resolver tls://9.9.9.9#dns.quad9.net"
)
VALIDATING_REMEDY = f"{_ANOTHER}. --trust-ad vouches for any other."
_LOOPBACK_REMEDY = (
    "If {name} is a resolver on this machine that validates itself (Unbound, BIND, Knot Resolver,"
    " PowerDNS Recursor), say so: `options trust-ad` in /etc/resolv.conf, which glibc wants for the"
    " same reason, or --trust-ad (`trust_ad = true` below `[probe]`). If not: {another}."
)
_FORWARDERS = {
    "127.0.0.11": "Docker's forwarder",
    "127.0.0.54": "the proxy of systemd-resolved",
}
"""Listeners on loopback that pass on answers as they came."""
_ZONE_REMEDY = (
    "Senders meet the same trouble: look at the zone that the change is for, for example with"
    " `delv +vtrace`, and run the check again."
)

# Not asked is a run that ended before that: it has its own words.
_DEAD = frozenset({Trouble.TIMEOUT, Trouble.RESOLVER, *OUR_OWN})


class Security(StrEnum):
    """The states of RFC 4033 5."""

    SECURE = "secure"
    INSECURE = "insecure"
    BOGUS = "bogus"
    INDETERMINATE = "indeterminate"


def security_of(lookup: Lookup, resolvers: Sequence[AskedResolver]) -> Security:
    """Return the state of what a lookup showed, as the resolvers of the run tell it."""
    if isinstance(lookup, Unseen):
        return Security.BOGUS if is_bogus(lookup) else Security.INDETERMINATE
    if why_not_believed(resolvers) or lookup.zone_unseen:
        return Security.INDETERMINATE
    return Security.SECURE if lookup.authenticated_data else Security.INSECURE


def is_bogus(seen: object) -> bool:
    """Return whether an answer was withheld because it fails validation (RFC 4035 5.5)."""
    return isinstance(seen, Unseen) and seen.trouble is Trouble.BOGUS


def why_not_believed(resolvers: Sequence[AskedResolver]) -> str:
    """Return why the resolvers' AD bit says nothing; empty if it does."""
    doubt = _doubt_about_resolvers(resolvers)
    return doubt.why if doubt else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why nobody can tell whether answers are secure, and what helps."""

    why: str
    remedy: str


def doubt_about(lookups: Iterable[Lookup], resolvers: Sequence[AskedResolver]) -> Doubt | None:
    """Return the doubt about any of these answers, the one about the resolvers first."""
    if doubt := _doubt_about_resolvers(resolvers):
        return doubt
    zones = [one.zone_unseen for one in lookups if not isinstance(one, Unseen)]
    unseen = next(filter(None, zones), "")
    return Doubt(why=unseen, remedy=_ZONE_REMEDY) if unseen else None


def _doubt_about_resolvers(resolvers: Sequence[AskedResolver]) -> Doubt | None:
    """Return the doubt about any of the resolvers: each of them may have given an answer."""
    doubts = filter(None, map(_doubt_about, resolvers))
    if doubt := next(doubts, None):
        return doubt
    if any(not _is_dead(one.root_soa) for one in resolvers):
        return None
    silent = [one.root_soa.detail for one in resolvers if isinstance(one.root_soa, Unseen)]
    why = f"no resolver showed that it validates: {(silent or [NOT_ASKED.detail])[0]}"
    return Doubt(why=why, remedy=VALIDATING_REMEDY)


def _doubt_about(resolver: AskedResolver) -> Doubt | None:
    name, root_soa = resolver.name, resolver.root_soa
    # One that is dead has answered nothing else either.
    if isinstance(root_soa, Unseen) and not _is_dead(root_soa):
        why = f"the resolver {name} did not show that it validates: {root_soa.detail}"
        return Doubt(why=why, remedy=VALIDATING_REMEDY)
    if not isinstance(root_soa, Unseen) and not root_soa.authenticated_data:
        why = f"the resolver {name} does not validate: it answers `. SOA` without the AD bit"
        return Doubt(why=why, remedy=VALIDATING_REMEDY)
    match resolver.trusted_by:
        case TrustedBy.NOTHING:
            why = (
                f"the resolver {name} is not trusted with DNSSEC, since anybody on the way to it"
                " could have set the AD bit"
            )
            return Doubt(why=why, remedy=VALIDATING_REMEDY)
        case TrustedBy.LOOPBACK:
            return _doubt_about_loopback(name)
        case _:
            return None


def _doubt_about_loopback(name: str) -> Doubt:
    if known := _FORWARDERS.get(name):
        why = f"the resolver {name}, {known}, passes on the AD bit of others, set by whomever"
        return Doubt(why=why, remedy=VALIDATING_REMEDY)
    why = (
        f"the resolver {name} is on this machine, but may be a forwarder that passes on the AD bit"
        " of others, set by whomever"
    )
    another = f"{_ANOTHER[:1].lower()}{_ANOTHER[1:]}"
    return Doubt(why=why, remedy=_LOOPBACK_REMEDY.format(name=name, another=another))


def _is_dead(root_soa: Lookup) -> bool:
    return isinstance(root_soa, Unseen) and root_soa.trouble in _DEAD
