"""Where reports go: whole files or none, standard output, the screen."""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mxcheck.config.model import Color
from mxcheck.config.output import Screen
from mxcheck.probe.run import Progress
from mxcheck.stdout import print_text
from mxcheck.verdict import Verdict

STDOUT = "-"


def write_report(path: str, text: str) -> None:
    """Write a report whole, its parent folders made, or raise OSError and leave all as it was."""
    if path == STDOUT:
        print_text(text)
        return
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        # A pipe or a device, such as /dev/stderr, is written to, never put aside.
        target.write_text(text, encoding="utf-8")
    else:
        _write_whole(target, text.encode("utf-8"))


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
    from mxcheck.report.text import render_summary, render_text  # noqa: PLC0415 - one is used

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
