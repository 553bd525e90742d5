"""Where reports go: whole files or none, standard output, the screen."""

import errno
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mxcheck.config.model import Color
from mxcheck.config.output import Screen
from mxcheck.console.signals import ignore_first_signal
from mxcheck.console.streams import print_text
from mxcheck.judge.verdict import Verdict
from mxcheck.probe.run import Progress

STDOUT = "-"


def write_report(path: str, text: str) -> None:
    """Write a report whole, its parent folders made, or raise OSError and leave all as it was.

    A reader who does not read can be waited for in vain: KeyboardInterrupt after a second signal.
    """
    if path == STDOUT:
        with ignore_first_signal():
            print_text(text)
        return
    target, data = Path(path), text.encode("utf-8")
    # What /dev/stdout leads to may have no path of its own.
    if target.exists() and not target.is_file():
        with ignore_first_signal():
            _write_through(target, data)
    else:
        _write_whole(target.resolve(), data)


def _write_through(path: Path, data: bytes) -> None:
    """Write to a pipe or a device, such as /dev/stderr, which is never put aside."""
    try:
        # Without O_NONBLOCK, opening a pipe waits until somebody reads it.
        handle = os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError as error:
        if error.errno == errno.ENXIO and path.is_fifo():
            raise OSError(error.errno, "is a pipe that nobody reads") from None
        raise
    try:
        os.set_blocking(handle, True)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
    finally:
        os.close(handle)


def _write_whole(path: Path, data: bytes) -> None:
    """Write to a file beside the target, then put it in the target's place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".mxcheck.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def show(verdict: Verdict, screen: Screen) -> None:
    """Print the text report: in colour on a terminal, plain into a pipe, one line if quiet."""
    from mxcheck.report.text.page import render_summary, render_text  # noqa: PLC0415 - one is used

    if screen.quiet:
        print_text(render_summary(verdict))
    elif _in_colour(screen.color):
        from rich.console import Console  # noqa: PLC0415 - a pipe does not need it

        from mxcheck.report.screen import render_rich  # noqa: PLC0415

        styled = io.StringIO()
        console = Console(file=styled, force_terminal=True, no_color=False, color_system="standard")
        console.print(render_rich(verdict, verbose=screen.verbose), soft_wrap=True)
        print_text(styled.getvalue())
    else:
        print_text(render_text(verdict, verbose=screen.verbose))


def _in_colour(color: Color) -> bool:
    if color is Color.AUTO:
        return sys.stdout is not None and sys.stdout.isatty()
    return color is Color.ALWAYS


@contextmanager
def progress_line(screen: Screen) -> Iterator[Progress]:
    """A line on stderr that says what is going on, on a terminal, unless the run is quiet."""
    if screen.quiet or sys.stderr is None or not sys.stderr.isatty():
        yield _no_progress
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs it

    with Console(stderr=True).status("starting") as status:

        def show_progress(stage: str, done: int, total: int) -> None:
            status.update(f"{stage}: {done} of {total}")

        yield show_progress


def _no_progress(_stage: str, _done: int, _total: int) -> None:
    """Nobody watches."""
