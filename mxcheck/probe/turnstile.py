"""A limit on what goes on at once, at which first tries go before second ones."""

import asyncio
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from itertools import count

Rank = tuple[int, int]
"""How often something was tried before, then whether it can wait; the lowest goes first."""
FIRST: Rank = (0, 0)
LATER: Rank = (0, 1)

Pause = Callable[[float, int], Awaitable[None]]
"""Waits some seconds before the try of that number; 1 is the first repetition."""
_pause = ContextVar[Pause]("pause")


class Turnstile:
    """A semaphore that lets the lowest rank in first, and of one rank the one that came first."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._arrivals = count()
        self._waiting: list[tuple[Rank, int, asyncio.Future[None]]] = []

    async def enter(self, rank: Rank = FIRST) -> None:
        """Take a place, and wait for one if there is none."""
        if self._free:
            self._free -= 1
            return
        place = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (rank, next(self._arrivals), place))
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        """Give a place back: whoever waits and is due takes it over."""
        while self._waiting:
            _, _, place = heapq.heappop(self._waiting)
            if not place.done():
                place.set_result(None)
                return
        self._free += 1

    @asynccontextmanager
    async def turn(self, rank: Rank = FIRST) -> AsyncIterator[None]:
        """Keep a place for the block."""
        await self.enter(rank)
        try:
            yield
        finally:
            self.leave()


@contextmanager
def pausing_by(pause_of_task: Pause) -> Iterator[None]:
    """Let `pause` do this in the current task, for the block."""
    token = _pause.set(pause_of_task)
    try:
        yield
    finally:
        _pause.reset(token)


async def pause(seconds: float, tried: int) -> None:
    """Wait before another try, and keep no place meanwhile that others could use."""
    own = _pause.get(None)
    await (own(seconds, tried) if own else asyncio.sleep(seconds))
