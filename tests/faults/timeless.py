"""An event loop in which nobody waits: where nothing else can happen, the clock jumps.

A server that is silent for a minute costs a moment, and a machine that is busy makes no healthy
server late. Only what one process holds, clients and servers both, can be run in it.
"""

import asyncio
import selectors
from collections.abc import Coroutine, Iterable
from typing import TypeVar

SETTLING = 0.02
"""Real seconds in which the kernel brings from socket to socket what is under way."""

ResultT = TypeVar("ResultT")


class _Selector(selectors.DefaultSelector):
    """Waits for sockets, but not for timers: those make `now` jump."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        ready = super().select(SETTLING)
        if not ready and timeout is None:
            return super().select(None)
        if not ready and timeout:
            self.now += timeout
        return ready


class TimelessLoop(asyncio.SelectorEventLoop):
    """A loop whose time is that of its selector."""

    def __init__(self) -> None:
        self._timer = _Selector()
        super().__init__(self._timer)

    def time(self) -> float:
        """Seconds since the loop began, as far as its timers know."""
        return self._timer.now

    def fall_behind(self, seconds: float) -> None:
        """Let time go by in which the loop does nothing, as where something keeps it busy."""
        self._timer.now += seconds


def side_by_side(
    work: Iterable[Coroutine[None, None, ResultT]], at_once: int = 24
) -> list[ResultT]:
    """What comes of several pieces of work, some of which always go on beside one another.

    More of them would flood the sockets of what they ask.
    """

    async def one(piece: Coroutine[None, None, ResultT], slots: asyncio.Semaphore) -> ResultT:
        async with slots:
            return await piece

    async def everything() -> list[ResultT]:
        slots = asyncio.Semaphore(at_once)
        return await asyncio.gather(*(one(piece, slots) for piece in work))

    return run_timeless(everything())


def ensure_none(problems: Iterable[str]) -> None:
    """Ensure that there is no problem; those that there are name their cells."""
    listed = list(problems)
    assert not listed, "\n".join(listed)


def run_timeless(work: Coroutine[None, None, ResultT]) -> ResultT:
    """Run some work in a loop of its own."""
    with asyncio.Runner(loop_factory=TimelessLoop) as runner:
        return runner.run(work)
