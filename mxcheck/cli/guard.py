"""How a command ends: its exit code, also if it is refused, interrupted or meets a bug."""

import traceback
from collections.abc import Callable, Iterable

from mxcheck.console.streams import StdoutError, complain, flush
from mxcheck.model.exit_codes import EXIT_BUG, EXIT_INTERRUPTED, EXIT_USAGE

# Only a command that ends badly needs them.
# ruff: noqa: PLC0415


def guard(work: Callable[[], int]) -> int:
    """Return the exit code of some work, also where it ends in a bug or is interrupted."""
    try:
        code = work()
        flush()
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except StdoutError as error:
        return refuse([f"mxcheck: {error.strerror}"])
    except Exception:  # noqa: BLE001 - the one place that catches all: a bug must not look like 1
        _show_bug(traceback.format_exc().rstrip())
        return EXIT_BUG
    return code


def refuse(lines: Iterable[str]) -> int:
    """Print the faults of the configuration, one a line, and return the exit code of bad usage."""
    from mxcheck.report.escape import for_terminal

    for line in lines:
        complain(for_terminal(line))
    return EXIT_USAGE


def _show_bug(trace: str) -> None:
    """Print a traceback: the message of an exception may hold a server's words, or a password."""
    from mxcheck.model.quoting import mask_userinfo

    complain(mask_userinfo(trace))
