"""Time that is given to another machine: what this one is late by does not count."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_SLICES = 4
GRACE_SECONDS = 0.05
"""At the end, for what has arrived and was not looked at yet."""


def describe_limit(seconds: float, flag: str) -> str:
    """Return a time limit in words, with the flag that sets it, or "" if no flag does."""
    return f"{seconds:g} s ({flag})" if flag else f"{seconds:g} s"


@asynccontextmanager
async def time_budget(seconds: float) -> AsyncIterator[None]:
    """Like `asyncio.timeout`: TimeoutError after that time.

    It is counted in slices, each as long as it was meant to be: a loop that somebody else keeps
    busy comes to its timers late, and to what servers said meanwhile too.
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
        """Count no longer."""
        self._timer.cancel()
