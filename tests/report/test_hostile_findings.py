"""Whatever a server says, SARIF and Code Quality stay valid, and hold its words as text alone."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxcheck.model.visible import is_visible
from mxcheck.report.escape import for_sarif, for_terminal
from tests.report.rendering import render_codequality, render_sarif
from tests.report.test_codequality import assert_valid_codequality
from tests.report.test_hostile import NASTY, assert_no_command
from tests.report.test_sarif import assert_valid_sarif
from tests.report.verdicts import hostile

OF_SARIF = (
    "[see](https://evil.example/)",
    "[x](1)",
    "](",
    "\\](",
    "[",
    "\\",
    "{0}",
    "{",
    "}",
    "{{0}}",
    "<script>",
    "<img src=x>",
    "<!--",
)
WORDS = st.lists(
    st.sampled_from(NASTY + OF_SARIF) | st.text(st.characters(exclude_categories=())),
    max_size=12,
).map("".join)

# SARIF 2.1.0, 3.11.6 and 3.11.5: an embedded link; a text without any placeholder.
LINK = re.compile(r"\[(?:[^\\\[\]]|\\[\\\[\]])*\]\([^)]*\)")
NO_PLACEHOLDER = re.compile(r"(?:[^{}]|\{\{|\}\})*", re.DOTALL)
TAG = re.compile(r"(?<!\\)<(?:[!?/]|[A-Za-z][A-Za-z0-9-]*[\s/>])")


def assert_plain(text: str) -> None:
    """That a reader of SARIF finds nothing but text in a message."""
    assert not LINK.search(text)
    assert NO_PLACEHOLDER.fullmatch(text)
    assert not TAG.search(text)
    assert all(is_visible(line) for line in text.split("\n"))


def texts(run: Any) -> list[str]:  # noqa: ANN401 - JSON
    [invocation] = run["invocations"]
    notifications = [
        *invocation["toolExecutionNotifications"],
        *invocation["toolConfigurationNotifications"],
    ]
    return [said["message"]["text"] for said in (*run["results"], *notifications)]


@settings(deadline=None, database=None)
@given(WORDS)
def test_sarif_stays_valid_and_holds_text_alone(words: str) -> None:
    text = render_sarif(hostile(words))
    assert text.isascii()
    assert_no_command(text)
    assert_valid_sarif(text)
    [run] = json.loads(text)["runs"]
    assert len(texts(run)) == 8
    for said in texts(run):
        assert_plain(said)
    prints = [entry["partialFingerprints"]["mxcheck/v1"] for entry in run["results"]]
    assert len(set(prints)) == len(prints) == 6


@settings(deadline=None, database=None)
@given(WORDS)
def test_codequality_stays_valid_and_holds_what_can_be_printed(words: str) -> None:
    text = render_codequality(hostile(words))
    assert text.isascii()
    assert_no_command(text)
    assert_valid_codequality(text)
    issues = json.loads(text)
    assert all(is_visible(issue["description"]) for issue in issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues) == 7


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("mx1.example.com [192.0.2.1]:25", "mx1.example.com [192.0.2.1]:25"),
        ("RCPT TO:<postmaster@example.com>", "RCPT TO:<postmaster@example.com>"),
        ("[see](https://evil.example/)", r"[see]\(https://evil.example/)"),
        (r"[see\](1)", r"[see\]\(1)"),
        ("{0} {", "{{0}} {{"),
        ('levels = { "smtp-slow" = "off" } does', 'levels."smtp-slow" = "off" does'),
        ("a <img", r"a \<img"),
        ("<b>bold</b> 1 < 2", r"\<b>bold\</b> 1 < 2"),
        ("a\nb\x1b\u202e", r"a\nb\x1b\u202e"),
    ],
)
def test_a_message_of_sarif(words: str, text: str) -> None:
    assert for_sarif(words) == text


@settings(deadline=None, database=None)
@given(WORDS)
def test_a_reader_of_sarif_sees_the_words(words: str) -> None:
    seen = for_sarif(words).replace("{{", "{").replace("}}", "}")
    assert seen.replace("\\", "") == for_terminal(words).replace("\\", "")
