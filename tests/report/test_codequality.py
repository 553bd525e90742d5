import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mxcheck.judge.verdict import Conclusion, Result, Verdict
from mxcheck.model.location import Location
from mxcheck.model.waivers import Waiver
from tests.build import evidence_of
from tests.report import verdicts
from tests.report.rendering import render_codequality
from tests.report.verdicts import AT_MX1, EXPIRED, SLOW, At, verdict_of

SCHEMA = Path(__file__).parent.parent / "schemas" / "gitlab-codequality.json"
ALL = (verdicts.healthy, verdicts.broken, verdicts.closed, verdicts.null_mx)
WAIVER = Waiver(rule="cert-expired", until=date(2026, 12, 31), reason="OPS-123")
FAILED = At(AT_MX1).failed(EXPIRED, "it expired", "renew it")


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def assert_valid_codequality(text: str) -> None:
    validator().validate(json.loads(text))


def issues(verdict: Verdict) -> Any:  # noqa: ANN401 - JSON
    return json.loads(render_codequality(verdict))


def only(result: Result) -> Any:  # noqa: ANN401 - JSON
    [issue] = issues(verdict_of(evidence_of(), [result], Conclusion.FAIL, 1))
    return issue


@pytest.mark.parametrize("build", ALL)
def test_it_is_valid(build: Callable[[], Verdict]) -> None:
    assert_valid_codequality(render_codequality(build()))


def test_the_schema_refuses_what_gitlab_would_not_show() -> None:
    issue = only(FAILED)
    assert validator().is_valid([issue])
    for key in issue:
        assert not validator().is_valid([{name: issue[name] for name in issue if name != key}])
    assert not validator().is_valid([issue | {"severity": "error"}])
    assert not validator().is_valid([issue | {"location": {"path": "/a", "lines": {"begin": 1}}}])


@pytest.mark.parametrize(
    ("result", "severity"),
    [
        (FAILED, "critical"),
        (At(AT_MX1).failed(SLOW, "m", "r"), "minor"),
        (replace(At(AT_MX1).failed(SLOW, "m", "r"), blocks=True), "critical"),
        (At(AT_MX1).unknown(EXPIRED, "m"), "major"),
        (At(AT_MX1).unknown(SLOW, "m"), "info"),
        (replace(FAILED, waiver=WAIVER, blocks=False), "info"),
    ],
)
def test_severity(result: Result, severity: str) -> None:
    assert only(result)["severity"] == severity


def test_a_failure() -> None:
    assert only(FAILED) == {
        "description": "it expired; what to do: renew it",
        "check_name": "cert-expired",
        "fingerprint": "bed09695b5e41d3350eafd34d4f324ec:1",
        "severity": "critical",
        "location": {"path": "README.md", "lines": {"begin": 1}},
    }


def test_a_waived_failure_and_an_unknown_say_that_they_are() -> None:
    waived = only(replace(FAILED, waiver=WAIVER, blocks=False))
    assert waived["description"].startswith("waived until 2026-12-31: OPS-123; it expired; ")
    assert only(At(AT_MX1).unknown(EXPIRED, "no answer"))["description"] == "not judged: no answer"


def test_passes_and_what_does_not_apply_are_left_out() -> None:
    assert issues(verdicts.healthy()) == []
    [issue] = issues(verdicts.null_mx())
    assert issue["description"].endswith(": nothing could be judged about this domain")
    assert len(issues(verdicts.broken())) == 6


def test_it_points_to_the_line_of_the_domain() -> None:
    verdict = verdicts.broken()
    location = Location(path="dns/mail ü.toml", line=42)
    located = replace(verdict, domains=(replace(verdict.domains[0], location=location),))
    locations = [issue["location"] for issue in issues(located)]
    assert locations == [{"path": "dns/mail ü.toml", "lines": {"begin": 42}}] * 6


def test_a_domain_that_was_not_judged_is_an_issue() -> None:
    verdict = verdicts.healthy()
    [domain] = verdict.domains
    unjudged = replace(domain, results=(), switched_off=(), conclusion=Conclusion.UNKNOWN)
    broken_off = replace(verdict, domains=(unjudged,))
    assert_valid_codequality(render_codequality(broken_off))
    [issue] = issues(broken_off)
    assert (issue["check_name"], issue["severity"]) == ("not-judged", "major")
    assert issue["description"] == ("example.com: the run broke off before this domain was judged")


def test_fingerprints_are_unique() -> None:
    prints = [issue["fingerprint"] for issue in issues(verdicts.broken())]
    assert len(set(prints)) == len(prints)


def test_there_is_no_byte_order_mark() -> None:
    # GitLab's parser takes none.
    assert render_codequality(verdicts.broken()).startswith("[")
