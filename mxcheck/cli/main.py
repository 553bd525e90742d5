"""Console entry point: run the command, and return its exit code, whatever interrupts it.

Whoever interrupts the first tenth of a second is answered too: the rest is imported from here on.
"""

import gc
import signal
import sys

from mxcheck import __version__
from mxcheck.cli.guard import guard
from mxcheck.console.signals import hold_off, ignore_first_signal
from mxcheck.console.streams import complain, print_text
from mxcheck.model.exit_codes import EXIT_INTERRUPTED, EXIT_PASS

# Nearly all that is made until a run begins stays: Python would look through it 150 times.
_OBJECTS_BEFORE_COLLECTION = 10_000


def main() -> None:
    """Run the console command; it always ends by SystemExit."""
    code: int | str | None
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION)
    try:
        try:
            # A pipeline that cancels a job sends SIGTERM: it ends the run as Ctrl-C does.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            code = guard(_run)
        except SystemExit as ended:
            code = ended.code
        except KeyboardInterrupt:  # between two lines of `guard`
            code = EXIT_INTERRUPTED
        if code == EXIT_INTERRUPTED:
            with ignore_first_signal():
                complain("mxcheck: interrupted")
    except KeyboardInterrupt:  # another one on the way out
        code = EXIT_INTERRUPTED
    if code == EXIT_INTERRUPTED:
        # Python takes handlers away before it ends: one more signal would end the process in its
        # own way, and the exit code would be lost.
        hold_off()
    sys.exit(code)


def _run() -> int:
    if sys.argv[1:] == ["--version"]:
        print_text(f"mxcheck {__version__}")
        return EXIT_PASS
    from mxcheck.cli.program import run_command  # noqa: PLC0415 - half of the time of a short run

    return run_command()
