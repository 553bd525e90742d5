"""gitlab-ci-local: projects on a GitLab that is not there, and what became of their pipelines."""

import asyncio
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tests.e2e.acting import BIN, ROOT, git, make_repository

TEMPLATE = ROOT / "templates/mxcheck.yml"
EXAMPLES = ROOT / "examples/gitlab"
GITLAB_CI_LOCAL = ROOT / ".cache/gitlab-ci-local/node_modules/gitlab-ci-local/dist/index.js"
DOMAINS = ("example.com", "example.org")
"""What the examples check."""
# As in an image that holds mxcheck already; installing it is a test of its own.
INSTALLED = {"PACKAGE_OF_MXCHECK": "", "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
# Where the examples take mxcheck from; gitlab-ci-local names the port.
HOSTS = ("gitlab.example.com", "gitlab.example.com:443", "github.com")
HOSTILE = (
    """$(touch hacked)`touch hacked`"; touch hacked; ' $SECRET ${SECRET} $$SECRET\ntouch hacked"""
)
"""What an input may be that is not to become a shell word."""
COLOURS = re.compile(r"\x1b\[[\d;]*m")


def obstacle() -> str:
    """What keeps gitlab-ci-local from running here; empty where nothing does."""
    if not GITLAB_CI_LOCAL.exists():
        return "gitlab-ci-local is not installed; `make test` does it"
    return "" if shutil.which("rsync") else "rsync is not installed"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What gitlab-ci-local printed, without colours."""

    output: str

    def outcome(self, job: str = "mxcheck") -> str:
        """How a job ended: PASS, WARN or FAIL with its exit code, or "not run"."""
        # The exit code of gitlab-ci-local itself says 0 for each job that may fail with some code.
        found = re.search(rf"(?m)^{job} +finished in [\d.]+ \w+ *(.*?)\s*$", self.output)
        return (found[1] or "PASS") if found else "not run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project's repository, and the one from which it takes mxcheck."""

    folder: Path
    published: Path

    async def run(self, variables: Mapping[str, str], *arguments: str) -> Pipeline:
        """Run its pipeline, with these variables as settings of the project."""
        process = await asyncio.create_subprocess_exec(
            *(str(BIN / "node"), str(GITLAB_CI_LOCAL), "--home", str(self.folder)),
            *("--force-shell-executor", "--shell-isolation"),
            *(f"--variable={name}={text}" for name, text in variables.items()),
            *arguments,
            cwd=self.folder,
            env=self._environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return Pipeline(COLOURS.sub("", output.decode()))

    def artifact(self, name: str, job: str = "mxcheck") -> str:
        """A file that the job handed on."""
        return (self.folder / ".gitlab-ci-local/artifacts" / job / name).read_text()

    def _environment(self) -> dict[str, str]:
        """The machine's own, in which git finds what is published at the examples' addresses."""
        own = {name: text for name, text in os.environ.items() if not name.startswith("MXCHECK_")}
        own["GIT_CONFIG_COUNT"] = str(len(HOSTS))
        for index, host in enumerate(HOSTS):
            own[f"GIT_CONFIG_KEY_{index}"] = f"url.{self.published.as_uri()}.insteadOf"
            own[f"GIT_CONFIG_VALUE_{index}"] = f"https://{host}/OWNER/mxcheck.git"
        return own


Example: TypeAlias = Callable[[str], Project]
Including: TypeAlias = Callable[[Mapping[str, object]], Project]


def publish(clone: Path, folder: Path) -> Path:
    """A repository like this one, with the tag REF, as a GitLab would serve it."""
    git(clone, "clone", "--quiet", "--bare", ".", str(folder))
    git(folder, "tag", "REF")
    git(folder, "config", "uploadpack.allowFilter", "true")
    return folder


def make_project(folder: Path, published: Path, configuration: str) -> Project:
    """A project with that CI configuration, a copy of the component, and a config file."""
    (folder / "templates").mkdir(parents=True)
    shutil.copy(TEMPLATE, folder / "templates")
    (folder / ".gitlab-ci.yml").write_text(configuration)
    domains = (f'[[domain]]\nname = "{domain}"\n' for domain in DOMAINS)
    (folder / "mxcheck.toml").write_text("".join(domains))
    make_repository(folder)
    git(folder, "remote", "add", "origin", "https://gitlab.example.com/site/www.git")
    return Project(folder=folder, published=published)


def propose(folder: Path) -> None:
    """Commit what has changed in a project, as a merge request to what was there."""
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "a change")


def leftovers(folder: Path) -> list[Path]:
    """Files that an input which became a shell word would have left."""
    return list(folder.rglob("hacked"))


def including(inputs: Mapping[str, object]) -> str:
    """A CI configuration that includes the project's copy of the component; JSON is YAML too."""
    return json.dumps({"include": [{"local": "templates/mxcheck.yml", "inputs": inputs}]})
