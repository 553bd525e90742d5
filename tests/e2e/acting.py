"""act: the workflows that it runs, the stand-ins for other people's actions, and what it logs."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel, Field, TypeAdapter
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SETUP_PYTHON = re.findall(r"actions/setup-python@\w+", (ROOT / "action.yml").read_text())[0]
ON_THIS_MACHINE = ("ubuntu-latest=-self-hosted", "self-hosted=-self-hosted")

Step: TypeAlias = Mapping[str, object]


class Record(BaseModel):
    """One line of act's log, as far as tests ask for it."""

    msg: str
    command: str = ""
    name: str = ""
    arg: str = ""
    content: str = ""
    job: str = ""
    step_id: tuple[str, ...] = Field((), alias="stepID")
    result: str = Field("", alias="stepResult")
    job_result: str = Field("", alias="jobResult")
    properties: dict[str, str] = Field({}, alias="kvPairs")


@dataclass(frozen=True, slots=True)
class Log:
    """What act said of a run."""

    records: tuple[Record, ...]

    def __str__(self) -> str:
        """The whole of it, for an assertion that fails."""
        return "\n".join(record.msg.rstrip() for record in self.records)

    def outputs(self, step: str, job: str = "") -> dict[str, str]:
        """The outputs of a step, as the steps after it see them."""
        return {
            record.name: record.arg
            for record in self.records
            if record.command == "set-output" and record.step_id == (step,) and job in record.job
        }

    def outcome(self, step: str) -> str:
        """How a step ended, whatever continue-on-error made of it."""
        results = [record.result for record in self.records if record.step_id == (step,)]
        return next(filter(None, results), "not run")

    def jobs(self) -> dict[str, str]:
        """How each job ended."""
        return {record.job: record.job_result for record in self.records if record.job_result}

    def annotations(self, kind: str = "error") -> list[Record]:
        """The workflow commands of a kind that act obeyed."""
        return [record for record in self.records if record.command == kind]

    def summary(self) -> str:
        """The job's summary."""
        return "".join(record.content for record in self.records if record.command == "summary")

    def all_printed(self, word: str) -> list[str]:
        """What followed a word at the beginning of the lines that steps printed."""
        found = [record.msg for record in self.records if record.msg.startswith(f"{word} ")]
        return [line.removeprefix(f"{word} ").strip() for line in found]

    def printed(self, word: str) -> str:
        """The same of a line that was printed once."""
        found = self.all_printed(word)
        assert len(found) == 1, f"{len(found)} lines begin with {word!r}:\n{self}"
        return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A workspace, the folder of each `OWNER/ACTION@REF` used in it, and the environment.

    path: folders that come before the machine's own, where commands are looked for.
    """

    workspace: Path
    actions: Mapping[str, Path]
    variables: Mapping[str, str] = field(default_factory=dict)
    path: Sequence[Path] = ()

    async def run(self, workflow: Path, event: str = "push", *arguments: str) -> Log:
        """Run a workflow, on this machine itself."""
        process = await asyncio.create_subprocess_exec(
            *(str(BIN / "act"), event, "-W", str(workflow), "--no-cache-server", "--json"),
            *(word for platform in ON_THIS_MACHINE for word in ("-P", platform)),
            *(word for pair in self._replaced() for word in ("--local-repository", pair)),
            *(word for pair in self._environment() for word in ("--env", pair)),
            *arguments,
            cwd=self.workspace,
            env={**os.environ, "PATH": os.pathsep.join([*map(str, self.path), os.environ["PATH"]])},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        records = b",".join(line for line in output.splitlines() if line.startswith(b"{"))
        return Log(TypeAdapter(tuple[Record, ...]).validate_json(b"[" + records + b"]"))

    def _replaced(self) -> list[str]:
        return [f"{action}={folder}" for action, folder in self.actions.items()]

    def _environment(self) -> list[str]:
        return [f"{name}={value}" for name, value in self.variables.items()]


def parse_yaml(path: Path) -> Any:  # noqa: ANN401 - YAML is
    """What a YAML file says; `on` is text, as in YAML 1.2."""
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def write_workflow(folder: Path, *steps: Step, **job: object) -> Path:
    """Write a workflow of one job, which looks at a checkout; JSON is YAML too."""
    path = folder / "workflow.yml"
    checkout = {"uses": "actions/checkout@v4"}
    whole = {"runs-on": "ubuntu-latest", "steps": [checkout, *steps], **job}
    path.write_text(json.dumps({"on": "push", "jobs": {"mail": whole}}))
    return path


def stand_in(folder: Path, name: str, inputs: Sequence[str], run: str = "true") -> None:
    """Write an action that prints what it is given, as `given NAME {...}`, and runs a command."""
    folder.mkdir(parents=True)
    step = {
        "id": "step",
        "shell": "bash",
        "env": {"NAME": name, "INPUTS": "${{ toJSON(inputs) }}"},
        "run": f'echo "given $NAME $(printf %s "$INPUTS" | tr -d "\\n")"\n{run}',
    }
    action = {
        "name": name,
        "description": name,
        "inputs": {given: {"description": given} for given in inputs},
        "outputs": {
            "python-path": {"description": "", "value": "${{ steps.step.outputs.python-path }}"}
        },
        "runs": {"using": "composite", "steps": [step]},
    }
    (folder / "action.yml").write_text(json.dumps(action))


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints."""
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    command = ("git", "-C", str(folder), *identity, "-c", "commit.gpgsign=false", *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def make_repository(folder: Path) -> None:
    """Make a repository of a folder's files, without the hooks that git would add."""
    git(folder, "init", "--quiet", "--initial-branch=main", "--template=")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "what is there")


def copy_working_tree(clone: Path) -> None:
    """Copy what a commit of this working tree would hold, but for the tests, which are most of it.

    act copies every file of an action several times.
    """
    of_the_project = ("ls-files", "-co", "--exclude-standard", "-z", "--", ".", ":!tests")
    for name in git(ROOT, *of_the_project).split("\0"):
        if name and (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, clone / name)


def install_and_compile(clone: Path, venv: Path) -> Path:
    """Install what the Action does; return the packages, with mxcheck as compiled modules alone.

    Those are used without a look at the dates of their source, which each run copies anew.
    """
    uv, python = str(BIN / "uv"), str(venv / "bin/python")
    locked = ("--no-deps", "--require-hashes", "--requirement", "requirements/action.txt")
    packages = venv / f"lib/python3.{sys.version_info.minor}/site-packages"
    for command in (
        (uv, "venv", "--quiet", "--python", sys.executable, str(venv)),
        (uv, "pip", "install", "--quiet", "--python", python, *locked),
        ("cp", "-R", "mxcheck", str(packages)),
        (
            python,
            "-m",
            "compileall",
            "-q",
            "--invalidation-mode",
            "unchecked-hash",
            str(packages / "mxcheck"),
        ),
        (python, "-I", "-c", "import mxcheck.app, typer._adapters"),
    ):
        subprocess.run(command, check=True, capture_output=True, cwd=clone)
    for source in (packages / "mxcheck").rglob("*.py"):
        source.unlink()
    return packages
