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
        rule: f"{got}, not {dialogue.wanted.get(rule)}: {seen.message(rule)}"
        for rule, got in seen.outcomes.items()
        if got != dialogue.wanted.get(rule)
    }
    assert odd == {}
    assert seen.verdict.exit_code == dialogue.exit_code


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_table_of_a_server_names_every_rule_and_no_other(path: Path) -> None:
    assert set(read_dialogue(path).wanted) == {rule.id for rule in RULES}


def test_a_healthy_server_is_told_so() -> None:
    codes = [read_dialogue(path).exit_code for path in FILES]
    assert set(codes) == {0, 3}
    assert codes.count(0) >= len(codes) / 2


def test_an_ordinary_healthy_server_gets_few_connections() -> None:
    seen = check(read_dialogue(next(path for path in FILES if path.stem == "postfix")))
    assert seen.connections <= VISITS
