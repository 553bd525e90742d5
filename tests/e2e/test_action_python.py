"""Which Python the Action runs on: the one that is named, the runner's own, or a new one."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.acting import ROOT, SETUP_PYTHON, Act, stand_in, write_workflow
from tests.e2e.mail import HEALTHY, NOWHERE, serve

NAMES = ("python3", "python3.14", "python3.13", "python3.12", "python3.11")
REAL = f'exec {sys.executable} "$@"'
SHIM = "echo 'no such version is installed' >&2; exit 127"
OLD = "exit 0"  # What find-python runs prints nothing on a Python that is too old.


def put(folder: Path, commands: Mapping[str, str]) -> Path:
    """Make a folder of commands."""
    folder.mkdir()
    for name, script in commands.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return folder


def find_python(folder: Path, *arguments: str) -> str:
    """What tools/find-python prints where a folder comes before the rest of the PATH."""
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    command = ("bash", str(ROOT / "tools/find-python"), *arguments)
    result = subprocess.run(
        command, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True
    )
    return result.stdout


@pytest.mark.parametrize(
    ("commands", "arguments", "found"),
    [
        ({"python3": REAL}, (), True),
        ({"python3": OLD, "python3.14": SHIM, "python3.13": REAL}, (), True),
        ({"python3": SHIM, "python3.14": SHIM, "python3.13": SHIM, "python3.12": REAL}, (), True),
        (dict.fromkeys(NAMES, OLD), (), False),
        (dict.fromkeys(NAMES, SHIM), (), False),
        ({"python3": OLD, "mine": REAL}, ("mine",), True),
        ({"python3": REAL, "mine": OLD}, ("mine",), False),
        ({"python3": REAL}, ("no-such-python",), False),
        ({"python3": REAL}, ("",), True),
    ],
)
def test_the_first_python_that_is_new_enough(
    tmp_path: Path, commands: Mapping[str, str], arguments: tuple[str, ...], *, found: bool
) -> None:
    printed = find_python(put(tmp_path / "bin", commands), *arguments)
    assert printed == (f"{sys.executable}\n" if found else "")


STEP = {"id": "mx", "uses": "./", "with": {"domains": HEALTHY}}


async def test_a_runner_without_one_gets_one(act: Act, tmp_path: Path) -> None:
    shims = put(tmp_path / "bin", dict.fromkeys(NAMES, SHIM))
    async with serve(tmp_path) as mail:
        runner = replace(act, variables=mail.variables, path=(*act.path, shims))
        log = await runner.run(write_workflow(tmp_path, STEP))
    assert '"python-version": "3.13"' in log.printed("given"), str(log)
    assert '"update-environment": "false"' in log.printed("given")
    assert log.outputs("mx")["verdict"] == "pass"


async def test_a_runner_that_cannot_get_one_is_told(act: Act, tmp_path: Path) -> None:
    shims = put(tmp_path / "bin", dict.fromkeys(NAMES, SHIM))
    broken = tmp_path / "broken"
    stand_in(broken, "setup-python", ["python-version", "update-environment"], "exit 1")
    actions = {**act.actions, SETUP_PYTHON: broken}
    runner = replace(act, variables=NOWHERE.variables, path=(*act.path, shims), actions=actions)
    log = await runner.run(write_workflow(tmp_path, STEP))
    assert log.outputs("mx")["exit-code"] == "2", str(log)
    [error] = log.annotations()
    assert error.arg.startswith("mxcheck needs Python 3.11 or later, and found none")


async def test_one_that_is_named_is_never_replaced(act: Act, tmp_path: Path) -> None:
    step = {**STEP, "with": {"domains": HEALTHY, "python": "no-such-python"}}
    log = await replace(act, variables=NOWHERE.variables).run(write_workflow(tmp_path, step))
    assert "given setup-python" not in str(log)
    assert log.outputs("mx")["exit-code"] == "2", str(log)
    assert len(log.annotations()) == 1


async def test_the_variant_without_setup_python_never_names_it(act: Act, tmp_path: Path) -> None:
    without = replace(act, actions={})  # act would have to fetch it
    async with serve(tmp_path) as mail:
        step = {"id": "mx", "uses": "./without-setup-python", "with": {"domains": HEALTHY}}
        log = await replace(without, variables=mail.variables).run(write_workflow(tmp_path, step))
    assert log.outputs("mx")["verdict"] == "pass", str(log)
    assert "setup-python@" not in str(log)
