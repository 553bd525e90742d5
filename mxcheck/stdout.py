"""Text for stdout, whatever stands at its other end."""

import os
import sys


def print_text(text: str) -> None:
    """Print a text; a reader who has seen enough (`| head -1`) is no error.

    Characters that stdout's encoding lacks are written as escapes.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    printable = text.rstrip("\n").encode(encoding, "backslashreplace").decode(encoding)
    _write(f"{printable}\n")


def flush() -> None:
    """Write out what is buffered."""
    _write("")


def _write(text: str) -> None:
    try:
        print(text, end="", flush=True)  # noqa: T201 - the one place that prints to stdout
    except BrokenPipeError:
        # What is left in the buffer goes nowhere, or Python complains when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
