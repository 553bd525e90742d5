"""Which rules are asked, and at which level."""

from typing import Any

import pytest

from mxcheck.evidence.items import Item, with_requirements
from mxcheck.judge.verdict import Outcome
from mxcheck.model.policy import FailOn, Level
from mxcheck.rules import RULES
from mxcheck.rules.base import Scope
from mxcheck.rules.subjects import Subject
from tests.build import (
    ADDRESS,
    HOST,
)
from tests.judge.judging import ASKED, FAIL, PASS, PLAIN, SLOW, UNKNOWN, UNREACHED, judge, result_of


@pytest.mark.parametrize(
    ("levels", "fail_on", "level", "blocks"),
    [
        ({}, FailOn.ERROR, Level.WARNING, False),
        ({}, FailOn.WARNING, Level.WARNING, True),
        ({"smtp-slow": Level.ERROR}, FailOn.ERROR, Level.ERROR, True),
        ({"smtp-slow": Level.ERROR}, FailOn.WARNING, Level.ERROR, True),
    ],
)
def test_the_level_says_whether_a_failure_blocks(
    levels: dict[str, Level],
    fail_on: FailOn,
    level: Level,
    blocks: bool,  # noqa: FBT001 - a table
) -> None:
    verdict = judge(SLOW, levels=levels, fail_on=fail_on)
    result = result_of(verdict, "smtp-slow")
    assert (result.outcome, result.level, result.blocks) == (Outcome.FAIL, level, blocks)
    assert verdict.conclusion is (FAIL if blocks else PASS)


def test_a_failure_may_be_made_a_warning() -> None:
    levels = {"starttls-missing": Level.WARNING}
    assert judge(PLAIN, levels=levels).conclusion is PASS
    assert judge(PLAIN, levels=levels, fail_on=FailOn.WARNING).conclusion is FAIL


def test_an_off_rule_is_not_asked_but_named() -> None:
    verdict = judge(SLOW, levels={"smtp-slow": Level.OFF})
    assert "smtp-slow" not in {result.rule.id for result in verdict.results}
    (off,) = (off for off in verdict.switched_off if off.rule.id == "smtp-slow")
    assert off.subject == Subject(kind=Scope.ENDPOINT, parts=(HOST, ADDRESS))


@pytest.mark.parametrize(
    ("select", "level"),
    [(("smtp-slow",), Level.ERROR), (("mx-missing", "smtp-slow"), Level.ERROR), (("smtp",), None)],
)
def test_an_off_rule_that_is_selected_by_its_id_is_an_error(
    select: tuple[str, ...], level: Level | None
) -> None:
    verdict = judge(SLOW, select=select, levels={"smtp-slow": Level.OFF})
    levels = {r.rule.id: r.level for r in verdict.results}
    assert levels.get("smtp-slow") is level


@pytest.mark.parametrize(
    ("select", "ignore", "asked"),
    [
        (("open-relay",), (), ["open-relay"]),
        (("relay",), (), ["open-relay", "mx-rejects-domain"]),
        (("relay", "mx-null"), (), ["mx-null", "open-relay", "mx-rejects-domain"]),
        (("relay",), ("open-relay",), ["mx-rejects-domain"]),
        (("open-relay",), ("relay",), []),
        (
            (),
            ("smtp", "tls", "cert", "dns", "dane", "mta-sts", "posture"),
            ["open-relay", "mx-rejects-domain"],
        ),
    ],
)
def test_rules_are_selected_and_ignored_by_id_and_family(
    select: tuple[str, ...], ignore: tuple[str, ...], asked: list[str]
) -> None:
    verdict = judge(select=select, ignore=ignore)
    assert [result.rule.id for result in verdict.results] == asked


def test_without_smtp_every_rule_is_asked_that_reads_nothing_of_a_visit() -> None:
    asked = {result.rule.id for result in judge(no_smtp=True).results}
    unable = {
        rule.id for rule in RULES if Item.VISIT in with_requirements(frozenset(rule.all_reads))
    }
    assert asked == set(ASKED) - unable
    assert {"mx-missing", "mta-sts-policy-unfetchable", "dane-unusable"} <= asked
    assert not {"smtp-unreachable", "open-relay", "cert-expired", "caa-forbids-issuer"} & asked


@pytest.mark.parametrize(
    ("policy", "asked"),
    [
        ({"select": ("mx-missing", "open-relay")}, {"mx-missing"}),
        ({"select": ("smtp",)}, set()),
        (
            {"select": ("dane",), "ignore": ("dane-insecure",)},
            {"dane-lookup-failed", "dane-unusable"},
        ),
    ],
)
def test_without_smtp_a_selection_is_narrowed(policy: dict[str, Any], asked: set[str]) -> None:
    assert {result.rule.id for result in judge(no_smtp=True, **policy).results} == asked


def test_what_is_ignored_cannot_fail() -> None:
    assert judge(PLAIN, ignore=("starttls-missing",)).conclusion is PASS
    assert judge(PLAIN, ignore=("tls",)).conclusion is PASS


def test_a_selected_rule_whose_cause_nobody_judges_is_unknown() -> None:
    verdict = judge(UNREACHED, select=("cert-expired", "mx-missing"))
    result = result_of(verdict, "cert-expired")
    assert result.outcome is Outcome.UNKNOWN
    assert "smtp-unreachable, which is not selected" in result.message
    assert "Add smtp-unreachable to the selection" in result.remedy
    assert verdict.conclusion is UNKNOWN


@pytest.mark.parametrize(
    "policy",
    [
        {"select": ("cert-expired", "mx-missing", "smtp-unreachable")},
        {"select": ("cert-expired", "mx-missing", "smtp")},
        {"select": ("cert-expired", "mx-missing"), "ignore": ("smtp-unreachable",)},
        {"select": ("cert-expired", "mx-missing"), "ignore": ("smtp",)},
        {"select": ("cert", "mx-missing"), "levels": {"smtp-unreachable": Level.OFF}},
        {"levels": {"smtp-unreachable": Level.OFF}},
        {"ignore": ("smtp-unreachable",)},
    ],
)
def test_a_cause_that_is_judged_or_accepted_leaves_the_rule_not_applicable(
    policy: dict[str, Any],
) -> None:
    verdict = judge(UNREACHED, **policy)
    assert result_of(verdict, "cert-expired").outcome is Outcome.NOT_APPLICABLE
