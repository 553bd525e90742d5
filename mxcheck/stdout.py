"""Text for stdout and stderr, whatever stands at their other ends."""

import contextlib
import errno
import os
import sys


class StdoutError(OSError):
    """Stdout took no more, for another reason than a reader who has gone."""


def print_text(text: str) -> None:
    """Print a text, or raise StdoutError; a reader who has seen enough (`| head -1`) is no error.

    Characters that stdout's encoding lacks are written as escapes.
    """
    if sys.stdout is None:
        raise StdoutError(errno.EBADF, "stdout is closed")
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    printable = text.rstrip("\n").encode(encoding, "backslashreplace").decode(encoding)
    _write(f"{printable}\n")


def complain(text: str) -> None:
    """Print a text on stderr; where that is closed or full, the exit code alone must tell."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(text, file=sys.stderr, flush=True)  # noqa: T201 - as in _write


def flush() -> None:
    """Write out what is buffered."""
    if sys.stdout is not None:
        _write("")


def _write(text: str) -> None:
    try:
        print(text, end="", flush=True)  # noqa: T201 - this file is what prints
    except BrokenPipeError:
        _give_up()
    except OSError as error:
        _give_up()
        raise StdoutError(error.errno, f"stdout: {error.strerror}") from error


def _give_up() -> None:
    """Lead what is left in the buffer nowhere, or Python complains when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
