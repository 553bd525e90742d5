import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.smtp import Reply
from mxcheck.wire.ehlo import parse_client_address, parse_ehlo


def ehlo(*lines: str) -> Reply:
    return Reply(code=250, lines=("mx1.example.com at your service", *lines))


@pytest.mark.parametrize(
    ("lines", "extensions"),
    [
        ((), {}),
        (("STARTTLS",), {"STARTTLS": ""}),
        (("starttls", "Size 100"), {"STARTTLS": "", "SIZE": "100"}),
        (("SIZE",), {"SIZE": ""}),
        (("AUTH PLAIN LOGIN",), {"AUTH": "PLAIN LOGIN"}),
        (("AUTH=PLAIN LOGIN",), {"AUTH": "PLAIN LOGIN"}),
        (("AUTH PLAIN", "AUTH=LOGIN"), {"AUTH": "PLAIN"}),
        ((" 8BITMIME ",), {"8BITMIME": ""}),
        (("", "   ", "HELP"), {"HELP": ""}),
        (("XCLIENT NAME ADDR",), {"XCLIENT": "NAME ADDR"}),
    ],
)
def test_extensions(lines: tuple[str, ...], extensions: dict[str, str]) -> None:
    assert parse_ehlo(ehlo(*lines)) == extensions


@pytest.mark.parametrize("lines", [(), ("STARTTLS",), ("mx1 STARTTLS",)])
def test_the_first_line_is_the_servers_name(lines: tuple[str, ...]) -> None:
    assert parse_ehlo(Reply(code=250, lines=lines)) == {}


@given(st.lists(st.text(max_size=40), max_size=8))
def test_any_lines_give_keywords(lines: list[str]) -> None:
    for keyword, parameters in parse_ehlo(ehlo(*lines)).items():
        assert keyword
        assert keyword == keyword.upper()
        assert " " not in keyword
        assert parameters == parameters.strip()


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("mx.example.com Hello probe.example.net [192.0.2.1]", "192.0.2.1"),
        ("mx.example.com Hello probe [192.0.2.1], pleased to meet you", "192.0.2.1"),
        ("mx.google.com at your service, [2001:db8::1]", "2001:db8::1"),
        ("mx Hello [IPv6:2001:db8::1]", "2001:db8::1"),
        ("mx Hello [999.0.0.1] [192.0.2.1]", "192.0.2.1"),
        ("mx Hello probe 192.0.2.1", ""),
        ("mx.example.com", ""),
        ("", ""),
    ],
)
def test_the_address_by_which_the_server_sees_the_client(line: str, address: str) -> None:
    assert parse_client_address(Reply(code=250, lines=(line, "SIZE"))) == address
    assert parse_client_address(Reply(code=250, lines=("mx", line))) == ""


def test_no_line_tells_no_address() -> None:
    assert parse_client_address(Reply(code=250, lines=())) == ""
