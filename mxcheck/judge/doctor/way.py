"""Whether the way out (`--via`) can be opened."""

from collections.abc import Iterator

from mxcheck.evidence.surroundings import Surroundings
from mxcheck.judge.doctor.finding import Finding, Weight


def check_way(seen: Surroundings) -> Iterator[Finding]:
    """Judge the way out, if one was named."""
    if seen.way is None:
        return
    if seen.way.trouble is None:
        yield Finding(about="--via", weight=Weight.GOOD, seen=f"{seen.way.name} is open")
        return
    yield Finding(
        about="--via",
        weight=Weight.OBSTACLE,
        seen=f"{seen.way.name} cannot be opened: {seen.way.trouble.detail}",
        remedy="Repair that, or leave --via out where port 25 is open.",
    )
