"""Time limits for other machines, which do not count delays of this machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_SLICES = 4
GRACE_SECONDS = 0.05
"""Extra time at the end, to read what has arrived already."""


def describe_limit(seconds: float, flag: str) -> str:
    """Return a time limit in words, with the flag that sets it, or "" if no flag does."""
    return f"{seconds:g} s ({flag})" if flag else f"{seconds:g} s"


@asynccontextmanager
async def time_budget(seconds: float) -> AsyncIterator[None]:
    """Raise TimeoutError after that time, as `asyncio.timeout` does.

    The time is counted in slices. If other work keeps the event loop busy, it handles its timers
    late, and also what servers sent meanwhile: such a delay then extends one slice only.
    """
    async with asyncio.timeout(None) as limit:
        clock = _Clock(limit, seconds / _SLICES)
        try:
            yield
        finally:
            clock.stop()


class _Clock:
    def __init__(self, limit: asyncio.Timeout, slice_seconds: float) -> None:
        self._limit = limit
        self._loop = asyncio.get_running_loop()
        self._slices = [GRACE_SECONDS, *[slice_seconds] * _SLICES]
        self._tick()

    def _tick(self) -> None:
        if self._slices:
            self._timer = self._loop.call_later(self._slices.pop(), self._tick)
        else:
            self._limit.reschedule(self._loop.time())

    def stop(self) -> None:
        """Stop counting."""
        self._timer.cancel()
