"""What a run is doing at the moment, for whoever watches it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from math import inf
from typing import Protocol, TypeAlias

from mxcheck.probe.shares import Work, do_each

HEARTBEAT_SECONDS = 30
ESTIMATE_SECONDS, ESTIMATE_SHARE = 30.0, 0.1
"""How long a stage goes on before its end is estimated: seconds, or this share of the deadline."""
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


class Late(Protocol):
    """Is told once that a run will not end in time: how long it probably takes (s), and may."""

    def __call__(self, estimate: float, deadline: float) -> None:
        """Take notice of it."""


def unconcerned(estimate: float, deadline: float) -> None:
    """Do nothing: nobody wants to know."""


@dataclass(slots=True)
class Stages:
    """The stages of a run, one after the other; `progress` is told each change.

    If a stage goes on so slowly that the run will not end before the deadline, `late` is told once,
    as soon as that can be estimated.
    """

    progress: Progress
    late: Late = unconcerned
    deadline: float = inf
    current: Stage | None = None
    begun: float = 0.0
    is_late: bool = False

    async def do(self, name: str, work: Sequence[NamedWork], at_once: int) -> None:
        """Do every piece of work, so many at once, and count those that are done."""
        waiting = Counter(about for about, _ in work)
        clock = asyncio.get_running_loop().time
        began = clock()
        self.begun = self.begun or began
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
            self._estimate(began - self.begun, clock() - began, done / len(work))

        await do_each((partial(counted, about, one) for about, one in work), at_once)

    def _estimate(self, before: float, seconds: float, share: float) -> None:
        """Tell once if the run takes longer than it may; a stage has done that share so far."""
        estimate = before + seconds / share
        told = seconds >= min(ESTIMATE_SECONDS, self.deadline * ESTIMATE_SHARE)
        if told and estimate > self.deadline and not self.is_late:
            self.is_late = True
            self.late(estimate, self.deadline)

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
