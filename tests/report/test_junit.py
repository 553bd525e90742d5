import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from xmlschema import XMLSchema

from mxcheck.judge.verdict import Conclusion, Result, Verdict
from tests.build import evidence_of
from tests.report import verdicts
from tests.report.rendering import render_junit
from tests.report.verdicts import AT_MX1, EXPIRED, At, verdict_of

SCHEMAS = Path(__file__).parent.parent / "schemas"


@cache
def schema(name: str) -> XMLSchema:
    return XMLSchema(SCHEMAS / name)


def assert_valid(text: str) -> None:
    for name in ("jenkins-junit.xsd", "junit-10.xsd"):
        schema(name).validate(text)


def cases(verdict: Verdict) -> dict[str, ET.Element]:
    root = ET.fromstring(render_junit(verdict))  # noqa: S314 - written a moment ago
    return {case.get("name", ""): case for case in root.iter("testcase")}


def only_case(result: Result) -> ET.Element:
    verdict = verdict_of(evidence_of(), [result], Conclusion.FAIL, 1)
    return cases(verdict)[f"{result.rule.id} {result.subject}"]


@pytest.mark.parametrize(
    "build",
    [verdicts.healthy, verdicts.broken, verdicts.closed, verdicts.null_mx],
)
def test_valid_against_both_schemas(build: Callable[[], Verdict]) -> None:
    assert_valid(render_junit(build()))


def test_a_run_that_saw_nothing_is_valid() -> None:
    assert_valid(render_junit(replace(verdicts.healthy(), domains=())))


def test_every_case_and_suite_has_time_timestamp_and_host() -> None:
    root = ET.fromstring(render_junit(verdicts.broken()))  # noqa: S314
    assert all(re.fullmatch(r"\d+\.\d{3}", case.get("time", "")) for case in root.iter("testcase"))
    [suite] = root
    assert suite.get("timestamp") == "2026-01-31T12:00:00"
    assert suite.get("hostname") == "example.com"
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("11", "3", "4")


def test_a_blocking_failure_fails_with_message_and_remedy_in_its_body() -> None:
    case = only_case(At(AT_MX1).failed(EXPIRED, "it expired", "renew it"))
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "it expired"
    assert "it expired" in (failure.text or "")
    assert "renew it" in (failure.text or "")


def test_a_failure_without_words_still_fails() -> None:
    case = only_case(At(AT_MX1).failed(EXPIRED, "", ""))
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "the title of cert-expired"


def test_a_failure_that_does_not_block_passes_with_its_message() -> None:
    case = only_case(replace(At(AT_MX1).failed(EXPIRED, "it expired", "renew it"), blocks=False))
    assert [child.tag for child in case] == ["system-out"]
    assert (case.findtext("system-out") or "").startswith("error: it expired")


def test_an_unknown_is_an_error_where_it_blocks_and_skipped_elsewhere() -> None:
    unknown = At(AT_MX1).unknown(EXPIRED, "no answer")
    assert [child.tag for child in only_case(unknown)] == ["error"]
    milder = only_case(replace(unknown, blocks=False))
    assert (milder.findtext("skipped") or "").startswith("unknown: no answer")


def test_what_does_not_apply_or_is_waived_or_off_is_skipped_with_the_reason() -> None:
    found = cases(verdicts.broken())
    reasons = {
        "smtp-slow mx2.example.com [2001:db8::25]": "not applicable: the address was not reached",
        "open-relay mx1.example.com [192.0.2.1]": "waived until 2026-12-31: a test server, OPS-123",
        "reverse-dns-mismatch mx1.example.com [192.0.2.1]": "off: the level of this rule is off",
    }
    for name, reason in reasons.items():
        assert (found[name].findtext("skipped") or "").startswith(reason)


def test_names_are_unique_in_their_suite() -> None:
    twice = At(AT_MX1).passed(EXPIRED, "fine")
    root = ET.fromstring(  # noqa: S314
        render_junit(verdict_of(evidence_of(), [twice, twice], Conclusion.PASS, 0))
    )
    names = [case.get("name") for case in root.iter("testcase")]
    assert len(names) == len(set(names)) == 3


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("example.com", "mxcheck.example_com"),
        ("mail.example.co.uk", "mxcheck.mail_example_co_uk"),
        ("xn--bcher-kva.example", "mxcheck.xn--bcher-kva_example"),
    ],
)
def test_the_class_of_a_case_names_its_domain(name: str, group: str) -> None:
    verdict = verdicts.broken()
    [domain] = verdict.domains
    renamed = replace(domain, name=name)
    unjudged = replace(renamed, results=(), switched_off=(), conclusion=Conclusion.UNKNOWN)
    suite, broken_off = ET.fromstring(  # noqa: S314
        render_junit(replace(verdict, domains=(renamed, unjudged)))
    )
    expected = {f"{group}.{result.rule.family}" for result in domain.results}
    assert {case.get("classname") for case in suite.iter("testcase")} == expected
    assert {case.get("classname") for case in broken_off.iter("testcase")} == {group}


def test_the_name_of_a_case_is_the_rule_and_its_subject() -> None:
    names = set(cases(verdicts.broken()))
    assert "cert-expired mx1.example.com [192.0.2.1]" in names
    assert all(re.fullmatch(r"[\w-]+( [\w.-]+( \[[\w:.]+\])?)?", name) for name in names)


def test_notes_of_the_run_stand_in_every_suite() -> None:
    root = ET.fromstring(render_junit(verdicts.closed()))  # noqa: S314
    values = [prop.get("value", "") for prop in root.iter("property")]
    assert any("outbound port 25 looks closed here" in value for value in values)


def test_a_domain_that_was_not_judged_is_one_error() -> None:
    verdict = verdicts.healthy()
    [domain] = verdict.domains
    unjudged = replace(domain, results=(), switched_off=(), conclusion=Conclusion.UNKNOWN)
    broken_off = replace(verdict, domains=(domain, unjudged))
    assert_valid(render_junit(broken_off))
    _, suite = ET.fromstring(render_junit(broken_off))  # noqa: S314
    assert (suite.get("tests"), suite.get("errors")) == ("1", "1")
    [error] = suite.iter("error")
    assert "before this domain was judged" in (error.get("message") or "")
    assert "before this domain was judged" in (error.text or "")


def test_a_domain_of_which_nothing_could_be_judged_is_an_error() -> None:
    verdict = verdicts.healthy()
    [domain] = verdict.domains
    nothing = replace(domain, results=domain.results[:1], conclusion=Conclusion.UNKNOWN)
    rendered = render_junit(replace(verdict, domains=(nothing,)))
    assert_valid(rendered)
    [suite] = ET.fromstring(rendered)  # noqa: S314
    [error] = suite.iter("error")
    assert error.get("message") == error.text == "nothing could be judged about this domain"


def test_a_domain_whose_rules_are_all_off_is_no_error() -> None:
    verdict = verdicts.healthy()
    off = replace(verdict, domains=(replace(verdict.domains[0], results=()),))
    [case] = cases(off).values()
    assert [child.tag for child in case] == ["skipped"]
