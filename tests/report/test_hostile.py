"""Whatever a server says, every report stays whole, and nothing in it is a command."""

import json
import re
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from mxcheck.report.escape import for_terminal
from mxcheck.report.github_annotations import COMMAND_LIMIT
from mxcheck.report.text.page import render_summary
from tests.report.pages import PARSERS, assert_inert
from tests.report.rendering import (
    render_github_annotations,
    render_github_summary,
    render_json,
    render_junit,
    render_markdown,
    render_text,
)
from tests.report.runner import run_line
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
    "%0A::error::x",
    "%",
    ",line=1",
    "</details>",
    "|",
    "`",
    "@user",
    "https://evil.example",
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


@settings(deadline=None, database=None)
@given(WORDS)
def test_markdown_has_the_elements_that_it_has_for_harmless_words(words: str) -> None:
    # Without the notes the remedies are shown, which here are the same.
    hostile_run = replace(hostile(words), notes=())
    harmless_run = replace(hostile("harmless" if words else ""), notes=())
    for render in (render_markdown, render_github_summary):
        text, harmless = render(hostile_run), render(harmless_run)
        assert_no_command(text)
        assert_no_command(render(hostile(words)))
        for parse in PARSERS:
            page = parse(text)
            assert page.tags == parse(harmless).tags
            assert_inert(page)


@settings(deadline=None, database=None)
@given(WORDS)
def test_annotations_are_those_of_harmless_words_with_others_in_them(words: str) -> None:
    text = render_github_annotations(hostile(words))
    commands = [run_line(line) for line in text.splitlines()]
    harmless = render_github_annotations(hostile("harmless")).splitlines()
    assert [command.shape for command in commands] == [run_line(one).shape for one in harmless]
    assert all(len(line) <= COMMAND_LIMIT for line in text.splitlines())
    assert all(character.isprintable() for line in text.split("\n") for character in line)
    said = [line for command in commands for line in command.data.split("\n")]
    assert for_terminal(words) in said
