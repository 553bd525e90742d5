from dataclasses import replace

import pytest

from mxcheck.config.model import Color
from mxcheck.config.output import Screen
from mxcheck.demo import run
from mxcheck.judge.verdict import Outcome
from mxcheck.rules import RULES
from mxcheck.rules.base import Pass
from mxcheck.rules.dns import mx_null


def test_demo_explains_each_domain_and_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.run_demo(Screen(color=Color.NEVER)) == 0
    text = capsys.readouterr().out
    assert text.count("\nas expected: ") == 11
    assert "Open TCP 25 inbound for 192.0.2.21" in text
    assert "OPEN RELAY" in text
    assert "Every verdict is as expected" in text


def test_the_promises_of_the_healthy_domain_are_looked_into_and_kept() -> None:
    verdict, _ = run.judge_world(Screen(quiet=True))
    (healthy,) = (each for each in verdict.domains if each.domain.name == "healthy.example")
    outcomes: dict[str, set[Outcome]] = {}
    for result in healthy.results:
        outcomes.setdefault(result.rule.id, set()).add(result.outcome)
    for rule in (
        "dane-mismatch",
        "dane-unusable",
        "mta-sts-policy-unfetchable",
        "mta-sts-not-enforced",
        "mta-sts-mx-unlisted",
        "mta-sts-mx-unauthenticated",
        "tls-rpt-missing",
    ):
        assert outcomes[rule] == {Outcome.PASS}


def test_demo_fails_where_a_verdict_is_not_as_expected(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blind = replace(mx_null.RULE, check=lambda _mx, _case: Pass(message=""))
    rules = tuple(blind if rule.id == blind.id else rule for rule in RULES)
    monkeypatch.setattr("mxcheck.judge.judge.RULES", rules)
    assert run.run_demo(Screen(quiet=True)) == 70
    assert "NOT AS EXPECTED: parked.example" in capsys.readouterr().out
