import json
import re
import sys

import pytest

from mxcheck.catalogue import (
    UnknownRuleError,
    documentation,
    explain,
    find_rule,
    rules_json,
    rules_text,
)
from mxcheck.rules import RULES
from mxcheck.rules.base import AnyRule

BY_ID = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


@BY_ID
def test_a_rule_is_explained_whole(rule: AnyRule) -> None:
    text = explain(rule.id)
    assert text.startswith(f"{rule.id}: {rule.title}\n")
    assert f"Family {rule.family}, level {rule.level}" in text
    assert documentation(rule) in text
    assert f'levels = {{ "{rule.id}" = "warning" }}' in text
    assert f"--ignore {rule.id}" in text
    assert f'[[waiver]]` with `rule = "{rule.id}"' in text
    for reference in rule.references:
        assert reference in text
    locations = [text.index(f"## {section}\n") for section in ("Why it matters", "Repair", "Allow")]
    assert locations == sorted(locations)


@pytest.mark.parametrize("family", sorted({rule.family for rule in RULES}))
def test_a_family_is_explained_with_its_rules(family: str) -> None:
    text = explain(family)
    introduction = sys.modules[f"mxcheck.rules.{family.replace('-', '_')}"].__doc__ or ""
    assert introduction.strip() in text
    listed = {line.split("  ")[0] for line in text.splitlines()}
    assert listed & {rule.id for rule in RULES} == {r.id for r in RULES if r.family == family}


def test_a_family_is_suggested_too() -> None:
    with pytest.raises(UnknownRuleError, match='did you mean "dane"'):
        explain("dan")


@BY_ID
def test_the_documentation_is_the_docstring_of_the_module_and_a_list_of_the_settings(
    rule: AnyRule,
) -> None:
    path = f"mxcheck.rules.{rule.family}.{rule.id}".replace("-", "_")
    docstring = (sys.modules[path].__doc__ or "").strip()
    text = documentation(rule)
    assert text.startswith(docstring)
    items = text.removeprefix(docstring).strip().replace("\n  ", " ").splitlines()
    assert items == [f"- {software}: {setting}" for software, setting in rule.settings.items()]


@pytest.mark.parametrize(
    ("rule", "between"), [("tls-version-old", "1.1.1.\n\n"), ("smtp-slow", "in the policy.\n")]
)
def test_the_settings_are_a_list_of_their_own_or_go_on_with_one(rule: str, between: str) -> None:
    assert f"{between}- Postfix: " in documentation(find_rule(rule))


@BY_ID
def test_no_line_of_the_settings_begins_like_another_block_of_markdown(rule: AnyRule) -> None:
    lines = documentation(rule).splitlines()
    assert not [line for line in lines if re.match(r" +([>+*#]|-(?=\s))", line)]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("open-rely", '"open-rely" is not a rule or family; did you mean "open-relay"?'),
        ("cert_expired", '"cert_expired" is not a rule or family; did you mean "cert-expired"?'),
        ("xyzzy", '"xyzzy" is not a rule or family'),
        ("", '"" is not a rule or family'),
        ("\x1b[31m", '"\\u001b[31m" is not a rule or family'),
    ],
)
def test_a_rule_that_is_not_there_is_named(name: str, message: str) -> None:
    with pytest.raises(UnknownRuleError) as raised:
        explain(name)
    assert str(raised.value) == message


def test_a_rule_is_found_by_its_exact_id() -> None:
    assert [find_rule(rule.id) for rule in RULES] == list(RULES)


def test_the_list_has_a_line_a_rule_in_the_order_of_the_catalogue() -> None:
    lines = rules_text().splitlines()
    assert [line.split()[:3] for line in lines] == [
        [rule.id, str(rule.family), str(rule.level)] for rule in RULES
    ]
    assert all(line.endswith(rule.title) for line, rule in zip(lines, RULES, strict=True))
    assert len({line.index(rule.title) for line, rule in zip(lines, RULES, strict=True)}) == 1


def test_the_list_as_json() -> None:
    objects = json.loads(rules_json())
    assert [list(each) for each in objects] == [
        ["id", "family", "subject", "level", "title", "references"]
    ] * len(RULES)
    assert objects[0] == {
        "id": "mx-missing",
        "family": "dns",
        "subject": "domain",
        "level": "error",
        "title": "the domain has neither an MX record nor an address",
        "references": ["RFC 5321 5.1"],
    }
    assert [each["id"] for each in objects] == [rule.id for rule in RULES]
    assert {each["subject"] for each in objects} == {"domain", "mx", "endpoint", "selector"}
    assert {each["level"] for each in objects} <= {"error", "warning", "off"}
