"""The real program, but for its probe: that comes back at once, with a healthy domain."""

import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from mxcheck.evidence.domain import Run
from mxcheck.probe.progress import Stage
from mxcheck.probe.run import ProbeRun
from tests.build import evidence_of

ROOT = Path(__file__).parents[1]
MX_ALONE = ("check", "example.com", "--select", "mx-missing")

_PROGRESS = re.compile(r"mxcheck: (after \d+ s: )?(looking|visiting|asking|waiting)\b")

_PROGRAM = """
import sys
from mxcheck.cli import main as cli
if "check" in sys.argv:
    from tests.seen import come_back_at_once
    come_back_at_once()
cli.main()
"""


def come_back_at_once() -> None:
    """Let the probe of this process return a healthy domain without a look."""

    def gather(run: ProbeRun) -> Run:
        run.progress(Stage(name="looking up domains", total=1))
        return evidence_of()

    ProbeRun.gather = gather  # type: ignore[method-assign, assignment]


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-c", _PROGRAM, *arguments]


def environment(**more: str) -> dict[str, str]:
    """The environment, without what would change colours or flags."""
    ours = ("MXCHECK_", "NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "PYTHON")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"TERM": "xterm"} | more


def complaints(err: str) -> list[str]:
    """The lines of stderr that are not about the progress of a run."""
    return [line for line in err.splitlines() if not _PROGRESS.match(line)]


def run_shell(
    arguments: tuple[str, ...], redirections: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run the program as a shell does, with its redirections."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirections}', "sh", *program(*arguments)],
        cwd=ROOT,
        env=environment(**more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def run_on_terminals(*arguments: str, **more: str) -> tuple[str, str]:
    """What the program prints to two terminals, one for stdout and one for stderr."""
    (out, stdout), (err, stderr) = pty.openpty(), pty.openpty()
    texts: dict[int, str] = {}

    def keep(terminal: int) -> Callable[[], None]:
        return lambda: texts.update({terminal: _read(terminal)})

    with subprocess.Popen(
        program(*arguments), cwd=ROOT, env=environment(**more), stdout=stdout, stderr=stderr
    ):
        os.close(stdout)
        os.close(stderr)
        readers = [threading.Thread(target=keep(terminal)) for terminal in (out, err)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    return texts[out], texts[err]


def _read(terminal: int) -> str:
    """All that comes until the other end is closed, which Linux says by EIO."""
    data = b""
    try:
        while more := os.read(terminal, 4096):
            data += more
    except OSError:
        pass
    os.close(terminal)
    return data.decode()
