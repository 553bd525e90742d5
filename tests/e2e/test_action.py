"""The Action, run for real by act on this machine, against servers on loopback."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mxcheck.rules import RULES
from tests.e2e.acting import ROOT, Act, Log, parse_yaml, write_workflow
from tests.e2e.gate import Gate
from tests.e2e.mail import HEALTHY, NOWHERE, serve

ACTION = parse_yaml(ROOT / "action.yml")
REPORTS = {"junit-xml": "mxcheck-junit.xml", "json": "mxcheck.json"}
SHOW = {
    "if": "always()",
    "env": {"OUTPUTS": "${{ toJSON(steps.mx.outputs) }}"},
    "run": 'echo "outputs $(printf %s "$OUTPUTS" | tr -d "\\n")"\n'
    'echo "cases $(grep -c "<testcase" mxcheck-junit.xml)"',
}


def action(**inputs: str) -> dict[str, object]:
    """The step that runs the Action; hyphens of inputs are written as underscores."""
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return {"id": "mx", "uses": "./", "with": given}


def results(
    verdict: str, code: int, failed: int, unknown: int, warnings: int = 0
) -> dict[str, str]:
    """Return the outputs of a run that wrote its reports where they go by default."""
    counts = {"failed": str(failed), "warnings": str(warnings), "unknown": str(unknown)}
    domains = {"failed-domains": HEALTHY if verdict == "fail" else ""}
    return {"verdict": verdict, "exit-code": str(code), **counts, **domains, **REPORTS}


def annotated(log: Log, kind: str = "error") -> list[str]:
    """The titles of what was annotated."""
    return [record.properties["title"] for record in log.annotations(kind)]


async def test_a_pass(act: Act, tmp_path: Path) -> None:
    async with serve(tmp_path) as mail:
        workflow = write_workflow(tmp_path, action(domains=HEALTHY), SHOW)
        log = await replace(act, variables=mail.variables).run(workflow)
    assert log.outcome("mx") == "success", str(log)
    assert json.loads(log.printed("outputs")) == results("pass", 0, 0, 0)
    assert int(log.printed("cases")) == len(RULES)
    assert annotated(log) == []
    assert log.summary().startswith("# mxcheck: PASS\n")
    assert set(log.jobs().values()) == {"success"}


async def test_a_failure_stops_the_job_and_hands_on_its_results(act: Act, tmp_path: Path) -> None:
    async with serve(tmp_path, relays=True) as mail:
        step = action(domains=HEALTHY, min_cert_days="90")
        workflow = write_workflow(tmp_path, step, {"id": "next", "run": "true"}, SHOW)
        log = await replace(act, variables=mail.variables).run(workflow)
    assert json.loads(log.printed("outputs")) == results("fail", 1, 2, 0), str(log)
    assert int(log.printed("cases")) == len(RULES)
    assert log.outcome("mx") == "failure"
    assert log.outcome("next") == "not run"
    assert set(log.jobs().values()) == {"failure"}
    assert len(annotated(log)) == 2
    assert all(word in str(annotated(log)) for word in ("open-relay", "cert-expiring")), str(log)
    assert all(record.properties["file"] for record in log.annotations())
    assert "open-relay" in log.summary()


async def test_continue_on_error(act: Act, tmp_path: Path) -> None:
    async with serve(tmp_path, relays=True) as mail:
        step = {**action(domains=HEALTHY), "continue-on-error": True}
        workflow = write_workflow(tmp_path, step, {"id": "next", "run": "true"})
        log = await replace(act, variables=mail.variables).run(workflow)
    assert log.outputs("mx") == results("fail", 1, 1, 0), str(log)
    assert log.outcome("mx") == "failure"
    assert log.outcome("next") == "success"
    assert set(log.jobs().values()) == {"success"}


async def test_a_matrix_has_the_results_of_each_leg(act: Act, tmp_path: Path) -> None:
    strategy = {"fail-fast": False, "matrix": {"domain": [HEALTHY, "nowhere.example"]}}
    async with serve(tmp_path) as mail:
        step = action(domains="${{ matrix.domain }}", select="mx-missing")
        workflow = write_workflow(tmp_path, step, strategy=strategy)
        log = await replace(act, variables=mail.variables).run(workflow)
    legs = [log.outputs("mx", job) for job in log.jobs()]
    assert sorted(leg["verdict"] for leg in legs) == ["fail", "pass"], str(log)
    assert sorted(leg["failed"] for leg in legs) == ["0", "1"]


async def test_a_second_run_on_the_same_runner_is_its_own(act: Act, tmp_path: Path) -> None:
    again = {**action(domains="two..dots", annotations="false"), "id": "again"}
    first = {**action(domains=HEALTHY), "continue-on-error": True}
    gone = {"if": "always()", "run": 'echo "reports $(ls mxcheck.json mxcheck-junit.xml | wc -w)"'}
    left = {"if": "always()", "run": 'echo "left $(ls -A "$RUNNER_TEMP" | wc -w)"'}
    async with serve(tmp_path, relays=True) as mail:
        workflow = write_workflow(tmp_path, first, again, gone, left)
        log = await replace(act, variables=mail.variables).run(workflow)
    assert log.outputs("mx") == results("fail", 1, 1, 0), str(log)
    assert log.outputs("again") == results("unknown", 2, 0, 0), str(log)
    assert log.printed("reports") == "0"
    assert log.printed("left") == "0"


POLICY = {
    "min_tls": "1.3",
    "min_cert_days": 7,
    "relay": "off",
    "require": ["tls-rpt"],
    "select": ["dns", "smtp", "tls-rpt-missing", "open-relay", "cert-expired"],
    "ignore": ["smtp-slow", "mx-null"],
    "levels": {"mx-implicit": "error", "smtp-greeting-name": "off"},
    "fail_on": "warning",
    "on_unknown": "pass",
}


WHAT_IF = {
    "connect-to": "mx9.example::127.0.0.1:",
    "mx": "b.example=10 mx9.example\nb.example=20 mx1.healthy.example",
    "zone-file": "c.zone\nd.example=d.zone",
    "cert-file": "mx9.example=chain.pem",
    "mta-sts-policy": "c.example=mta-sts.txt",
}
FILES = """
printf '[[domain]]\\nname = "e.example"\\n' >mail.toml
echo 'c.example. 60 IN MX 10 mx1.healthy.example.' >c.zone
echo '@ 60 IN MX 10 mx1.healthy.example.' >d.zone
printf 'version: STSv1\\nmode: testing\\nmx: *.example\\nmax_age: 604800\\n' >mta-sts.txt
"""

# The overrides of the first run are judged too: what reads each of them is selected.
AGAIN = {
    **action(
        evidence="out/evidence.json",
        save_evidence="out/evidence.json",
        json="out/again.json",
        select="mx-missing,cert-expired,mta-sts-policy-invalid",
        summary="false",
    ),
    "id": "again",
    "if": "always()",
}


def every_input(ca_file: Path, resolver: str, python: str, machine: Gate) -> Mapping[str, str]:
    """A value for each input but `evidence`, none of which is its default."""
    return {
        **WHAT_IF,
        "save-evidence": "out/evidence.json",
        "domains": f"{HEALTHY}, b.example\tc.example\r\nd.example",
        "config": "mail.toml",
        "min-tls": "1.3",
        "min-cert-days": "7",
        "relay": "off",
        "require": "tls-rpt",
        "select": "dns,smtp\ntls-rpt-missing\nopen-relay\ncert-expired",
        "ignore": "smtp-slow\nmx-null",
        "fail-on": "warning",
        "on-unknown": "pass",
        "level": "mx-implicit=error\nsmtp-greeting-name=off",
        "resolver": f"127.0.0.1:9\n{resolver}",
        "ca-file": str(ca_file),
        "allow-private": "true",
        "junit-xml": "out/junit.xml",
        "json": "out/report.json",
        "no-smtp": "false",
        "via": machine.url,
        "via-key": machine.key.read_text(),
        "via-known-hosts": machine.known_hosts.read_text(),
        "sarif": "out/report.sarif",
        "annotations": "false",
        "summary": "False",
        "python": python,
    }


async def test_every_input_arrives(
    act: Act, tmp_path: Path, own_python: Path, machine: Gate
) -> None:
    domains = (HEALTHY, "b.example", "c.example", "d.example", "e.example")
    show = {
        "if": "always()",
        "run": "echo report $(cat out/report.json)\necho again $(cat out/again.json)\n"
        "echo files $(ls out) $(grep -c . out/report.sarif)",
    }
    async with serve(tmp_path, domains) as mail:
        inputs = every_input(mail.ca_file, mail.resolver, str(own_python), machine)
        assert {*inputs, "evidence"} == set(ACTION["inputs"])
        step = {**action(), "with": inputs}
        files = {"run": f"{FILES}cp '{mail.ca_file}' chain.pem"}
        workflow = write_workflow(tmp_path, files, step, AGAIN, show)
        variables = {"MXCHECK_PORT": str(mail.port)}
        log = await replace(act, variables=variables).run(workflow)
    report = json.loads(log.printed("report"))
    assert {key: report["policy"][key] for key in POLICY} == POLICY, str(log)
    assert sorted(domain["domain"] for domain in report["domains"]) == sorted(domains)
    assert report["domains"][0]["mx"][0]["endpoints"][0]["tls"]["version"]
    assert report["notes"] == [
        f"what if: judged with --{name} {line}, not with what is live"
        for name, value in WHAT_IF.items()
        for line in value.splitlines()
    ] + ["MX hosts were reached over SSH (--via); DNS and policy hosts were asked from here"]
    written = ["again.json", "evidence.json", "junit.xml", "report.json", "report.sarif"]
    assert log.printed("files").split()[:-1] == written
    assert own_python.with_suffix(".used").exists()
    assert log.outputs("mx")["json"] == "out/report.json"
    assert log.outputs("mx")["verdict"] == "fail"
    assert set(log.outputs("mx")) == set(ACTION["outputs"])
    assert not log.annotations()
    assert not log.summary()
    judged = json.loads(log.printed("again"))
    assert judged["notes"][0].startswith("judged from evidence that was gathered on")
    passed = [
        domain["domain"]
        for domain in judged["domains"]
        for result in domain["results"]
        if (result["rule"], result["outcome"]) == ("mx-missing", "pass")
    ]
    assert sorted(passed) == sorted(domains)
    assert log.outputs("again")["verdict"] == "pass"


async def test_a_flag_without_an_input_has_its_variable(act: Act, tmp_path: Path) -> None:
    async with serve(tmp_path) as mail:
        workflow = write_workflow(tmp_path, action(json="", select="mx-missing"), SHOW)
        variables = {**mail.variables, "MXCHECK_DOMAINS": HEALTHY, "MXCHECK_FAIL_ON": "warning"}
        log = await replace(act, variables=variables).run(workflow)
    assert log.outputs("mx") == {**results("pass", 0, 0, 0), "json": ""}, str(log)
    assert int(log.printed("cases")) == 1


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"annotations": "yes"}, "The input 'annotations' takes true or false"),
        ({"summary": "on\n::notice::hacked"}, "The input 'summary' takes true or false"),
        ({"json": "-"}, "The input 'json' takes a path"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    act: Act, tmp_path: Path, inputs: Mapping[str, str], words: str
) -> None:
    old = {"run": """echo '{"counts": {"fail": 7, "unknown": 7}}' >mxcheck.json"""}
    workflow = write_workflow(tmp_path, old, action(domains=HEALTHY, **inputs))
    log = await replace(act, variables=NOWHERE.variables).run(workflow)
    outputs = {**results("unknown", 2, 0, 0), "json": inputs.get("json", REPORTS["json"])}
    assert log.outputs("mx") == outputs, str(log)
    [error] = log.annotations()
    assert error.arg.startswith(words)
    assert not log.annotations("notice")
