"""Tell for each address family whether outbound port 25 is closed on this machine."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from types import MappingProxyType

from mxcheck.evidence.domain import Run
from mxcheck.evidence.outcome import NOT_TRIED, Trouble, Unseen
from mxcheck.evidence.overrides import OverrideKind
from mxcheck.evidence.reach import UNREACHED
from mxcheck.evidence.smtp import CanaryCall, Connection, Reply, Visit
from mxcheck.rules.base import Cause
from mxcheck.wire.address import ip_version, is_aside

DOCS: Mapping[Cause, str] = MappingProxyType({Cause.CLOSED_PORT: "docs/ci.md#port-25"})
"""The page of the documentation about each cause."""

EGRESS_REMEDY = (
    "Reach the MX hosts through a machine whose outbound TCP port 25 is open (--via), or run the"
    " check on one: a self-hosted runner, or at a provider who opens the port when asked; save what"
    " it saw with --save-evidence to judge it elsewhere. Here, --no-smtp checks what needs no port"
    " 25: DNS and policies. Hosted CI networks often close the port; that is not the MX's fault."
)
GATE_REMEDY = (
    "The machine of --via does not reach port 25 either: ask its provider to open outbound TCP port"
    " 25, see that its own firewall lets it out, or name another machine. Here, --no-smtp checks"
    " what needs no port 25: DNS and policies. That is not the MX's fault."
)


class Egress(Enum):
    """What the control hosts show about outbound port 25 in one address family."""

    OPEN = "a control host answered, or none was to be asked"
    CLOSED = "no control host answered either"
    UNTOLD = "the run ended before the control hosts had answered"


def egress(evidence: Run, family: int) -> Egress:
    """Return what the control hosts showed; they are asked only if no address was reached."""
    greetings = [call.greeting for call in evidence.canaries if call.family == family]
    if not greetings or any(isinstance(greeting, Reply) for greeting in greetings):
        return Egress.OPEN
    cut_off = any(isinstance(seen, Unseen) and seen.trouble in NOT_TRIED for seen in greetings)
    return Egress.UNTOLD if cut_off else Egress.CLOSED


def egress_remedy(*, through_way: bool) -> str:
    """Return what to do about a closed port 25: here, or at the machine of --via."""
    return GATE_REMEDY if through_way else EGRESS_REMEDY


def egress_note(evidence: Run, docs: str = "") -> str:
    """Say what was tried if port 25 is closed, what that leaves open, what to do; "" if not.

    `docs` is the URL in front of the path of the page about it, if that is known.
    """
    closed = [family for family in (4, 6) if egress(evidence, family) is Egress.CLOSED]
    if not closed:
        return ""
    families = " and ".join(f"IPv{family}" for family in closed)
    families += " through --via" * (evidence.via is not None)
    calls = [call for call in evidence.canaries if call.family in closed]
    asked = "; ".join(f"{', '.join(hosts)}: {why}" for why, hosts in by_reason(calls).items())
    return (
        f"{Cause.CLOSED_PORT} over {families}: no address of the checked domains could be reached,"
        f" and no control host either ({asked}). {_not_judged(evidence, closed)}"
        f"{egress_remedy(through_way=evidence.via is not None)}"
        f" More: {docs}{DOCS[Cause.CLOSED_PORT]}"
    )


def by_reason(calls: Sequence[CanaryCall]) -> dict[str, list[str]]:
    """Return the control hosts by the reason why they did not answer."""
    reasons: dict[str, dict[str, None]] = {}
    for call in calls:
        greeting = call.greeting
        why = greeting.detail if isinstance(greeting, Unseen) else str(greeting)
        reasons.setdefault(why, {})[call.host] = None
    return {why: list(hosts) for why, hosts in reasons.items()}


def _not_judged(evidence: Run, closed: Sequence[int]) -> str:
    """Count the addresses that were not judged for this reason; "" if there are none."""
    visits = list(_left_open(evidence, closed))
    hosts = {visit.host for visit in visits}
    # Of a host without a route to its other addresses, those are not judged for the same reason.
    visits += [one for one in evidence.visits if one.host in hosts and _lacks_route(one)]
    if not visits:
        return ""
    addresses = f"{len(visits)} address{'es' * (len(visits) > 1)}"
    of_hosts = f"{len(hosts)} MX host{'s' * (len(hosts) > 1)}"
    return f"Not judged for this reason: {addresses} of {of_hosts}. "


def _left_open(evidence: Run, closed: Sequence[int]) -> Iterator[Visit]:
    given = {one.name for one in evidence.overrides if one.kind is OverrideKind.CONNECT_TO}
    led = {
        host.name
        for domain in evidence.domains
        for host in domain.hosts
        if given & {*host.ipv4.overrides, *host.ipv6.overrides}
    }
    for visit in evidence.visits:
        connection = visit.connection
        if isinstance(connection, Connection) or ip_version(visit.address) not in closed:
            continue
        aside = visit.host in led and is_aside(visit.address, visit.port, evidence.port)
        if connection.trouble in {*UNREACHED, Trouble.GIVEN_UP} and not aside:
            yield visit


def _lacks_route(visit: Visit) -> bool:
    return isinstance(visit.connection, Unseen) and visit.connection.trouble is Trouble.NO_ROUTE
