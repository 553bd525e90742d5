"""What `require` makes an error."""

import pytest

from mxcheck.judge.selection import level_of
from mxcheck.model.policy import Level, Policy
from mxcheck.rules import REQUIREMENTS, RULES

BY_ID = {rule.id: rule for rule in RULES}


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_what_is_required_may_not_be_missing(name: str) -> None:
    (missing,) = (rule for rule in RULES if rule.absence_of == name)
    assert missing.id in {f"{name}-missing", f"{name}-key-missing"}
    policy = Policy(require=(name,), levels={missing.id: Level.WARNING})
    assert level_of(missing, policy) is Level.ERROR


@pytest.mark.parametrize(
    ("name", "rule"), [("dane", "dane-insecure"), ("mta-sts", "mta-sts-not-enforced")]
)
@pytest.mark.parametrize("level", Level)
def test_what_is_there_without_effect_counts_as_missing(name: str, rule: str, level: Level) -> None:
    assert level_of(BY_ID[rule], Policy()) is Level.WARNING
    assert level_of(BY_ID[rule], Policy(require=REQUIREMENTS)) is Level.ERROR
    assert level_of(BY_ID[rule], Policy(require=(name,))) is Level.ERROR
    # What the user says of the rule itself wins.
    assert level_of(BY_ID[rule], Policy(require=(name,), levels={rule: level})) is level


def test_nothing_is_required_unless_told() -> None:
    levels = {rule.id: level_of(rule, Policy()) for rule in RULES}
    assert levels == {rule.id: rule.level for rule in RULES}
