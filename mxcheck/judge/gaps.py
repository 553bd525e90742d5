"""What a run set out to ask and did not: for its own reasons, not for those of servers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType

from mxcheck.evidence.domain import Run
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.reach import unreached_families
from mxcheck.evidence.smtp import Connection, Visit
from mxcheck.rules.facts.egress import Egress, egress, egress_note
from mxcheck.wire.address import ip_version

_OF_CONNECTIONS = MappingProxyType(
    {
        Trouble.GIVEN_UP: "not visited, because outbound port 25 looks closed here",
        Trouble.WAY_BROKEN: "not visited, because the way out (--via) ended during the run",
        Trouble.OWN_LIMIT: "not visited, because this machine had no room for connections",
        Trouble.DEADLINE: "not visited in time (--deadline)",
    }
)
_OF_LOOKUPS = MappingProxyType(
    {
        Trouble.RESOLVER: "not looked up, because no resolver could be talked to",
        Trouble.DEADLINE: "not looked up in time (--deadline)",
    }
)


def gaps(run: Run, docs: str = "") -> Iterator[str]:
    """Yield each thing that a run was kept from asking, with the cause; nothing if it asked all.

    `docs` is the URL in front of the path of a page of the documentation.
    """
    if run.interrupted:
        yield "the run was interrupted: what was not seen by then is unknown"
    if run.deadline_passed:
        yield "the run's deadline passed: what was not seen by then is unknown (--deadline)"
    shut = set(_shut_families(run))
    if any(egress(run, family) is Egress.CLOSED for family in shut):
        yield egress_note(run, docs)
    if any(egress(run, family) is Egress.UNTOLD for family in shut):
        yield f"whether outbound port 25 is open here is not known: {Egress.UNTOLD.value}"
    yield from _counted("domains", _OF_LOOKUPS, [_trouble(one.mx) for one in run.domains])
    troubles = [_trouble(visit.connection) for visit in run.visits]
    yield from _counted("addresses of MX hosts", _OF_CONNECTIONS, troubles)
    if hosts := _without_route(run.visits):
        yield f"MX hosts not visited, because this machine has no route to them: {len(hosts)}"


def _shut_families(run: Run) -> Iterator[int]:
    """Yield the address families in which nobody was reached."""
    given_up = {
        ip_version(visit.address)
        for visit in run.visits
        if _trouble(visit.connection) is Trouble.GIVEN_UP
    }
    yield from sorted({*unreached_families(run.visits), *given_up})


def _trouble(seen: object) -> Trouble | None:
    return seen.trouble if isinstance(seen, Unseen) else None


def _counted(
    what: str, words: MappingProxyType[Trouble, str], troubles: Sequence[Trouble | None]
) -> Iterator[str]:
    numbers = Counter(troubles)
    for trouble, why in words.items():
        if numbers[trouble]:
            yield f"{what} {why}: {numbers[trouble]} of {len(troubles)}"


def _without_route(visits: Iterable[Visit]) -> set[str]:
    """Return the MX hosts to which a route is missing, and that were not reached by another."""
    reached: set[str] = set()
    missing: set[str] = set()
    for visit in visits:
        if isinstance(visit.connection, Connection):
            reached.add(visit.host)
        elif visit.connection.trouble is Trouble.NO_ROUTE:
            missing.add(visit.host)
    return missing - reached
