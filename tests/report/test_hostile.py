"""Whatever a server says, every report stays whole, and nothing in it is a command."""

import json
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from mxcheck.report.json_v1 import render_json
from mxcheck.report.junit import render_junit
from mxcheck.report.text import render_summary, render_text
from tests.report.test_junit import assert_valid
from tests.report.verdicts import hostile

NASTY = (
    "]]>",
    "<!--",
    "</failure>",
    "&#0;",
    "::error::",
    " ::error file=x::y",
    "\n::add-mask::z",
    "##[error]",
    "##vso[task.complete]",
    "\x1b[2J",
    "\x1b]0;title\x07",
    "\r\n",
    "\x85",
    "\u2028",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\ud800",
    "\udfff",
    "\ufffe",
    "\U0001f4a9",
    "[red]",
    " ",
)
WORDS = st.lists(
    st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=())), max_size=12
).map("".join)
# As the GitHub and Azure runners look for commands in a line of a log.
COMMAND = re.compile(r"^\s*::[A-Za-z][^:]*::|##\w*\[")


def assert_no_command(text: str) -> None:
    assert not [line for line in re.split(r"[\r\n\x85\u2028\u2029]", text) if COMMAND.search(line)]


@settings(deadline=None, database=None)
@given(WORDS)
def test_junit_stays_valid(words: str) -> None:
    text = render_junit(hostile(words))
    assert_valid(text)
    assert_no_command(text)
    assert all(character.isprintable() for line in text.split("\n") for character in line)


@settings(deadline=None, database=None)
@given(WORDS)
def test_json_stays_readable_and_keeps_the_words(words: str) -> None:
    text = render_json(hostile(words))
    assert text.isascii()
    assert_no_command(text)
    kept = words.encode("utf-8", "backslashreplace").decode()
    assert json.loads(text)["notes"] == [kept]


@settings(deadline=None, database=None)
@given(WORDS, st.booleans())
def test_text_holds_no_control_characters(words: str, verbose: bool) -> None:  # noqa: FBT001
    verdict = hostile(words)
    for text in (render_text(verdict, verbose=verbose), render_summary(verdict)):
        assert all(character.isprintable() for line in text.split("\n") for character in line)
        assert_no_command(text)
