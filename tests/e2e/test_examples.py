"""Run every example workflow unchanged by act: when all is well, and when it must fail."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.acting import ROOT, Act, Log, parse_yaml, stand_in
from tests.e2e.changes import CAUSES, DOMAINS, make_zones, variables, write_event
from tests.e2e.gate import Gate
from tests.e2e.mail import serve

EXAMPLES = sorted((ROOT / "examples/workflows").glob("*.yml"))
MXCHECK = "OWNER/mxcheck@REF"
SAME_REPOSITORY = "github.event.pull_request.head.repo.full_name == github.repository"
WITHOUT_SMTP = {"hosted-runner"}
THROUGH_A_GATE = {"via-ssh"}
DEPLOYING = {"deploy-gate", "gate-certificate"}
VARIABLES = ("--var", f"MAIL_DOMAINS={json.dumps(DOMAINS)}")


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else's action: its inputs at the pinned version, and what it does.

    `each` is done with every $line of the input `lines`; artifacts are folders in STORE.
    """

    inputs: tuple[str, ...]
    lines: str
    each: str = 'test -s "$line"'


OTHERS = {
    "actions/upload-artifact": Other(
        ("name", "path", "if-no-files-found", "retention-days", "compression-level", "overwrite"),
        "path",
        'test -s "$line" && mkdir -p "STORE/$NAMED" && cp "$line" "STORE/$NAMED/"',
    ),
    "actions/download-artifact": Other(
        ("name", "artifact-ids", "path", "pattern", "merge-multiple", "run-id"),
        "name",
        'cp "STORE/$line"/* .',
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
    """An action in place of each of other people's, which does what matters here."""
    made = {}
    for step in steps(workflow):
        name, _, ref = str(step["uses"]).partition("@")
        if name in OTHERS:
            owner, repository, *below = name.split("/")
            made[f"{owner}/{repository}@{ref}"] = folder / repository
            given = OTHERS[name]
            run = (
                "NAMED='${{ inputs.name }}'\n"
                f"printf %s '${{{{ inputs.{given.lines} }}}}' | "
                f'while read -r line || [ -n "$line" ]; do {given.each} || exit 1; done'
            ).replace("STORE", str(folder / "artifacts"))
            stand_in(folder.joinpath(repository, *below), name, given.inputs, run)
    return made


async def run_example(
    act: Act,
    clone: Path,
    folder: Path,
    name: str,
    *settings: str,
    bad: bool = False,
    fork: bool = False,
) -> Log:
    """Run an example in a repository of zones; `bad` are the servers and all that is changed."""
    example = ROOT / f"examples/workflows/{name}.yml"
    workflow = parse_yaml(example)
    workspace, event = folder / "zones", folder / "event.json"
    actions = {**act.actions, MXCHECK: clone, **stand_ins(folder / "others", workflow)}
    dead = bad and name in WITHOUT_SMTP
    async with serve(folder, DOMAINS, relays=bad, dane=True, dead_mx=dead) as mail:
        make_zones(workspace, mail, bad=bad)
        write_event(event, name, mail, fork=fork)
        own = variables(name, mail)
        runner = replace(act, workspace=workspace, actions=actions, variables=own)
        trigger = next(iter(workflow["on"]))
        return await runner.run(example, trigger, "-e", str(event), *VARIABLES, *settings)


def through(machine: Gate) -> tuple[str, ...]:
    """The variables and the secret of an example that goes through another machine."""
    hosts = machine.known_hosts.read_text()
    known = ("--var", f"MAIL_GATE={machine.url}", "--var", f"MAIL_GATE_HOST_KEYS={hosts}")
    return (*known, "--secret", f"MAIL_GATE_KEY={machine.key.read_text()}")


def annotated(log: Log) -> str:
    """The titles of all errors that were annotated."""
    return " ".join(record.properties.get("title", "") for record in log.annotations())


def verdicts(log: Log) -> set[str]:
    """What the runs of mxcheck came to."""
    return {record.arg for record in log.records if record.name == "verdict"}


@pytest.mark.parametrize("bad", [False, True], ids=["good", "bad"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
async def test_each_example(
    act: Act,
    clone: Path,
    tmp_path: Path,
    example: Path,
    request: pytest.FixtureRequest,
    *,
    bad: bool,
) -> None:
    name = example.stem
    way = through(request.getfixturevalue("machine")) if name in THROUGH_A_GATE else ()
    log = await run_example(act, clone, tmp_path, name, *way, bad=bad)
    assert verdicts(log) == {"fail" if bad else "pass"}, str(log)
    assert ("failure" in log.jobs().values()) is bad, str(log)
    assert not bad or CAUSES.get(name, "") in annotated(log)
    deployed = "your deployment" in [record.msg.strip() for record in log.records]
    assert deployed is (name in DEPLOYING and not bad)
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


@pytest.mark.parametrize(
    ("example", "wanted"), [("pull-request", set()), ("gate-dns-change", {"DNS of a fork"})]
)
async def test_a_fork_reaches_no_machine_of_ours(
    act: Act, clone: Path, tmp_path: Path, example: str, wanted: set[str]
) -> None:
    log = await run_example(act, clone, tmp_path, example, fork=True)
    assert {job.rpartition("/")[2] for job in log.jobs()} == wanted, str(log)
    assert verdicts(log) == ({"pass"} if wanted else set()), str(log)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_pull_requests_of_forks_are_hostile(example: Path) -> None:
    workflow = parse_yaml(example)
    assert workflow["permissions"] == {}
    assert not {"pull_request_target", "workflow_run"} & set(workflow["on"])
    assert "secrets." not in example.read_text() or "pull_request" not in workflow["on"]
    for job in workflow["jobs"].values():
        ours = "self-hosted" in job["runs-on"] and "pull_request" in workflow["on"]
        assert not ours or job["if"].endswith(SAME_REPOSITORY)
    for step in steps(workflow):
        checkout = str(step["uses"]).startswith("actions/checkout@")
        assert not checkout or step["with"]["persist-credentials"] is False
