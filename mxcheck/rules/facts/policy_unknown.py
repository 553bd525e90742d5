"""Why it is not known whether senders get an MTA-STS policy, and what to do to know it."""

from mxcheck.evidence.outcome import OUR_OWN, Trouble
from mxcheck.rules.base import Unknown
from mxcheck.rules.facts.policy_fetch import AddressState, SeenFetch
from mxcheck.rules.remedies.lookup import lookup_remedy

_BOTH_FAMILIES = "Run the check on a machine that has both IPv4 and IPv6, without -4 and -6."
_OF_OUR_RESOLVER = OUR_OWN | {Trouble.RESOLVER, Trouble.DNS_REFUSED}


def why_fetch_unknown(seen: SeenFetch) -> Unknown | None:
    """Return what was not seen and may be wrong; None if enough was seen to judge the fetch."""
    if not seen.addresses:
        return _without_address(seen)
    if seen.failing:
        return None
    not_asked = seen.of(AddressState.NOT_ASKED)
    if not_asked:
        return _not_fetched(seen.named(not_asked), not_asked[0].advice)
    if seen.left_out:
        listed = ", ".join(seen.left_out)
        detail = f"{seen.host} has more addresses than are asked, so that these were not: {listed}"
        return _not_fetched(detail, "Raise --max-addresses.")
    if seen.of(AddressState.READ):
        return None
    if seen.lost:
        return _not_fetched(seen.lost[0].detail, lookup_remedy(seen.lost[0]))
    return _not_fetched(seen.named(seen.addresses), _BOTH_FAMILIES)


def _without_address(seen: SeenFetch) -> Unknown | None:
    lost = [one for one in seen.lost if one.trouble in _OF_OUR_RESOLVER]
    if not lost or len(lost) < len(seen.lost):
        return None
    return _not_fetched(lost[0].detail, lookup_remedy(lost[0]))


def _not_fetched(detail: str, remedy: str) -> Unknown:
    return Unknown(message=f"the MTA-STS policy was not fetched: {detail}", remedy=remedy)
