"""The conclusion from the results, for a domain and for the run."""

from dataclasses import replace
from typing import Any

import pytest

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.conclusion import conclude_run, exit_code_of
from mxcheck.judge.judge import DomainToJudge, unjudged
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Outcome
from mxcheck.model.policy import FailOn, Level, OnUnknown, Policy
from mxcheck.rules import RULES, base
from mxcheck.rules.base import AnyRule, DomainCase
from tests.build import (
    domain_of,
    evidence_of,
    healthy_domain,
    healthy_host,
    healthy_visit,
    trust,
    unseen,
    visit_until,
)
from tests.judge.judging import FAIL, PASS, TURNED_AWAY, UNKNOWN, UNREACHED, judge, result_of
from tests.saving import as_evidence


@pytest.mark.parametrize(
    ("policy", "conclusion"),
    [
        ({}, UNKNOWN),
        ({"on_unknown": OnUnknown.PASS}, PASS),
        ({"levels": {"smtp-greeting-bad": Level.WARNING, "open-relay": Level.WARNING}}, PASS),
        (
            {
                "levels": {"smtp-greeting-bad": Level.WARNING, "open-relay": Level.WARNING},
                "fail_on": FailOn.WARNING,
            },
            PASS,
        ),
    ],
)
def test_what_could_not_be_judged(policy: dict[str, Any], conclusion: Conclusion) -> None:
    verdict = judge(TURNED_AWAY, **policy)
    assert result_of(verdict, "smtp-greeting-bad").outcome is Outcome.UNKNOWN
    assert verdict.conclusion is conclusion


@pytest.mark.parametrize("on_unknown", OnUnknown)
@pytest.mark.parametrize(
    ("visit", "policy"),
    [
        (TURNED_AWAY, {"select": ("smtp-greeting-bad",)}),
        (UNREACHED, {"select": ("cert",), "ignore": ("smtp",)}),
        (healthy_visit(), {"ignore": ("dns", "smtp", "tls", "cert", "relay", "posture")}),
        (healthy_visit(), {"levels": {rule.id: Level.OFF for rule in RULES}}),
    ],
)
def test_where_no_rule_was_judged_nothing_passes(
    visit: Visit, policy: dict[str, Any], on_unknown: OnUnknown
) -> None:
    assert judge(visit, on_unknown=on_unknown, **policy).conclusion is UNKNOWN


@pytest.mark.parametrize(
    ("policy", "conclusion"),
    [
        ({}, UNKNOWN),
        ({"select": ("cert",)}, UNKNOWN),
        ({"select": ("mx-missing",)}, PASS),
        ({"on_unknown": OnUnknown.PASS}, PASS),
    ],
)
def test_mx_hosts_that_were_not_looked_at_are_unknown(
    policy: dict[str, Any], conclusion: Conclusion
) -> None:
    """There are so many: any of those that were left out may be what is wrong."""
    domain = healthy_domain()
    records = ("10 mx1.example.com", "20 mx2.example.com")
    left_out = replace(domain, mx=Answer(owner=domain.name, records=records))
    verdict = judge(domain=left_out, **policy)
    assert verdict.conclusion is conclusion
    why = "1 MX hosts were not checked, because there are too many"
    assert verdict.why_not_judged == (why if conclusion is UNKNOWN else "")


def test_a_failure_weighs_more_than_an_unknown() -> None:
    hosts = (healthy_host(), healthy_host("mx2.example.com", "203.0.114.26"))
    broken = visit_until(
        "connection", unseen(Trouble.REFUSED), host="mx2.example.com", address="203.0.114.26"
    )
    assert judge(TURNED_AWAY, broken, domain=domain_of(*hosts)).conclusion is FAIL


@pytest.mark.parametrize(
    ("level", "at_most", "weighs"),
    [
        (Level.ERROR, Level.ERROR, Level.ERROR),
        (Level.ERROR, Level.WARNING, Level.WARNING),
        (Level.WARNING, Level.ERROR, Level.WARNING),
        (Level.WARNING, Level.WARNING, Level.WARNING),
    ],
)
def test_the_level_of_a_failure_never_rises_above_at_most(
    level: Level, at_most: Level, weighs: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    milder = base.Fail(message="broken", remedy="repair it", at_most=at_most)

    def check(_seen: Answer, _case: DomainCase) -> base.Fail:
        return milder

    rule: AnyRule = replace(RULES[0], check=check)
    monkeypatch.setattr("mxcheck.judge.judge.RULES", (rule,))
    verdict = judge(levels={rule.id: level})
    assert verdict.results[0].level is weighs
    assert verdict.conclusion is (FAIL if weighs is Level.ERROR else PASS)


@pytest.mark.parametrize("at_most", [Level.ERROR, Level.WARNING])
def test_an_unknown_that_is_at_most_a_warning_leaves_the_run_passing(
    at_most: Level, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(_seen: Answer, _case: DomainCase) -> base.Unknown:
        return base.Unknown(message="not seen", at_most=at_most)

    rule: AnyRule = replace(RULES[0], check=check)
    monkeypatch.setattr("mxcheck.judge.judge.RULES", (rule, *RULES[1:]))
    verdict = judge(fail_on=FailOn.WARNING)
    assert verdict.results[0].outcome is Outcome.UNKNOWN
    assert verdict.results[0].level is at_most
    assert verdict.conclusion is (UNKNOWN if at_most is Level.ERROR else PASS)


def concluded(*conclusions: Conclusion) -> list[DomainVerdict]:
    return [replace(judge(), conclusion=conclusion) for conclusion in conclusions]


@pytest.mark.parametrize(
    ("conclusions", "worst", "code"),
    [
        ((PASS,), PASS, 0),
        ((PASS, PASS), PASS, 0),
        ((PASS, FAIL), FAIL, 1),
        ((PASS, UNKNOWN), UNKNOWN, 3),
        ((UNKNOWN, FAIL, PASS), FAIL, 1),
        ((), UNKNOWN, 3),
    ],
)
def test_the_run_comes_to_the_worst_of_its_domains(
    conclusions: tuple[Conclusion, ...], worst: Conclusion, code: int
) -> None:
    verdicts = concluded(*conclusions)
    assert conclude_run(as_evidence(evidence_of()), verdicts) is worst
    assert exit_code_of(as_evidence(evidence_of()), verdicts) == code


@pytest.mark.parametrize("conclusion", Conclusion)
def test_an_interrupted_run_leaves_with_130(conclusion: Conclusion) -> None:
    evidence = replace(evidence_of(), interrupted=True)
    assert exit_code_of(as_evidence(evidence), concluded(conclusion)) == 130


def test_a_domain_that_a_bug_kept_from_being_judged_is_unknown() -> None:
    case = DomainCase(run=evidence_of(), policy=Policy(), trust=trust(), domain=healthy_domain())
    assert unjudged(DomainToJudge(case=case)).conclusion is UNKNOWN
    assert not unjudged(DomainToJudge(case=case)).results
