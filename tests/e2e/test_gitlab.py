"""The GitLab component and its examples, run for real by gitlab-ci-local."""

import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.e2e.acting import ROOT
from tests.e2e.changes import make_zone_files
from tests.e2e.gate import Gate
from tests.e2e.gitlab import (
    DOMAINS,
    EXAMPLES,
    HOSTILE,
    INSTALLED,
    TEMPLATE,
    Example,
    Including,
    leftovers,
    propose,
)
from tests.e2e.mail import NOWHERE, serve

SILENT = {"MXCHECK_RESOLVER": NOWHERE.resolver, "MXCHECK_RETRIES": "0"}
HIDDEN = "of-the-project"
FREE_TEXT = (
    *("domains", "config", "min-cert-days", "require", "select", "ignore", "level", "resolver"),
    *("ca-file", "connect-to", "mx", "zone-file", "cert-file", "mta-sts-policy"),
)
# What a GitLab job has no place for.
# A component has variables of the type File for the last two.
OF_THE_ACTION_ALONE = {"annotations", "summary", "via-key", "via-known-hosts"}


async def test_reports_are_handed_on_also_when_the_job_fails(
    example: Example, tmp_path: Path
) -> None:
    project = example("component")
    async with serve(tmp_path, DOMAINS, relays=True) as mail:
        pipeline = await project.run(mail.variables | INSTALLED)
    assert pipeline.outcome() == "FAIL 1", pipeline.output
    assert "<failure" in project.artifact("mxcheck-junit.xml")
    assert json.loads(project.artifact("gl-code-quality-report.json"))[0]["severity"]
    assert json.loads(project.artifact("mxcheck.json"))["verdict"] == "fail"
    assert json.loads(project.artifact("mxcheck.sarif"))["version"] == "2.1.0"


async def test_gitlab_is_told_which_files_are_the_reports(project: Including) -> None:
    own = project({"junit-xml": "out/mail.xml", "codequality": "out/quality.json"})
    (own.folder / "out").mkdir()
    (own.folder / "out/quality.json").write_text("[]")
    preview = await own.run({}, "--preview")
    [_, job] = YAML(typ="safe").load(preview.output.partition("---\n")[2]).values()
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["reports"] == {
        "junit": "out/mail.xml",
        "codequality": "out/quality.json",
    }
    pipeline = await own.run(SILENT | INSTALLED)
    assert pipeline.outcome() == "FAIL 3", pipeline.output
    assert "<error" in own.artifact("out/mail.xml")


FORGED = '<testsuite tests="1"><testcase name="open-relay"/></testsuite>'


@pytest.mark.parametrize("place", ["out/junit.xml", "out/../junit.xml"])
@pytest.mark.parametrize(("broken", "outcome"), [(True, "FAIL 2"), (False, "FAIL 3")])
async def test_no_report_of_the_repository_is_handed_on(
    project: Including, tmp_path: Path, *, broken: bool, outcome: str, place: str
) -> None:
    (tmp_path / "outside").mkdir()
    mine = tmp_path / "outside/mine.json"
    mine.write_text(FORGED)
    own = project({"junit-xml": place, "min-cert-days": "many" if broken else "14"})
    (own.folder / "out").symlink_to(mine.parent)
    (own.folder / "gl-code-quality-report.json").symlink_to(mine)
    (own.folder / "mxcheck.json/deep").mkdir(parents=True)
    (own.folder / "mxcheck.json/deep/forged.json").write_text(FORGED)
    for name in ("mxcheck.sarif", "junit.xml"):
        (own.folder / name).write_text(FORGED)
    propose(own.folder)
    pipeline = await own.run(SILENT | INSTALLED)
    assert pipeline.outcome() == outcome, pipeline.output
    artifacts = list((own.folder / ".gitlab-ci-local/artifacts").rglob("*"))
    assert not any(path.is_symlink() for path in artifacts)
    texts = [path.read_text() for path in artifacts if path.is_file()]
    assert len(texts) == (0 if broken else 5)
    assert FORGED not in texts
    assert [path.read_text() for path in mine.parent.iterdir()] == [FORGED]


async def test_scheduled_example_runs_in_scheduled_pipelines_alone(
    example: Example, tmp_path: Path
) -> None:
    project = example("scheduled")
    async with serve(tmp_path, DOMAINS) as mail:
        variables = mail.variables | INSTALLED
        pushed = await project.run(variables)
        scheduled = await project.run(variables | {"CI_PIPELINE_SOURCE": "schedule"})
    assert pushed.outcome() == "not run"
    assert scheduled.outcome() == "PASS", scheduled.output


async def test_exit_code_3_alone_is_a_warning_where_the_example_allows_it(
    example: Example, tmp_path: Path
) -> None:
    project = example("allow-unknown")
    unknown = await project.run(SILENT | INSTALLED)
    assert unknown.outcome() == "WARN 3", unknown.output
    async with serve(tmp_path, DOMAINS, relays=True) as mail:
        failed = await project.run(mail.variables | INSTALLED)
    assert failed.outcome() == "FAIL 1", failed.output


@pytest.mark.parametrize(("relays", "deployed"), [(False, "PASS"), (True, "not run")])
async def test_nothing_is_deployed_where_the_gate_fails(
    example: Example, tmp_path: Path, *, relays: bool, deployed: str
) -> None:
    project = example("deploy-gate")
    async with serve(tmp_path, DOMAINS, relays=relays) as mail:
        pipeline = await project.run(mail.variables | INSTALLED)
    assert pipeline.outcome("deploy") == deployed, pipeline.output


@pytest.mark.parametrize(("bad", "outcome"), [(False, "PASS"), (True, "FAIL 1")])
async def test_the_zone_files_of_a_merge_request_are_judged(
    example: Example, tmp_path: Path, *, bad: bool, outcome: str
) -> None:
    project = example("dns-change")
    async with serve(tmp_path, DOMAINS) as mail:
        make_zone_files(project.folder, bad=bad)
        propose(project.folder)
        variables = mail.variables | INSTALLED | {"CI_PIPELINE_SOURCE": "merge_request_event"}
        pipeline = await project.run(variables)
    assert pipeline.outcome() == outcome, pipeline.output
    assert ("mx-unresolvable" in pipeline.output) is bad


@pytest.mark.parametrize(("relays", "outcome"), [(False, "PASS"), (True, "FAIL 1")])
async def test_what_one_job_saw_another_judges(
    example: Example, tmp_path: Path, *, relays: bool, outcome: str
) -> None:
    project = example("evidence")
    async with serve(tmp_path, DOMAINS, relays=relays) as mail:
        pipeline = await project.run(mail.variables | INSTALLED)
    assert pipeline.outcome("record") == ("WARN 1" if relays else "PASS"), pipeline.output
    assert pipeline.outcome("judge") == outcome, pipeline.output
    assert "judged from evidence that was gathered on" in pipeline.output
    assert '"observed_at"' in project.artifact("evidence.json", "record")


async def test_the_way_out_is_taken_from_the_settings_of_the_project(
    example: Example, tmp_path: Path, machine: Gate
) -> None:
    project = example("via-ssh")
    login = {"KEY": machine.key, "KNOWN_HOSTS": machine.known_hosts}
    machine.key.chmod(0o666)  # as GitLab leaves a variable of the type File
    settings = {f"MXCHECK_VIA_{name}": str(path) for name, path in login.items()}
    async with serve(tmp_path, DOMAINS) as mail:
        settings |= {"MXCHECK_VIA": machine.url, **mail.variables, **INSTALLED}
        pipeline = await project.run(settings)
    assert pipeline.outcome() == "PASS", pipeline.output
    assert json.loads(project.artifact("mxcheck.json"))["runs"][0]["via"] == "ssh"


def test_each_example_is_run() -> None:
    tested = {
        *("component", "local-include", "scheduled", "allow-unknown", "deploy-gate"),
        *("dns-change", "evidence", "via-ssh"),
    }
    assert {path.name.partition(".")[0] for path in EXAMPLES.iterdir()} == tested


async def test_an_input_wins_over_the_variable_of_its_flag(project: Including) -> None:
    own = project({"min-cert-days": "many", "relay": "", "domains": ""})
    variables = {"MXCHECK_MIN_CERT_DAYS": "14", "MXCHECK_RELAY": "some"}
    pipeline = await own.run(variables | INSTALLED | {"MXCHECK_DOMAINS": "one, two"})
    assert pipeline.outcome() == "FAIL 2", pipeline.output
    assert "MXCHECK_DOMAINS: 'one' is not a full domain name" in pipeline.output
    assert "MXCHECK_DOMAINS: 'two' is not a full domain name" in pipeline.output
    assert 'the input min-cert-days: "many" is not a whole number' in pipeline.output
    assert 'MXCHECK_RELAY: "some" is not one of' in pipeline.output


async def test_inputs_are_text_that_neither_runs_nor_expands(
    project: Including, tmp_path: Path
) -> None:
    own = project(dict.fromkeys(FREE_TEXT, HOSTILE))
    pipeline = await own.run({"SECRET": HIDDEN} | INSTALLED)
    assert pipeline.outcome() == "FAIL 2", pipeline.output
    assert HIDDEN not in pipeline.output
    assert 'the input select: "$(touch hacked)`touch hacked`' in pipeline.output
    assert "' $SECRET ${SECRET} $$SECRET\" is not a rule" in pipeline.output
    assert not leftovers(tmp_path)


async def test_nor_does_the_name_of_evidence(project: Including, tmp_path: Path) -> None:
    pipeline = await project({"evidence": f"--help {HOSTILE}"}).run({"SECRET": HIDDEN} | INSTALLED)
    assert pipeline.outcome() == "FAIL 2", pipeline.output
    assert HIDDEN not in pipeline.output
    assert "cannot be read: No such file or directory" in pipeline.output
    assert not leftovers(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [("sarif", "does not match required regex"), ("relay", "not in the list of allowed options")],
)
async def test_paths_and_choices_are_refused_before_the_job(
    project: Including, name: str, message: str
) -> None:
    pipeline = await project({name: HOSTILE}).run({})
    assert pipeline.outcome() == "not run"
    assert message in pipeline.output


def test_no_input_stands_in_the_script() -> None:
    _, component = YAML(typ="safe").load_all(TEMPLATE)
    job = component["$[[ inputs.job-name ]]"]
    assert "$[[" not in "".join(job["script"])
    given = {name: value for name, value in job["variables"].items() if name.startswith("GIVEN_")}
    assert all(value["expand"] is False for value in given.values())


def test_inputs_are_named_as_those_of_the_action() -> None:
    yaml = YAML(typ="safe")
    action = yaml.load(ROOT / "action.yml")["inputs"]
    component, _ = yaml.load_all(TEMPLATE)
    assert action.keys() - OF_THE_ACTION_ALONE <= component["spec"]["inputs"].keys()
