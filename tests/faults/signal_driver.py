"""Runs `mxcheck check` again and again, and sends it a signal at moments that its own calls define.

Each run is a process of its own, forked from this one, which has imported everything: so a run
takes a moment. The moments are the calls and returns of functions, told by name and number.
"""

import json
import os
import signal
import sys
import traceback
from collections import Counter
from functools import cache
from inspect import CO_GENERATOR
from pathlib import Path
from types import FrameType

from mxcheck.cli import main as cli

Moment = tuple[str, str, str, int]
"""`call` or `return`, the file, the function, and the how manieth time."""

GENERATOR = " (generator)"
"""Ends the name of a function that is one."""

WATCHED = ("mxcheck", "contextlib.py", "signal.py", "tempfile.py", "runners.py")


@cache
def _watched_name(file: str) -> str:
    """The end of a file's path, empty where it is not watched."""
    return "/".join(Path(file).parts[-2:]) if any(one in file for one in WATCHED) else ""


class Watch:
    """Writes down every moment, and sends a signal at one of them."""

    def __init__(self, moment: Moment | None, number: int) -> None:
        self.moment, self.number = moment, number
        self.seen: list[Moment] = []
        self.counts = Counter[tuple[str, str, str]]()

    def __call__(self, frame: FrameType, event: str, _argument: object) -> None:
        if event not in {"call", "return"}:
            return
        file = _watched_name(frame.f_code.co_filename)
        if not file:
            return
        generator = GENERATOR if frame.f_code.co_flags & CO_GENERATOR else ""
        key = (event, file, frame.f_code.co_name + generator)
        self.counts[key] += 1
        moment = (*key, self.counts[key])
        if self.moment is None:
            self.seen.append(moment)
        elif moment == self.moment:
            sys.setprofile(None)
            os.kill(os.getpid(), self.number)


def run(flags: list[str], folder: Path, moment: Moment | None, number: int) -> int:
    """One run in a process of its own; what it says goes to files in the folder."""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return os.waitstatus_to_exitcode(status)
    for stream, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), stream)
    sys.argv = ["mxcheck", "check", *flags]
    watch = Watch(moment, number)
    code = 255
    try:
        sys.setprofile(watch)
        cli.main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 254
    except BaseException:  # noqa: BLE001 - what a shell would show
        traceback.print_exc()
    finally:
        sys.setprofile(None)
        (folder / "moments").write_text(json.dumps(watch.seen))
        sys.stdout.flush()
        os._exit(code)
    raise AssertionError


def main() -> None:
    """Take a line of JSON for each run from stdin: flags, folder, moment, signal."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for line in sys.stdin:
        flags, folder, moment, number = json.loads(line)
        code = run(flags, Path(folder), moment and tuple(moment), number)
        sys.stdout.write(f"{code}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    from mxcheck import app  # noqa: F401 - what a run imports is not to be imported by each
    from mxcheck.cli import program  # noqa: F401
    from mxcheck.config import load  # noqa: F401

    main()
