"""Output of a run: reports in files and on stdout, the text report on the screen."""

import io
import os
import shutil
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from mxcheck.config.model import Color
from mxcheck.config.output import Screen
from mxcheck.console.report_file import open_place, write_through, write_whole
from mxcheck.console.signals import ignore_first_signal
from mxcheck.console.streams import print_pieces, print_text
from mxcheck.judge.verdict import Verdict

STDOUT = "-"

# Longer lines are hard to read; shorter ones would break every name.
_NARROWEST, _WIDEST = 40, 100


def write_report(path: str, text: Iterable[str]) -> None:
    """Write a report whole, its parent folders made, or raise OSError and leave all as it was.

    KeyboardInterrupt after a second signal: nobody may read what a pipe is waiting for.
    """
    if path == STDOUT:
        with ignore_first_signal():
            print_pieces(text)
        return
    with open_place(Path(path)) as place:
        if place.is_stream():
            with ignore_first_signal():
                write_through(place, _encoded(text))
        else:
            write_whole(place, _encoded(text))


def _encoded(text: Iterable[str]) -> Iterator[bytes]:
    return (piece.encode("utf-8") for piece in text)


def show(verdict: Verdict, screen: Screen) -> None:
    """Print the text report: in colour on a terminal, plain into a pipe; if quiet, its end."""
    from mxcheck.report.text.page import render_summary, render_text  # noqa: PLC0415 - one is used

    if screen.quiet:
        print_text(render_summary(verdict))
    elif _in_colour(screen):
        from rich.console import Console  # noqa: PLC0415 - a pipe does not need it

        from mxcheck.report.screen import render_rich  # noqa: PLC0415

        styled = io.StringIO()
        console = Console(file=styled, force_terminal=True, no_color=False, color_system="standard")
        text = render_rich(verdict, verbose=screen.verbose, width=_width())
        console.print(text, soft_wrap=True)
        print_text(styled.getvalue())
    else:
        print_pieces(render_text(verdict, verbose=screen.verbose, width=_width()))


def _width() -> int:
    """Return the columns of the text report: those of the terminal, if they are no more than 100.

    $COLUMNS counts as a terminal of that many; a pipe without it is 80 columns wide.
    """
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))


def _in_colour(screen: Screen) -> bool:
    if screen.color is not Color.AUTO:
        return screen.color is Color.ALWAYS
    if sys.stdout is None:
        return False
    return sys.stdout.isatty() or (screen.log_has_colors and _is_pipe(sys.stdout))


def _is_pipe(stream: TextIO) -> bool:
    """Return whether a stream leads to another program: the file of `> FILE` gets plain text."""
    try:
        mode = os.fstat(stream.fileno()).st_mode
    except (OSError, ValueError):  # closed, or no file at all
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
