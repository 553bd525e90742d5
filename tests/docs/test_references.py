"""Compare the cited sections with the headings of the RFCs in rfc_headings.json."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from mxcheck.model.policy import Policy
from mxcheck.rules import RULES
from mxcheck.rules.base import AnyRule

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("rfc_headings.json")
HEADINGS: dict[str, dict[str, str]] = json.loads(TABLE.read_text(encoding="utf-8"))
SOURCES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "mxcheck").rglob("*.py"))
}

SECTION = r"(?:\d+|[A-H](?=\.\d))(?:\.\d+)*"
RFC_REFERENCE = re.compile(rf"RFC ([1-9]\d*) ({SECTION})")
CVE_REFERENCE = re.compile(r"CVE-\d{4}-\d{4,}")
POLICY_REFERENCE = re.compile(r"policy ([a-z_]+)")

# Prose: "RFC 5321", "RFC 5321 4.2", "RFC 5321 4.2, 4.3.1"; a comment may wrap anywhere in it.
SPACE = r"(?:\s+#)?\s+"
ENDS = r"(?![\w/-]|[.:]\w)"
MENTION = re.compile(rf"\bRFC{SPACE}(\d+){ENDS}(?:{SPACE}({SECTION}){ENDS})?")
NEXT_SECTION = re.compile(rf",{SPACE}({SECTION}){ENDS}(?=[),;:.])")
OTHER_SPELLING = re.compile(r"\bRFCs?-?\d|\bRFCs\s+\d|\bRFC\s+\d+,?\s+(?:§|[Ss]ec)|§")

Cited = tuple[str, str]


def fault(rfc: str, section: str) -> str:
    """What is wrong with a citation, and what to do about it."""
    if rfc not in HEADINGS:
        return f'RFC {rfc} is not in {TABLE.name}: read it, and add "{rfc}" with the headings cited'
    if section and section not in HEADINGS[rfc]:
        return (
            f"RFC {rfc} has no section {section} in {TABLE.name}: read the RFC; correct the "
            "citation, or add the section's own heading"
        )
    return ""


def mentions(text: str) -> Iterator[Cited]:
    """Every RFC that a text names, with its section, or "" where it names the whole."""
    for mention in MENTION.finditer(text):
        yield mention[1], mention[2] or ""
        following = NEXT_SECTION.match(text, mention.end()) if mention[2] else None
        while following:
            yield mention[1], following[1]
            following = NEXT_SECTION.match(text, following.end())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_cites_sections_that_exist(rule: AnyRule) -> None:
    assert rule.references
    assert len(set(rule.references)) == len(rule.references), f"{rule.id} cites a source twice"
    for reference in rule.references:
        if cited := RFC_REFERENCE.fullmatch(reference):
            assert not (wrong := fault(cited[1], cited[2])), f"{rule.id}: {wrong}"
        elif setting := POLICY_REFERENCE.fullmatch(reference):
            assert setting[1] in {field.name for field in fields(Policy)}, reference
        else:
            assert CVE_REFERENCE.fullmatch(reference), (
                f'{rule.id}: "{reference}" is none of "RFC 5321 4.5.4" (with its section), '
                '"CVE-2011-0411", "policy min_cert_days"'
            )


@pytest.mark.parametrize("name", SOURCES)
def test_the_source_cites_sections_that_exist(name: str) -> None:
    faults = {fault(rfc, section) for rfc, section in mentions(SOURCES[name])}
    assert not faults - {""}, f"{name}: {'; '.join(sorted(faults - {''}))}"


@pytest.mark.parametrize("name", SOURCES)
def test_the_source_cites_in_one_spelling(name: str) -> None:
    found = OTHER_SPELLING.findall(SOURCES[name])
    assert not found, f'{name}: {found}: write "RFC 5321 4.2", or "RFC 5321 4.2, 4.3.1"'


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("as RFC 5321 asks", [("5321", "")]),
        ("(RFC 8020)", [("8020", "")]),
        ("(RFC 5321 4.2.1: 2yz)", [("5321", "4.2.1")]),
        ("it is so in RFC 8446 6.", [("8446", "6")]),
        ("RFC 2505 2.1 and RFC 5321 3.6.2: a", [("2505", "2.1"), ("5321", "3.6.2")]),
        ("RFC 5321 3.6.2, 7.9: a", [("5321", "3.6.2"), ("5321", "7.9")]),
        ("RFC 7505 3, 4)", [("7505", "3"), ("7505", "4")]),
        ("(RFC 3207 6,\nRFC 8446\n    6).", [("3207", "6"), ("8446", "6")]),
        ("# see RFC\n    # 5321\n    # 4.2, which", [("5321", "4.2")]),
        ("since RFC 2821 (2001)", [("2821", "")]),
        ("(RFC 6101 A.1, RFC 3463 X.7.1)", [("6101", "A.1"), ("3463", "")]),
        ("RFC 5321 2yz, RFC 4291 64:ff9b::", [("5321", ""), ("4291", "")]),
        ("RFC 5321 4.2, 3 digits", [("5321", "4.2")]),
    ],
)
def test_mentions_are_found_in_prose(text: str, cited: list[Cited]) -> None:
    assert list(mentions(text)) == cited


def test_a_missing_source_says_what_to_do() -> None:
    assert fault("5321", "4.5.4") == ""
    assert fault("5321", "") == ""
    assert "correct the citation, or add the section's own heading" in fault("5321", "9.9")
    assert 'add "1" with the headings cited' in fault("1", "2")


def test_the_table_holds_headings() -> None:
    for rfc, headings in HEADINGS.items():
        assert re.fullmatch(r"[1-9]\d*", rfc)
        assert headings, rfc
        for section, title in headings.items():
            assert re.fullmatch(r"(?:\d+|[A-H])(?:\.\d+)*", section), (rfc, section)
            assert title == " ".join(title.split()) != "", (rfc, section)
            parent = section.rpartition(".")[0]
            assert not parent or parent in headings, (rfc, section)
