"""The pipelines that `mxcheck init` writes, and the part of each to add to one that exists."""

import re
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from mxcheck.config.errors import ConfigError
from mxcheck.config.file import CONFIG_NAME
from mxcheck.model.quoting import quote

GITHUB_NAME = ".github/workflows/mxcheck.yml"
GITLAB_NAME = ".gitlab-ci.yml"

PROJECT = "OWNER/mxcheck"
SOURCE = f"{PROJECT}@REF"
_WORD = r"[\w.-]+"
_SOURCES = {
    GITHUB_NAME: re.compile(rf"{_WORD}/{_WORD}@[\w./-]+", re.ASCII),
    GITLAB_NAME: re.compile(rf"{_WORD}(/{_WORD})+@[\w./-]+", re.ASCII),
}
_PLAIN_PATH = re.compile(r"[\w./-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipelines:
    """Which pipelines to write; `source` is where they take mxcheck from, "" if nobody said.

    Without `self_hosted` the workflow is for GitHub's hosted runners, whose port 25 is closed.
    """

    github: bool = False
    gitlab: bool = False
    self_hosted: bool = False
    source: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the paths of the files, from the top of the repository."""
        asked = ((self.github, GITHUB_NAME), (self.gitlab, GITLAB_NAME))
        return tuple(name for wanted, name in asked if wanted)

    def ensure_whole(self) -> None:
        """Raise ConfigError if a flag lacks its pipeline, or one cannot name the source."""
        if self.self_hosted and not self.github:
            raise ConfigError(["--self-hosted: is for a workflow: give --github too"])
        if self.source and not self.names:
            raise ConfigError(["--from: is for a pipeline: give --github or --gitlab too"])
        for name in self.names:
            if self.source and not _SOURCES[name].fullmatch(self.source):
                reason = f"is not {SOURCE}: a repository, then @ and a tag or commit"
                raise ConfigError([f"--from: {quote(self.source)} {reason}"])

    def text(self, name: str, config: str) -> str:
        """Return the text of a pipeline for the config file at this path of the repository."""
        text = self._github(config) if name == GITHUB_NAME else _gitlab(config)
        if not self.source:
            return text
        project, _, ref = self.source.partition("@")
        return text.replace(PROJECT, project).replace("@REF", f"@{ref}")

    def _github(self, config: str) -> str:
        starter = "github-self-hosted.yml" if self.self_hosted else "github.yml"
        text = _starter(starter).replace(f"[{CONFIG_NAME}]", f"[{config}]")
        if config == CONFIG_NAME:
            return text
        inputs = "        with:\n" if self.self_hosted else ""
        return f"{text}{inputs}          config: {config}\n"


def addition(name: str, text: str) -> str:
    """Return the part of a pipeline to add to a file that is there already."""
    start = "jobs:\n" if name == GITHUB_NAME else "include:\n"
    return text[text.index(start) :]


def top_of_repository(folder: Path) -> Path:
    """Return the nearest folder with a `.git`, this one or one above it; else this one."""
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), folder)


def config_in_repository(folder: Path, top: Path, name: str) -> str:
    """Return the path of the config file from the top; ConfigError if no pipeline can name it."""
    path = (folder / name).relative_to(top).as_posix()
    if not _PLAIN_PATH.fullmatch(path):
        reason = "has characters that a pipeline would not take as they are"
        raise ConfigError([f"--directory: {quote(path)} {reason}"])
    return path


def _gitlab(config: str) -> str:
    text = _starter("gitlab.yml")
    if config == CONFIG_NAME:
        return text
    return text.replace("    inputs:\n", f"    inputs:\n      config: {config}\n")


def _starter(name: str) -> str:
    return (resources.files("mxcheck.cli") / "starters" / name).read_text(encoding="utf-8")
