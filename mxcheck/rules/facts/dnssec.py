"""What DNSSEC makes of an answer, and why that may not be known (RFC 4033 5, RFC 4035 4.3).

mxcheck does not validate signatures itself: it believes the AD bit of a resolver that is trusted
and that shows, by setting the bit for the root, that it validates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mxcheck.evidence.dns import AskedResolver, Lookup, TrustedBy
from mxcheck.evidence.outcome import NOT_ASKED, OUR_OWN, Trouble, Unseen

VALIDATING_REMEDY = (
    "Ask a resolver that validates, on a way that can be trusted: --resolver"
    " https://dns.quad9.net/dns-query, --resolver tls://9.9.9.9#dns.quad9.net, or a validating"
    " resolver on this machine (--resolver 127.0.0.1). --trust-ad vouches for any other."
)
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
    """Why the resolvers' AD bit says nothing; empty where it does."""
    for resolver in resolvers:
        if resolver.trusted_by is TrustedBy.NOTHING:
            return (
                f"the resolver {resolver.name} is not trusted with DNSSEC, since anybody on the way"
                " to it could have set the AD bit"
            )
    # One that is dead has answered nothing else either.
    answered = [one for one in resolvers if not _is_dead(one.root_soa)]
    for resolver in answered:
        if isinstance(resolver.root_soa, Unseen):
            return (
                f"the resolver {resolver.name} did not show that it validates:"
                f" {resolver.root_soa.detail}"
            )
        if not _has_ad(resolver.root_soa):
            return (
                f"the resolver {resolver.name} does not validate: it answers `. SOA` without the"
                " AD bit"
            )
    if answered:
        return ""
    silent = [one.root_soa.detail for one in resolvers if isinstance(one.root_soa, Unseen)]
    return f"no resolver showed that it validates: {(silent or [NOT_ASKED.detail])[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why it cannot be told whether answers are secure, and what helps."""

    why: str
    remedy: str


def doubt_about(lookups: Iterable[Lookup], resolvers: Sequence[AskedResolver]) -> Doubt | None:
    """The doubt about any of these answers, the one about the resolvers first."""
    unbelieved = why_not_believed(resolvers)
    if unbelieved:
        return Doubt(why=unbelieved, remedy=VALIDATING_REMEDY)
    zones = [one.zone_unseen for one in lookups if not isinstance(one, Unseen)]
    unseen = next(filter(None, zones), "")
    return Doubt(why=unseen, remedy=_ZONE_REMEDY) if unseen else None


def _is_dead(root_soa: Lookup) -> bool:
    return isinstance(root_soa, Unseen) and root_soa.trouble in _DEAD


def _has_ad(lookup: Lookup) -> bool:
    return not isinstance(lookup, Unseen) and lookup.authenticated_data
