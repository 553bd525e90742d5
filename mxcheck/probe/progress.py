"""What a run is doing at the moment, for whoever watches it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeAlias

from mxcheck.probe.shares import Work, do_each

HEARTBEAT_SECONDS = 30
_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of a run: how much of it is done, and the first of what is waited for."""

    name: str
    done: int = 0
    total: int
    waiting: tuple[str, ...] = ()


Progress: TypeAlias = Callable[[Stage], None]
NamedWork: TypeAlias = tuple[str, Work]
"""A piece of work, and the name of the host or domain that it is about."""


def unwatched(_stage: Stage) -> None:
    """Do nothing: nobody watches."""


@dataclass(slots=True)
class Stages:
    """The stages of a run, one after the other; `progress` is told each change."""

    progress: Progress
    current: Stage | None = None

    async def do(self, name: str, work: Sequence[NamedWork], at_once: int) -> None:
        """Do every piece of work, so many at once, and count those that are done."""
        waiting = Counter(about for about, _ in work)
        self._tell(name, 0, len(work), waiting)
        done = 0

        async def counted(about: str, one: Work) -> None:
            nonlocal done
            await one()
            done += 1
            waiting[about] -= 1
            if not waiting[about]:
                del waiting[about]
            self._tell(name, done, len(work), waiting)

        await do_each((partial(counted, about, one) for about, one in work), at_once)

    def wait_for(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        """Tell which of some tasks are not done, by their names, if any is not."""
        left = Counter(task.get_name() for task in tasks if not task.done())
        if left:
            self._tell("waiting", len(tasks) - len(left), len(tasks), left)

    @contextmanager
    def repeated(self, heartbeat: Progress) -> Iterator[None]:
        """Tell the stage again every HEARTBEAT_SECONDS, until the block ends."""
        loop = asyncio.get_running_loop()
        timer: asyncio.TimerHandle

        def beat() -> None:
            nonlocal timer
            timer = loop.call_later(HEARTBEAT_SECONDS, beat)
            if self.current:
                heartbeat(self.current)

        timer = loop.call_later(HEARTBEAT_SECONDS, beat)
        try:
            yield
        finally:
            timer.cancel()

    def _tell(self, name: str, done: int, total: int, waiting: Counter[str]) -> None:
        named = tuple(islice(waiting, _NAMED))
        self.current = Stage(name=name, done=done, total=total, waiting=named)
        self.progress(self.current)
