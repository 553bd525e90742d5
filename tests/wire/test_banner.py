import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.smtp import Reply
from mxcheck.wire.banner import parse_banner_host, parse_software


def greeting(*lines: str) -> Reply:
    return Reply(code=220, lines=lines)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("mx1.example.com ESMTP", "mx1.example.com"),
        ("MX1.Example.COM ESMTP", "mx1.example.com"),
        ("mx1.example.com", "mx1.example.com"),
        ("mx1.example.com. hello", "mx1.example.com."),
        ("mx_1.example.com hello", "mx_1.example.com"),
        ("localhost ESMTP", "localhost"),
        ("", None),
        ("****************", None),
        ("mx1..example.com ESMTP", None),
        ("[192.0.2.1] ESMTP", None),
        ("<mx1> ESMTP", None),
        ("\x1b[31mmx1.example.com", None),
        (" mx1.example.com", None),
    ],
)
def test_the_host_name_is_the_first_word(text: str, host: str | None) -> None:
    assert parse_banner_host(greeting(text)) == host


@pytest.mark.parametrize(
    ("lines", "software"),
    [
        (("mx1.example.com ESMTP Postfix",), "Postfix"),
        (("mx1.example.com ESMTP Postfix (Debian/GNU)",), "Postfix"),
        (("mx1.example.com", "mx1.example.com ESMTP Postfix"), "Postfix"),
        (("mx1.example.com ESMTP Exim 4.96 Tue, 01 Apr 2025",), "Exim"),
        (("mx1.example.com ESMTP OpenSMTPD",), "OpenSMTPD"),
        (("mx1.example.com ESMTP Sendmail 8.17/8.17;",), "Sendmail"),
        (("ex.example.com Microsoft ESMTP MAIL Service ready at Mon",), "Exchange"),
        (("mx.google.com ESMTP ffacd0b85a97d-1si - gsmtp",), "Google"),
        (("mx1.example.com ESMTP",), None),
        (("postfix.example.com ESMTP",), None),
        ((), None),
    ],
)
def test_the_software_is_recognised(lines: tuple[str, ...], software: str | None) -> None:
    assert parse_software(greeting(*lines)) == software


@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_greeting_can_be_read(lines: list[str]) -> None:
    host = parse_banner_host(greeting(*lines))
    assert host is None or (host.isascii() and " " not in host)
    parse_software(greeting(*lines))


@pytest.mark.parametrize("character", ["a", "a.", "_", "-", "a-", "*"])
def test_long_words_take_no_time(character: str) -> None:
    parse_banner_host(greeting(character * 100_000 + "!"))
