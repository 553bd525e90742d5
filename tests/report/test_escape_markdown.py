"""Hostile words in Markdown: exactly those words, and no element."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mxcheck.report.escape import for_markdown, for_terminal
from tests.report.pages import MADE_OF_TEXT, PARSERS, assert_inert, editor, github

# As the reports use it: the Markdown around a text, and the tags that are ours.
CONTEXTS = {
    "paragraph": ("{0}", ["p"]),
    "heading": ("## {0}: FAIL", ["h2"]),
    "item": ("- **FAIL** `rule` {0}\n\n  {0}", ["ul", "li", "p", "strong", "code", "p"]),
    "bare item": ("- {0}", ["ul", "li"]),
    "table": (
        "| a | b |\n|---|---|\n| {0} | {0} |",
        ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"],
    ),
    "html": ("<details><summary>{0}</summary>\n\n</details>", ["details", "summary"]),
    "emphasis": ("<strong>{0}</strong> · x", ["p", "strong"]),
}
NASTY = (
    *("`", "``", "```\n", "~~~", "|", r"\|", "\\", "*", "**", "_", "__", "~~", "a_b"),
    *("<b>", "</td>", "</summary>", "<!--", "-->", "<?x", "<![CDATA[", "<https://evil.example>"),
    *("[a](https://evil.example)", "![i](x)", "](", "[^1]", "[a]: x", "[ ] ", "[x] ", "[[_TOC_]]"),
    *("# ", "- ", "+ ", "1. ", "12) ", "> ", "---", "===", "    ", "\t", "| - |", "|---|", ":-:"),
    *("@user", "@org/team", "#12", "owner/repo#1", "GH-12", "!1", "~label", "%1", "&1", "$1"),
    *(
        "https://evil.example/x?y=1",
        "http://localhost",
        "//evil.com",
        "www.evil.com",
        "www.…",
        "evil.com",
    ),
    *("a@evil.com", "mailto:a@b.com", "xmpp:a@b.c", "ftp://x.y", "://"),
    *(":x:", ":+1:", ":100:", "$a$", "$$", "$`a`$", "{+a+}", "[-b-]"),
    *(
        "&amp;",
        "&lt;b&gt;",
        "&#60;",
        "\r\n",
        "\n\n",
        "\x00",
        "\u202e",
        "\u200b",
        "\u2028",
        "\ud800",
    ),
    *(" ", "a", "1", "é", "."),
)
WORDS = (
    st.lists(st.sampled_from(NASTY) | st.text(max_size=4), min_size=1, max_size=8)
    .map("".join)
    .filter(bool)
)


def assert_shown(words: str, shown: str) -> None:
    for markdown, tags in CONTEXTS.values():
        for render in PARSERS:
            page = render(markdown.format(for_markdown(words)))
            assert page.tags == tags
            assert shown in page.text
            assert_inert(page)


@pytest.mark.parametrize("words", [word for word in NASTY if word.isprintable()])
def test_every_piece_is_shown_as_it_is(words: str) -> None:
    assert_shown(words, words)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\r\nb\tc", r"a\r\nb\tc"),
        ("a\x00b", r"a\x00b"),
        ("\u202egnp.exe\u2066", r"\u202egnp.exe\u2066"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("a\u2028b", r"a\u2028b"),
        ("\ud800", r"\ud800"),
        ("\x1b[31mred", r"\x1b[31mred"),
    ],
)
def test_what_cannot_be_printed_is_shown_as_an_escape(words: str, shown: str) -> None:
    assert_shown(words, shown)


@settings(deadline=None, database=None)
@given(WORDS)
def test_any_mixture_is_shown_as_it_is(words: str) -> None:
    # One by one, characters are never what a CI system takes for a command.
    assert_shown(words, "".join(map(for_terminal, words)))


def test_the_parsers_would_link_what_is_not_made_inert() -> None:
    assert "a" in github("a@evil.com https://evil.example www.evil.com").tags
    assert "a" in editor("evil.com").tags
    # A character reference alone does not hold GitHub back from linking an address.
    assert "a" in github("a&#64;evil.com").tags
    assert MADE_OF_TEXT.search("thanks @user")


def test_plain_words_stay_readable() -> None:
    plain = "the certificate (CN=x, smtpd_tls_key) expired on 2026-01-28, 3 days ago: see 5.7.1"
    assert for_markdown(plain) == plain


def test_overlong_words_are_cut_as_they_are_read() -> None:
    assert github(for_markdown("|" * 20, 10)).text.strip() == "|" * 9 + "…"
    assert github(for_markdown("|" * 10, 10)).text.strip() == "|" * 10
