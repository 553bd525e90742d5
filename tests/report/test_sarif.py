import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from mxcheck.judge.verdict import Conclusion, Result, Verdict
from mxcheck.model.location import Location
from mxcheck.model.policy import Level
from mxcheck.model.waivers import Waiver
from mxcheck.report import sarif
from mxcheck.report.sarif_rules import DESCRIPTION_LIMIT
from mxcheck.rules import RULES
from tests.build import evidence_of
from tests.report import verdicts
from tests.report.rendering import render_sarif
from tests.report.verdicts import AT_MX1, EXPIRED, OPEN_RELAY, SLOW, At, verdict_of

SCHEMA = Path(__file__).parent.parent / "schemas" / "sarif-2.1.0.json"
ALL = (verdicts.healthy, verdicts.broken, verdicts.closed, verdicts.null_mx)
WAIVER = Waiver(rule="cert-expired", until=date(2026, 12, 31), reason="OPS-123")


@cache
def validator() -> Draft4Validator:
    return Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def assert_valid_sarif(text: str) -> None:
    validator().validate(json.loads(text))


def run_of(verdict: Verdict) -> Any:  # noqa: ANN401 - JSON
    [run] = json.loads(render_sarif(verdict))["runs"]
    return run


def only(result: Result) -> Any:  # noqa: ANN401 - JSON
    verdict = verdict_of(evidence_of(), [result], Conclusion.FAIL, 1)
    [entry] = run_of(verdict)["results"]
    return entry


@pytest.mark.parametrize("build", ALL)
def test_it_is_valid(build: Callable[[], Verdict]) -> None:
    assert_valid_sarif(render_sarif(build()))
    assert_valid_sarif(render_sarif(replace(build(), domains=())))


@pytest.mark.parametrize(
    ("result", "kind", "level"),
    [
        (At(AT_MX1).failed(EXPIRED, "m", "r"), "fail", "error"),
        (At(AT_MX1).failed(SLOW, "m", "r"), "fail", "warning"),
        (replace(At(AT_MX1).failed(SLOW, "m", "r"), blocks=True), "fail", "error"),
        (At(AT_MX1).unknown(EXPIRED, "m"), "open", "none"),
        (At(AT_MX1).unknown(SLOW, "m"), "open", "none"),
        (
            replace(At(AT_MX1).failed(EXPIRED, "m", "r"), waiver=WAIVER, blocks=False),
            "fail",
            "note",
        ),
        (replace(At(AT_MX1).unknown(EXPIRED, "m"), waiver=WAIVER, blocks=False), "open", "none"),
    ],
)
def test_kind_and_level(result: Result, kind: str, level: str) -> None:
    entry = only(result)
    assert (entry["kind"], entry["level"]) == (kind, level)
    assert len(entry["suppressions"]) == (1 if result.waiver else 0)


def test_a_failure_says_what_was_found_and_what_to_do() -> None:
    entry = only(At(AT_MX1).failed(EXPIRED, "it expired", "renew it"))
    assert entry["ruleId"] == "cert-expired"
    assert entry["message"] == {"text": "it expired\nWhat to do: renew it"}
    assert entry["properties"] == {
        "domain": "example.com",
        "mx": "mx1.example.com",
        "address": "192.0.2.1",
        "blocks": True,
    }


def test_a_waived_failure_is_suppressed_with_its_reason() -> None:
    entry = only(replace(At(AT_MX1).failed(EXPIRED, "it expired", ""), waiver=WAIVER))
    words = "waived until 2026-12-31: OPS-123"
    [suppression] = entry["suppressions"]
    assert suppression == {"kind": "external", "status": "accepted", "justification": words}
    assert entry["message"]["text"] == f"it expired\n{words}"


def test_passes_and_what_does_not_apply_are_left_out() -> None:
    assert not run_of(verdicts.healthy())["results"]
    assert not run_of(verdicts.null_mx())["results"]
    assert len(run_of(verdicts.broken())["results"]) == 6


def test_every_result_points_to_the_line_of_its_domain() -> None:
    verdict = verdicts.broken()
    location = Location(path="dns/a b [ü]:c%.toml", line=42)
    located = replace(verdict, domains=(replace(verdict.domains[0], location=location),))
    for entry in run_of(located)["results"]:
        [location] = entry["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"] == {
            "uri": "dns/a%20b%20%5B%C3%BC%5D%3Ac%25.toml",
            "uriBaseId": "%SRCROOT%",
        }
        assert physical["region"] == {"startLine": 42}


def test_a_path_that_is_not_utf_8_keeps_its_bytes() -> None:
    verdict = verdicts.broken()
    location = Location(path="\udcff.toml")
    located = replace(verdict, domains=(replace(verdict.domains[0], location=location),))
    [location] = run_of(located)["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "%FF.toml"


def test_fingerprints_are_unique_under_the_name_that_github_reads() -> None:
    prints = [entry["partialFingerprints"] for entry in run_of(verdicts.broken())["results"]]
    assert all(one["primaryLocationLineHash"] == one["mxcheck/v1"] for one in prints)
    assert len({one["mxcheck/v1"] for one in prints}) == len(prints)


@pytest.mark.parametrize(
    ("exit_code", "successful"), [(0, True), (1, True), (3, True), (70, False), (130, False)]
)
def test_the_invocation(exit_code: int, successful: bool) -> None:  # noqa: FBT001
    [invocation] = run_of(replace(verdicts.healthy(), exit_code=exit_code))["invocations"]
    assert invocation == {
        "executionSuccessful": successful,
        "exitCode": exit_code,
        "startTimeUtc": "2026-01-31T12:00:00Z",
        "endTimeUtc": "2026-01-31T12:00:03Z",
        "toolExecutionNotifications": [],
        "toolConfigurationNotifications": [],
    }


def test_notes_of_the_run_and_of_waivers_are_notifications() -> None:
    [invocation] = run_of(verdicts.closed())["invocations"]
    [note] = invocation["toolExecutionNotifications"]
    assert note["level"] == "warning"
    assert note["message"]["text"].startswith("outbound port 25 looks closed here over IPv4")
    [invocation] = run_of(verdicts.broken())["invocations"]
    assert invocation["toolConfigurationNotifications"] == [
        {
            "level": "note",
            "message": {"text": "mxcheck.toml:12: the waiver for dane-missing matched nothing"},
        }
    ]


def test_a_domain_that_was_not_judged_is_a_notification() -> None:
    verdict = verdicts.healthy()
    [domain] = verdict.domains
    unjudged = replace(domain, results=(), switched_off=(), conclusion=Conclusion.UNKNOWN)
    [invocation] = run_of(replace(verdict, domains=(domain, unjudged)))["invocations"]
    [note] = invocation["toolExecutionNotifications"]
    words = "example.com: the run broke off before this domain was judged"
    assert note == {"level": "error", "message": {"text": words}}


def test_the_rules_are_the_whole_catalogue_as_github_wants_them() -> None:
    for build in ALL:
        described = run_of(build())["tool"]["driver"]["rules"]
        assert [entry["id"] for entry in described] == [rule.id for rule in RULES]
    for rule, entry in zip(RULES, described, strict=True):
        for name in ("shortDescription", "fullDescription"):
            assert 0 < len(entry[name]["text"]) <= DESCRIPTION_LIMIT
        assert "## Repair" in entry["help"]["markdown"]
        assert "## Allow" in entry["help"]["markdown"]
        assert "\nRepair:\n" in entry["help"]["text"]
        assert entry["defaultConfiguration"]["enabled"] is (rule.level is not Level.OFF)
        assert entry["defaultConfiguration"]["level"] in {"error", "warning"}
        assert entry["properties"]["tags"][0] == rule.family
        assert entry["properties"]["precision"] == "very-high"
        assert "security-severity" not in entry["properties"]


def test_a_rule_leads_to_its_source_and_says_what_it_is_about() -> None:
    described = run_of(verdicts.healthy())["tool"]["driver"]["rules"]
    [expired] = [entry for entry in described if entry["id"] == "cert-expired"]
    assert expired["helpUri"] == "https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5"
    assert expired["shortDescription"]["text"] == "The certificate has expired."
    assert expired["fullDescription"]["text"].startswith("The certificate has expired. Senders ")
    assert expired["properties"]["tags"] == ["cert", "security"]
    [slow] = [entry for entry in described if entry["id"] == "smtp-slow"]
    assert slow["properties"]["tags"] == ["smtp"]


def test_the_mildest_are_left_out_where_github_would_refuse_the_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 2)
    results = [
        At(AT_MX1).failed(SLOW, "slow", ""),
        At(AT_MX1).failed(EXPIRED, "expired", ""),
        At(AT_MX1).failed(OPEN_RELAY, "open", ""),
    ]
    run = run_of(verdict_of(evidence_of(), results, Conclusion.FAIL, 1))
    assert [entry["message"]["text"] for entry in run["results"]] == ["expired", "open"]
    [note] = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "the 1 least severe findings are left out: GitHub accepts 2"


def test_as_many_results_as_github_takes_are_small_enough_for_it() -> None:
    long = At(AT_MX1).failed(EXPIRED, "it expired, " * 40, "renew it, " * 40)
    verdict = verdict_of(evidence_of(), [long] * 5000, Conclusion.FAIL, 1)
    # GitHub takes 10 MB, compressed, and 25,000 results.
    assert len(gzip.compress(render_sarif(verdict).encode())) * 5 < 10_000_000
