"""The real program in a process of its own, forked from one that has imported it already.

Imports are most of what a short run costs, and hundreds of tests run the program. tests/console and
tests/e2e start it as users do.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from mxcheck.cli.main import main

Before: TypeAlias = Callable[[], None]
"""What is done in the new process before the program begins."""

TIMEOUT_SECONDS = 120
_OPENED = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["mxcheck.app", "mxcheck.cli.program", "typer._adapters", "tests.build", "tests.program"]
)


def run_program(
    *arguments: str,
    env: Mapping[str, str],
    cwd: Path,
    stdin: bytes = b"",
    before: Before | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `mxcheck` with arguments, in a folder and with no other environment than this one."""
    with tempfile.TemporaryDirectory(prefix="mxcheck-program-") as folder:
        streams = tuple(Path(folder) / name for name in ("stdin", "stdout", "stderr"))
        streams[0].write_bytes(stdin)
        given = (streams, arguments, dict(env), cwd, before)
        process = _FORKS.Process(target=_be_program, args=given)
        process.start()
        process.join(TIMEOUT_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
        _, out, err = (stream.read_text(encoding="utf-8") for stream in streams)
        assert process.exitcode is not None
        return subprocess.CompletedProcess(arguments, process.exitcode, out, err)


def _be_program(
    streams: tuple[Path, ...],
    arguments: tuple[str, ...],
    env: dict[str, str],
    cwd: Path,
    before: Before | None,
) -> None:
    for number, (stream, flags) in enumerate(zip(streams, _OPENED, strict=True)):
        os.dup2(os.open(stream, flags), number)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    if before:
        before()
    sys.argv = ["mxcheck", *arguments]
    with (
        open(0, encoding="utf-8", closefd=False) as sys.stdin,
        open(1, "w", encoding="utf-8", closefd=False) as sys.stdout,
        open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False) as sys.stderr,
    ):
        main()
