"""Asks control hosts as soon as the first tries in an address family have reached nobody."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from mxcheck.evidence.outcome import NOT_TRIED, Trouble, Unseen
from mxcheck.evidence.reach import UNREACHED
from mxcheck.evidence.smtp import CanaryCall, Connection, Reply, Visit
from mxcheck.probe.smtp.notebook import PENDING
from mxcheck.wire.address import ip_version

GRACE_SECONDS = 10.0
"""Seconds from the first failure to the end of the visits: some trouble passes soon."""

ROUND_SECONDS = 1.0
"""What begins so soon after the connection that fails first belongs to the first tries too."""

AskFamily = Callable[[int], Awaitable[tuple[CanaryCall, ...]]]
"""Asks the control hosts in an address family, and returns their calls; none if there are none."""


@dataclass(slots=True)
class _Family:
    """What is known of one address family.

    `under_way` are the connections that are being opened, with the time when they began, `awaited`
    those of the first tries; `first_tries_over` is set if none of these is left. `control` asks the
    control hosts then. `limits` end the visits of the family.
    """

    under_way: dict[tuple[str, str], float] = field(default_factory=dict)
    awaited: set[tuple[str, str]] = field(default_factory=set)
    first_tries_over: asyncio.Event = field(default_factory=asyncio.Event)
    control: asyncio.Task[None] | None = None
    was_reached: bool = False
    is_closed: bool = False
    limits: list[asyncio.Timeout] = field(default_factory=list)


class EgressWatch:
    """Watches the connections of a run, and ends visits in a family that turns out to be closed.

    If the first tries reached nobody, the control hosts are asked while the visits go on. If none
    of them answers either, and still nobody was reached, further tries would only take time.
    """

    def __init__(
        self, ask: AskFamily, is_aside: Callable[[str, str], bool], tasks: asyncio.TaskGroup
    ) -> None:
        """Ask by `ask`, in tasks of a group; hosts and addresses that are aside tell nothing."""
        self._ask = ask
        self._is_aside = is_aside
        self._tasks = tasks
        self._families = {4: _Family(), 6: _Family()}

    def saw(self, visit: Visit) -> None:
        """Take notice of a connection that begins or has ended."""
        if self._is_aside(visit.host, visit.address):
            return
        number, key = ip_version(visit.address), (visit.host, visit.address)
        family, connection = self._families[number], visit.connection
        if connection is PENDING:
            family.under_way[key] = asyncio.get_running_loop().time()
            return
        begun = family.under_way.pop(key, 0)
        if isinstance(connection, Connection):
            family.was_reached = True
            return
        if family.control is None and connection.trouble in UNREACHED:
            family.control = self._tasks.create_task(self._control(number, begun))
        elif family.awaited:
            family.awaited.discard(key)
            if not family.awaited:
                family.first_tries_over.set()

    async def unless_closed(self, visit: Visit, work: Callable[[], Awaitable[None]]) -> bool:
        """Do the work of a visit; return False if its family turned out to be closed meanwhile."""
        family = self._families[ip_version(visit.address)]
        if self._is_aside(visit.host, visit.address):
            family = _Family()
        if family.is_closed:
            return False
        limit = asyncio.timeout(None)
        family.limits.append(limit)
        try:
            async with limit:
                await work()
        except TimeoutError:
            if not limit.expired():
                raise
            return False
        finally:
            family.limits.remove(limit)
        return True

    def cancel(self) -> None:
        """Stop watching."""
        for family in self._families.values():
            if family.control:
                family.control.cancel()

    async def _control(self, number: int, begun: float) -> None:
        """Wait for the end of the first tries, ask the control hosts, and end what is pointless.

        The one that failed first began at `begun`.
        """
        family, loop = self._families[number], asyncio.get_running_loop()
        soonest = loop.time() + GRACE_SECONDS
        await asyncio.sleep(0)  # a connection may fail at once, before those that begin with it
        last = begun + ROUND_SECONDS
        family.awaited = {key for key, since in family.under_way.items() if since <= last}
        if family.awaited:
            await family.first_tries_over.wait()
        if family.was_reached:
            return
        calls = await self._ask(number)
        await asyncio.sleep(soonest - loop.time())
        if calls and all(map(_is_silent, calls)):
            _close(family)


def _close(family: _Family) -> None:
    """End the visits of a family, unless one of its addresses was reached after all."""
    if family.was_reached:
        return
    family.is_closed = True
    for limit in family.limits:
        limit.reschedule(asyncio.get_running_loop().time())


def given_up(address: str) -> Unseen:
    """Return why a visit to an address was ended, or not begun."""
    detail = f"no control host answered over IPv{ip_version(address)} either"
    return Unseen(trouble=Trouble.GIVEN_UP, detail=detail)


def _is_silent(call: CanaryCall) -> bool:
    """Return whether a control host was asked, and did not answer."""
    greeting = call.greeting
    return not isinstance(greeting, Reply) and greeting.trouble not in NOT_TRIED
