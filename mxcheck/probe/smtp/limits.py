"""How many visits go on at once, in the run, to one MX host, to one address, and for how long."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from mxcheck.probe.shares import too_slow
from mxcheck.probe.smtp.visit import HOST_AT_ONCE, HostState, Visitor
from mxcheck.probe.turnstile import FIRST, Rank, Turnstile, pausing_by


class Limits:
    """The limits of one run.

    An address has one visitor at a time, also if several MX names lead to it: a server that limits
    connections must not be blamed for our haste. A visitor that pauses before another try leaves
    its place in the run to others, and first tries go before second ones.
    """

    def __init__(self, concurrency: int) -> None:
        self._run = Turnstile(concurrency)
        self._addresses: dict[tuple[str, int], asyncio.Lock] = {}

    async def in_turn(
        self, visitor: Visitor, work: Callable[[], Awaitable[None]], rank: Rank = FIRST
    ) -> None:
        """Do some work of a visitor once every limit leaves room for it, as its host has time."""
        endpoint = visitor.plan.endpoint.address, visitor.plan.endpoint.port
        address = self._addresses.setdefault(endpoint, asyncio.Lock())
        async with visitor.host.slots, address:
            turn = _Turn(self._run, visitor.host)
            try:
                async with turn.kept(rank):
                    await work()
            except TimeoutError:
                if not turn.is_over:
                    raise
                late = f"the visits to {visitor.plan.endpoint.host}"
                visitor.end(too_slow(late, visitor.host.seconds))


class _Turn:
    """A place in the run, and the time of a host, which goes by while the place is kept."""

    def __init__(self, run: Turnstile, host: HostState) -> None:
        self._run, self._host = run, host
        self._loop = asyncio.get_running_loop()
        self._limit = asyncio.timeout(None)
        self._since: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether the host has no time left."""
        return self._limit.expired() or self._host.seconds_left <= 0

    @asynccontextmanager
    async def kept(self, rank: Rank) -> AsyncIterator[None]:
        """Keep the place for the block, but for its pauses; TimeoutError if the time is over."""
        async with self._limit:
            await self._take(rank)
            try:
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
        await self._run.enter(rank)
        self._since = self._loop.time()
        if self.is_over:
            raise TimeoutError
        self._limit.reschedule(self._since + self._host.seconds_left)

    def _leave(self) -> None:
        if self._since is not None:
            # So many visits go on at once: each uses up no more than its part of the host's time.
            self._host.seconds_left -= (self._loop.time() - self._since) / HOST_AT_ONCE
            self._since = None
            self._run.leave()
