from pathlib import Path

import pytest

from mxcheck.rules import RULES
from tests.dialogues.dialogue import FILES, check, read_dialogue

VISITS = 4
"""Connections to a healthy host: the visit, old TLS, the other chain, the large hello."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_rule_about_an_operators_server(path: Path) -> None:
    dialogue = read_dialogue(path)
    seen = check(dialogue)
    odd = {
        rule: f"{seen.outcomes[rule]}, not {wanted}: {seen.message(rule)}"
        for rule, wanted in dialogue.wanted.items()
        if seen.outcomes[rule] != wanted
    }
    assert odd == {}
    assert seen.verdict.exit_code == dialogue.exit_code


def test_the_tables_name_every_rule_and_no_other() -> None:
    rules = {rule.id for rule in RULES}
    for path in FILES:
        unnamed = rules ^ set(read_dialogue(path).wanted)
        assert not unnamed, f"{path.name}, or healthy.toml for a new rule: {unnamed}"


def test_a_healthy_server_is_told_so() -> None:
    codes = [read_dialogue(path).exit_code for path in FILES]
    assert set(codes) == {0, 3}
    assert codes.count(0) >= len(codes) / 2


def test_an_ordinary_healthy_server_gets_few_connections() -> None:
    seen = check(read_dialogue(next(path for path in FILES if path.stem == "postfix")))
    assert seen.connections <= VISITS
