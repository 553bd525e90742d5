"""How many visits go on at once (in the run, to an operator, a host, an address), and how long."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from mxcheck.probe.shares import too_slow
from mxcheck.probe.smtp.visit import HOST_AT_ONCE, HostState, Visitor
from mxcheck.probe.turnstile import FIRST, Rank, Turnstile, pausing_by


def operator_of(host: str) -> str:
    """Return the name of the operator of an MX host: the last two labels of the host name."""
    return ".".join(host.split(".")[-2:])


class Limits:
    """The limits of one run.

    An address has one visitor at a time, also if several MX names lead to it: a server that limits
    connections must not be blamed for our haste. A visitor that pauses before another try leaves
    its places in the run and at the operator to others, and first tries go before second ones.
    """

    def __init__(self, concurrency: int, per_operator: int) -> None:
        self._run = Turnstile(concurrency)
        self._per_operator = per_operator
        self._operators: dict[str, Turnstile] = {}
        self._addresses: dict[tuple[str, int], asyncio.Lock] = {}

    async def in_turn(
        self, visitor: Visitor, work: Callable[[], Awaitable[None]], rank: Rank = FIRST
    ) -> None:
        """Do some work of a visitor once every limit leaves room for it, as its host has time."""
        endpoint = visitor.plan.endpoint.address, visitor.plan.endpoint.port
        address = self._addresses.setdefault(endpoint, asyncio.Lock())
        async with visitor.host.slots, address:
            turn = _Turn(self._places(visitor.plan.endpoint.host), visitor.host)
            try:
                async with turn.kept(rank):
                    await work()
            except TimeoutError:
                if not turn.is_over:
                    raise
                late = f"the visits to {visitor.plan.endpoint.host}"
                visitor.end(too_slow(late, visitor.host.seconds))

    def _places(self, host: str) -> Sequence[Turnstile]:
        """Return where a place is needed; the run comes last, so that nobody keeps one in vain."""
        name = operator_of(host)
        if name not in self._operators:
            self._operators[name] = Turnstile(self._per_operator)
        return (self._operators[name], self._run)


class _Turn:
    """A place at each turnstile, and the time of a host, which goes by while these are kept."""

    def __init__(self, places: Sequence[Turnstile], host: HostState) -> None:
        self._places, self._host = places, host
        self._entered: list[Turnstile] = []
        self._loop = asyncio.get_running_loop()
        self._limit = asyncio.timeout(None)
        self._since: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether the host has no time left."""
        return self._limit.expired() or self._host.seconds_left <= 0

    @asynccontextmanager
    async def kept(self, rank: Rank) -> AsyncIterator[None]:
        """Keep the places for the block, but for its pauses; TimeoutError if the time is over."""
        async with self._limit:
            try:
                await self._take(rank)
                with pausing_by(self._pause):
                    yield
            finally:
                self._leave()

    async def _pause(self, seconds: float, tried: int) -> None:
        self._leave()
        self._limit.reschedule(None)
        await asyncio.sleep(seconds)
        await self._take((tried, 0))

    async def _take(self, rank: Rank) -> None:
        for place in self._places:
            await place.enter(rank)
            self._entered.append(place)
        self._since = self._loop.time()
        if self.is_over:
            raise TimeoutError
        self._limit.reschedule(self._since + self._host.seconds_left)

    def _leave(self) -> None:
        if self._since is not None:
            # So many visits go on at once: each uses up no more than its part of the host's time.
            self._host.seconds_left -= (self._loop.time() - self._since) / HOST_AT_ONCE
            self._since = None
        while self._entered:
            self._entered.pop().leave()
