import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.wire.smtp_reply import (
    MAX_LINE_KEPT,
    MAX_REPLY_KEPT,
    decode_text,
    is_last_line,
    parse_reply,
    quote,
)


@pytest.mark.parametrize(
    ("lines", "code", "texts"),
    [
        ([b"220 mx1.example.com ESMTP"], 220, ("mx1.example.com ESMTP",)),
        ([b"220"], 220, ("",)),
        ([b"220 "], 220, ("",)),
        ([b"250-mx1", b"250-SIZE 1", b"250 HELP"], 250, ("mx1", "SIZE 1", "HELP")),
        ([b"250-mx1", b"250"], 250, ("mx1", "")),
        ([b"250--", b"250  two"], 250, ("-", " two")),
        ([b"554 5.7.1 no"], 554, ("5.7.1 no",)),
        ([b"220 caf\xc3\xa9"], 220, ("café",)),
        ([b"220 caf\xe9"], 220, ("caf\\xe9",)),
        ([b"220 a\x00b\x1b[31m\nc"], 220, ("a\x00b\x1b[31m\nc",)),
        ([b"220 \xed\xa0\x80"], 220, ("\\xed\\xa0\\x80",)),
    ],
)
def test_replies(lines: list[bytes], code: int, texts: tuple[str, ...]) -> None:
    assert parse_reply(lines) == Reply(code=code, lines=texts)


@pytest.mark.parametrize(
    ("lines", "detail"),
    [
        ([], "there is no line"),
        ([b""], "not an SMTP reply line"),
        ([b"HTTP/1.1 400 Bad Request"], "HTTP/1.1"),
        ([b"22 short"], "not an SMTP reply line"),
        ([b"2200 long"], "not an SMTP reply line"),
        ([b"120 soon"], "not an SMTP reply line"),
        ([b"620 never"], "not an SMTP reply line"),
        ([b"220_mx1"], "not an SMTP reply line"),
        ([b" 220 mx1"], "not an SMTP reply line"),
        ([b"\x16\x03\x01\x02"], "not an SMTP reply line"),
        ([b"250-mx1", b"garbage"], "garbage"),
        ([b"250-mx1", b"500 no"], "changes from 250 to 500"),
    ],
)
def test_what_is_no_reply(lines: list[bytes], detail: str) -> None:
    seen = parse_reply(lines)
    assert isinstance(seen, Unseen)
    assert seen.trouble is Trouble.MALFORMED
    assert detail in seen.detail


@pytest.mark.parametrize(
    ("line", "last"),
    [
        (b"250 ok", True),
        (b"250", True),
        (b"250-more", False),
        (b"250-", False),
        (b"", True),
        (b"garbage-", True),
        (b"999-", True),
    ],
)
def test_which_line_ends_a_reply(line: bytes, last: bool) -> None:  # noqa: FBT001 - a table
    assert is_last_line(line) is last


def test_overlong_lines_are_cut() -> None:
    seen = parse_reply([b"220 " + b"x" * 100_000])
    assert isinstance(seen, Reply)
    assert len(seen.text) == MAX_LINE_KEPT


def test_the_lines_of_a_reply_are_cut_together() -> None:
    wire = [b"250-" + "é".encode() * MAX_LINE_KEPT] * 99 + [b"250 end"]
    seen = parse_reply(wire)
    assert isinstance(seen, Reply)
    assert len(seen.lines) == 100
    assert len("".join(seen.lines)) == MAX_REPLY_KEPT


def test_a_character_at_the_cut_is_not_lost() -> None:
    assert decode_text(b"x" * (MAX_LINE_KEPT - 1) + "é".encode()).endswith("x\\xc3")


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_any_bytes_are_a_reply_or_malformed(lines: list[bytes]) -> None:
    seen = parse_reply(lines)
    if isinstance(seen, Reply):
        assert len(seen.lines) == len(lines)
        assert 200 <= seen.code < 600
        str(seen).encode()
    else:
        assert seen.trouble is Trouble.MALFORMED
        seen.detail.encode()


@given(st.integers(200, 599), st.lists(st.text(max_size=30), min_size=1, max_size=5))
def test_what_is_written_is_read_again(code: int, texts: list[str]) -> None:
    *before, last = [text.encode() for text in texts]
    wire = [b"%d-%s" % (code, text) for text in before] + [b"%d %s" % (code, last)]
    assert [is_last_line(line) for line in wire] == [False] * len(before) + [True]
    assert parse_reply(wire) == Reply(code=code, lines=tuple(texts))


@given(st.binary())
def test_any_bytes_can_be_quoted(line: bytes) -> None:
    assert quote(line).isprintable()
