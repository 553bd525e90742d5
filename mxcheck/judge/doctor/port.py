"""Whether outbound port 25 is open, as the control hosts show."""

from collections.abc import Iterator, Sequence

from mxcheck.evidence.outcome import NOT_TRIED, Unseen
from mxcheck.evidence.smtp import CanaryCall, Reply
from mxcheck.evidence.surroundings import Surroundings
from mxcheck.judge.doctor.finding import Finding, Weight
from mxcheck.rules.base import Cause
from mxcheck.rules.facts.egress import DOCS, by_reason, egress_remedy

_BY_ADDRESS = "Repair the resolver first, or name a control host by its address with --canary."
_NAME_ONE = "Name one with --canary, without `none`; the default ones are for port 25."


def check_port(seen: Surroundings) -> Iterator[Finding]:
    """Judge each family in which control hosts were asked."""
    families = sorted({call.family for call in seen.canaries})
    for family in families:
        calls = [call for call in seen.canaries if call.family == family]
        yield _finding(f"port {seen.port}, IPv{family}", calls, through_way=seen.way is not None)
    if not families and _could_be_asked(seen):
        words = "no control host is named that would show whether it is open"
        yield Finding(about=f"port {seen.port}", weight=Weight.LIMIT, seen=words, remedy=_NAME_ONE)


def _could_be_asked(seen: Surroundings) -> bool:
    """Return whether another check does not say already why none was asked."""
    is_open = seen.way is None or seen.way.trouble is None
    routed = any(not isinstance(route.local_address, Unseen) for route in seen.routes)
    return is_open and (routed or seen.way is not None) and not isinstance(seen.resolvers, Unseen)


def _finding(about: str, calls: Sequence[CanaryCall], *, through_way: bool) -> Finding:
    answered = [call.host for call in calls if isinstance(call.greeting, Reply)]
    if answered:
        words = f"{' and '.join(answered)} answered"
        return Finding(about=about, weight=Weight.GOOD, seen=words)
    if not any(call.address for call in calls):
        words = "it is not known whether it is open: no control host could be looked up"
        return Finding(about=about, weight=Weight.OBSTACLE, seen=words, remedy=_BY_ADDRESS)
    asked = "; ".join(f"{', '.join(hosts)}: {why}" for why, hosts in by_reason(calls).items())
    troubles = {call.greeting.trouble for call in calls if isinstance(call.greeting, Unseen)}
    if troubles & NOT_TRIED:
        words = f"it is not known whether it is open ({asked})"
        return Finding(about=about, weight=Weight.OBSTACLE, seen=words, remedy="Run it again.")
    remedy = f"{egress_remedy(through_way=through_way)} More: {DOCS[Cause.CLOSED_PORT]}"
    words = f"it looks closed: no control host answered ({asked})"
    return Finding(about=about, weight=Weight.OBSTACLE, seen=words, remedy=remedy)
