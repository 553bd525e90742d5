"""The step of the Action by itself, run as a runner runs it."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Mapping
from pathlib import Path

from tests.e2e.mail import HEALTHY, Mail

NOTHING = {
    "verdict": "unknown",
    "failed": "0",
    "warnings": "0",
    "unknown": "0",
    "failed-domains": "",
}
"""The outputs of a step that judged nothing, but for its exit code."""


async def start(folder: Path, clone: Path, mail: Mail, more: Mapping[str, str]) -> Process:
    """Start the step in a folder; its own files go to `runner` there."""
    runner = folder / "runner"
    (runner / "temp").mkdir(parents=True, exist_ok=True)
    files = {"GITHUB_OUTPUT": runner / "output", "GITHUB_STEP_SUMMARY": runner / "summary"}
    given = {
        **mail.variables,
        **{name: str(path) for name, path in files.items()},
        "RUNNER_TEMP": str(runner / "temp"),
        "ACTION_PATH": str(clone),
        "PYTHON": sys.executable,
        "ANNOTATIONS": "true",
        "SUMMARY": "true",
        "GIVEN_DOMAINS": HEALTHY,
        "GIVEN_JUNIT_XML": "junit.xml",
    }
    command = ("bash", str(clone / "tools/action-run"))
    environment = {**os.environ, **given, **more}
    return await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment, stdout=PIPE, stderr=STDOUT
    )


async def finish(folder: Path, process: Process) -> tuple[str, dict[str, str]]:
    """Wait for the step; return what it printed, and its outputs."""
    printed, _ = await process.communicate()
    lines = (folder / "runner/output").read_text().splitlines()
    return printed.decode(), dict(line.split("=", 1) for line in lines)
