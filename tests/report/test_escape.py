import pytest

from mxcheck.report.escape import for_json, for_terminal, for_xml


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("220 mx1 ESMTP Postfix", "220 mx1 ESMTP Postfix"),
        ("Grüße aus Köln", "Grüße aus Köln"),
        ("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m"),
        ("\x9b31m", r"\x9b31m"),
        ("a\x00b\x7fc\x85d", r"a\x00b\x7fc\x85d"),
        ("a\r\nb\tc", r"a\r\nb\tc"),
        ("\u202egnp.exe\u2066", r"\u202egnp.exe\u2066"),
        ("zero\u200bwidth\ufeff", r"zero\u200bwidth\ufeff"),
        ("a\u2028b\u2029c", r"a\u2028b\u2029c"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("::error::boo", r":\:error::boo"),
        ("said ::set-output name=x::y", r"said :\:set-output name=x::y"),
        ("##[error]boo", r"#\#[error]boo"),
        ("x ##vso[task.complete]", r"x #\#vso[task.complete]"),
        ("###[group]", r"##\#[group]"),
        ("[2001:db8::25] and ::1", "[2001:db8::25] and ::1"),
        ("## heading", "## heading"),
    ],
)
def test_words_are_inert_on_a_terminal(words: str, shown: str) -> None:
    assert for_terminal(words) == shown
    assert for_terminal(shown) == shown


def test_overlong_words_are_cut() -> None:
    assert for_terminal("x" * 20, 10) == "x" * 9 + "…"
    assert for_terminal("x" * 10, 10) == "x" * 10


def test_xml_keeps_line_feeds_alone() -> None:
    assert for_xml("a\nb\r\tc\x0b\ufffe") == "a\nb\\r\\tc\\x0b\\ufffe"
    assert for_xml("a\n::error::b") == "a\n:\\:error::b"


def test_json_loses_lone_surrogates_alone() -> None:
    assert for_json("a\ud800\x1b\u202e😀") == "a\\ud800\x1b\u202e😀"
