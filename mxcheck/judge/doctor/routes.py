"""Whether this machine has a way to the Internet in each address family."""

from collections.abc import Iterator

from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.surroundings import Route, Surroundings
from mxcheck.judge.doctor.finding import Finding, Weight

_IPV4 = 4
_REMEDY = {
    4: "Run the check on a machine with IPv4: most MX hosts have nothing else.",
    6: (
        "For the IPv6 addresses of MX hosts run the check on a machine with IPv6. Those of hosts"
        " that IPv4 reaches do not apply here; a host with IPv6 alone is unknown."
    ),
}


def check_routes(seen: Surroundings) -> Iterator[Finding]:
    """Judge the route of each family that is used."""
    for route in seen.routes:
        yield _finding(route, through_way=seen.way is not None)


def _finding(route: Route, *, through_way: bool) -> Finding:
    about = f"IPv{route.family}"
    local = route.local_address
    if not isinstance(local, Unseen):
        return Finding(about=about, weight=Weight.GOOD, seen=f"there is a route, from {local}")
    if through_way:
        words = f"{local.detail}; MX hosts are reached through --via"
        return Finding(about=about, weight=Weight.GOOD, seen=words)
    weight = Weight.OBSTACLE if route.family == _IPV4 else Weight.LIMIT
    return Finding(about=about, weight=weight, seen=local.detail, remedy=_REMEDY[route.family])
