from dataclasses import replace

import pytest

from mxcheck.config.model import Color
from mxcheck.config.output import Screen
from mxcheck.demo import run
from mxcheck.rules import RULES
from mxcheck.rules.base import Pass
from mxcheck.rules.dns import mx_null


def test_demo_explains_each_domain_and_exits_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.run_demo(Screen(color=Color.NEVER)) == 0
    text = capsys.readouterr().out
    assert text.count("\nas built: ") == 9
    assert "Open TCP 25 inbound for 192.0.2.21" in text
    assert "OPEN RELAY" in text
    assert "Every verdict came out as built" in text


def test_demo_fails_where_a_verdict_is_not_as_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    blind = replace(mx_null.RULE, check=lambda _mx, _case: Pass(message=""))
    rules = tuple(blind if rule.id == blind.id else rule for rule in RULES)
    monkeypatch.setattr("mxcheck.judge.RULES", rules)
    assert run.run_demo(Screen(quiet=True)) == 70
    assert "NOT AS BUILT: parked.example" in capsys.readouterr().out
