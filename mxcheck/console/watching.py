"""Progress of a run on stderr: a line that changes on a terminal, a few lines in a log."""

import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from mxcheck.config.output import Screen
from mxcheck.console.streams import complain
from mxcheck.probe.progress import (
    HEARTBEAT_SECONDS,
    Late,
    Progress,
    Stage,
    unconcerned,
    unwatched,
)
from mxcheck.report.escape import for_terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Whom to tell each change of the stage, and whom to tell it again every 30 seconds.

    `late` is told if the run will not end in time.
    """

    progress: Progress = unwatched
    heartbeat: Progress = unwatched
    late: Late = unconcerned


@contextmanager
def watch(screen: Screen, *, takes_long: bool = True) -> Iterator[Watcher]:
    """Yield a watcher, unless the run is quiet.

    A log, where every line stays, gets one line at the start and one every 30 seconds, if the run
    may take that long.
    """
    if screen.quiet or sys.stderr is None:
        yield Watcher()
    elif sys.stderr.isatty():
        with _status_line() as progress:
            yield Watcher(progress=progress, late=_warn)
    else:
        log = _Log()
        watcher = Watcher(progress=log.begin, heartbeat=log.go_on, late=_warn)
        yield watcher if takes_long else Watcher()


@contextmanager
def _status_line() -> Iterator[Progress]:
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it
    from rich.text import Text  # noqa: PLC0415

    with Console(stderr=True).status("starting") as status:
        yield lambda stage: status.update(Text(_words(stage), overflow="ellipsis", no_wrap=True))


@dataclass(slots=True)
class _Log:
    beats: int = 0
    begun: bool = False

    def begin(self, stage: Stage) -> None:
        """Print a line about the first stage."""
        if not self.begun:
            self.begun = True
            _say(f"mxcheck: {_words(stage)}")

    def go_on(self, stage: Stage) -> None:
        """Print a line about the stage that a run is in."""
        self.beats += 1
        _say(f"mxcheck: after {self.beats * HEARTBEAT_SECONDS} s: {_words(stage)}")


def _warn(estimate: float, deadline: float) -> None:
    _say(
        f"mxcheck: at this rate the run takes about {estimate:.0f} s, and --deadline ends it after"
        f" {deadline:g} s: what is not seen by then will be unknown"
    )


def _say(line: str) -> None:
    """Print a line, unless nobody drains stderr: a run does not wait for a reader of these."""
    if _takes_a_line(sys.stderr):
        complain(line)


def _takes_a_line(stream: TextIO) -> bool:
    try:
        poll = select.poll()
        poll.register(stream, select.POLLOUT)
    except (OSError, ValueError):  # not a file: nothing blocks
        return True
    return bool(poll.poll(0))


def _words(stage: Stage) -> str:
    words = f"{stage.name}: {stage.done} of {stage.total}"
    if not stage.waiting:
        return words
    more = ", …" if stage.total - stage.done > len(stage.waiting) else ""
    return f"{words}, waiting for {', '.join(map(for_terminal, stage.waiting))}{more}"
