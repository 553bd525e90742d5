"""Every example workflow, run by act as it stands, against sound servers and an open relay."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.acting import ROOT, Act, Log, git, make_repository, parse_yaml, stand_in
from tests.e2e.mail import serve

EXAMPLES = sorted((ROOT / "examples/workflows").glob("*.yml"))
MXCHECK = "OWNER/mxcheck@REF"
DOMAINS = ("example.com", "example.org")
VARIABLES = ("--var", f"MAIL_DOMAINS={json.dumps(DOMAINS)}")


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else's action: its inputs at the pinned version, and the one that names files."""

    inputs: tuple[str, ...]
    files: str


OTHERS = {
    "actions/upload-artifact": Other(
        ("name", "path", "if-no-files-found", "retention-days", "compression-level", "overwrite"),
        "path",
    ),
    "github/codeql-action/upload-sarif": Other(
        ("sarif_file", "checkout_path", "ref", "sha", "category", "wait-for-processing"),
        "sarif_file",
    ),
    "mikepenz/action-junit-report": Other(
        ("report_paths", "check_name", "require_tests", "require_passed_tests", "group_suite"),
        "report_paths",
    ),
}


def steps(workflow: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - YAML is
    """Every step of every job that uses an action."""
    for job in workflow["jobs"].values():
        yield from (step for step in job["steps"] if "uses" in step)


def stand_ins(folder: Path, workflow: Any) -> dict[str, Path]:  # noqa: ANN401 - YAML is
    """An action in place of each of other people's, which wants the files that it is told of."""
    made = {}
    for step in steps(workflow):
        name, _, ref = str(step["uses"]).partition("@")
        if name in OTHERS:
            owner, repository, *below = name.split("/")
            made[f"{owner}/{repository}@{ref}"] = folder / repository
            given = OTHERS[name]
            check = (
                f"printf %s '${{{{ inputs.{given.files} }}}}' | "
                'while read -r file || [ -n "$file" ]; do test -s "$file" || exit 1; done'
            )
            stand_in(folder.joinpath(repository, *below), name, given.inputs, check)
    return made


def write_event(folder: Path, *, fork: bool) -> Path:
    """What GitHub says of a pull request, from the same repository or from a fork."""
    owner = "stranger" if fork else "you"
    head = {"ref": "topic", "repo": {"full_name": f"{owner}/zones"}}
    path = folder / "event.json"
    path.write_text(json.dumps({"pull_request": {"head": head, "base": {"ref": "main"}}}))
    return path


async def run_example(act: Act, clone: Path, folder: Path, name: str, **world: bool) -> Log:
    """Run an example in a repository of zones; `relays` and `fork` say what it meets there."""
    example = ROOT / "examples/workflows" / name
    workflow = parse_yaml(example)
    workspace = folder / "zones"
    workspace.mkdir()
    (workspace / "mxcheck.toml").write_text('[[domain]]\nname = "example.com"\n')
    event = write_event(folder, fork=world.get("fork", False))
    actions = {**act.actions, MXCHECK: clone, **stand_ins(folder / "others", workflow)}
    async with serve(folder, DOMAINS, relays=world.get("relays", False)) as mail:
        (workspace / "ca.pem").write_bytes(mail.ca_file.read_bytes())
        make_repository(workspace)
        git(workspace, "remote", "add", "origin", "https://github.com/you/zones")
        runner = replace(act, workspace=workspace, actions=actions, variables=mail.variables)
        trigger = next(iter(workflow["on"]))
        return await runner.run(example, trigger, "-e", str(event), *VARIABLES)


def verdicts(log: Log) -> set[str]:
    """What the runs of mxcheck came to."""
    return {record.arg for record in log.records if record.name == "verdict"}


@pytest.mark.parametrize("relays", [False, True], ids=["sound", "relays"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
async def test_each_example(
    act: Act, clone: Path, tmp_path: Path, example: Path, *, relays: bool
) -> None:
    log = await run_example(act, clone, tmp_path, example.name, relays=relays)
    assert verdicts(log) == {"fail" if relays else "pass"}, str(log)
    job_results = set(log.jobs().values())
    assert job_results == {"failure" if relays else "success"}, str(log)
    deployed = "your deployment" in [record.msg.strip() for record in log.records]
    assert deployed is (example.stem == "deploy-gate" and not relays)
    given = {line.split()[0] for line in log.all_printed("given")}
    used = {str(step["uses"]).partition("@")[0] for step in steps(parse_yaml(example))}
    assert given == used & set(OTHERS), str(log)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_actions_are_pinned_by_hash_and_given_what_they_know(example: Path) -> None:
    own = set(parse_yaml(ROOT / "action.yml")["inputs"])
    known = {"actions/checkout": {"persist-credentials"}, "OWNER/mxcheck": own}
    known |= {name: set(other.inputs) for name, other in OTHERS.items()}
    for step in steps(parse_yaml(example)):
        name, _, ref = str(step["uses"]).partition("@")
        assert set(step.get("with", ())) <= known[name]
        assert name == "OWNER/mxcheck" or re.fullmatch(r"[0-9a-f]{40}", ref)


async def test_a_fork_is_not_run(act: Act, clone: Path, tmp_path: Path) -> None:
    log = await run_example(act, clone, tmp_path, "pull-request.yml", fork=True)
    assert verdicts(log) == set(), str(log)
