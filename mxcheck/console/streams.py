"""Text for stdout and stderr, whatever reads from their other ends."""

import errno
import os
import re
import sys
from collections.abc import Iterable
from typing import TextIO

# Words of our own. All others pass through escape.py, which takes a while to import: too long for
# one who interrupts the start of a run, and perhaps again.
_OURS = re.compile(r"mxcheck: [a-z ]+")


_PIECE = 64 * 1024


class StdoutError(OSError):
    """Stdout took no more, for another reason than a reader who has gone."""


def print_text(text: str) -> None:
    """Print a text with a line feed at its end, as `print_pieces` does."""
    print_pieces([text])


def print_pieces(pieces: Iterable[str]) -> None:
    """Print a text that comes in pieces, or raise StdoutError.

    A reader who has seen enough (`| head -1`) is not an error. Characters that stdout's encoding
    lacks are written as escapes; the text ends with one line feed.
    """
    if sys.stdout is None:
        raise StdoutError(errno.EBADF, "stdout is closed")
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    held = ""
    for piece in pieces:
        held += piece
        if len(held) >= _PIECE:
            text = held.rstrip("\n")
            _write(text.encode(encoding, "backslashreplace").decode(encoding))
            held = held[len(text) :]
    text = held.rstrip("\n")
    _write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def complain(text: str) -> None:
    """Print a text on stderr, each of its lines made inert, whoever had a say in it.

    No secret of the environment is in it: a traceback may speak of one. Where stderr is closed or
    full, the exit code alone must tell.
    """
    if sys.stderr is None:
        return
    try:
        print(_inert(text), file=sys.stderr, flush=True)  # noqa: T201 - as in _write
    except OSError:
        _give_up(sys.stderr)
    except KeyboardInterrupt:  # nobody drains it
        _give_up(sys.stderr)
        raise


def _inert(text: str) -> str:
    if _OURS.fullmatch(text):
        return text
    from mxcheck.model.quoting import mask_environment  # noqa: PLC0415
    from mxcheck.report.escape import for_terminal  # noqa: PLC0415 - see _OURS

    return "\n".join(map(for_terminal, mask_environment(text, os.environ).split("\n")))


def flush() -> None:
    """Write out what is buffered."""
    if sys.stdout is not None:
        _write("")


def _write(text: str) -> None:
    try:
        print(text, end="", flush=True)  # noqa: T201 - this file is what prints
    except BrokenPipeError:
        _give_up(sys.stdout)
    except KeyboardInterrupt:  # nobody drains it
        _give_up(sys.stdout)
        raise
    except OSError as error:
        _give_up(sys.stdout)
        raise StdoutError(error.errno, f"stdout: {error.strerror}") from error


def _give_up(stream: TextIO) -> None:
    """Lead what is left in the buffer nowhere, or Python complains, or waits, when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
