"""What the Action installs, held against what the project says that it needs."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements" / "action.txt").read_text(encoding="utf-8")
LOCKED = [
    (Requirement(entry.split(" \\\n")[0]), entry)
    for entry in re.split(r"(?m)^(?=\w)", re.sub(r"(?m)^\s*#.*\n", "", LOCK))
    if entry.strip()
]


def test_each_package_has_one_version_and_its_hashes() -> None:
    assert len(LOCKED) > 20
    for requirement, entry in LOCKED:
        assert re.fullmatch(r"==[0-9][0-9.]*", str(requirement.specifier)), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry
    names = [canonicalize_name(requirement.name) for requirement, _ in LOCKED]
    assert len(names) == len(set(names))


def test_each_dependency_is_locked_within_its_range() -> None:
    versions = {
        canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
        for requirement, _ in LOCKED
    }
    for dependency in map(Requirement, PROJECT["project"]["dependencies"]):
        version = versions.get(canonicalize_name(dependency.name))
        assert version, f"{dependency.name} is not locked: run `make lock`"
        assert dependency.specifier.contains(version), f"{dependency}: run `make lock`"


def test_nothing_is_locked_that_nothing_needs() -> None:
    comments = re.findall(r"(?m)^    # via(?: (\S+)|\n)", LOCK)
    assert len(comments) == len(LOCKED)


def test_the_wheel_is_the_folder_that_the_action_copies() -> None:
    assert PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"] == {"packages": ["mxcheck"]}
