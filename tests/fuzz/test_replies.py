"""SMTP replies: what RFC 5321 4.2 has is read, in whatever pieces, and nothing else is."""

import asyncio
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.probe.smtp.dialogue import Dialogue
from mxcheck.probe.smtp.transcript import MAX_TEXT, Transcript
from mxcheck.probe.tcp import Channel
from mxcheck.wire.refusal import parse_refusal
from mxcheck.wire.smtp_reply import (
    MAX_LINE_KEPT,
    MAX_REPLY_KEPT,
    MAX_REPLY_LINES,
    is_last_line,
    parse_reply,
    quote,
)
from tests.fuzz.pieces import CUTS, cut

PIECES = st.sampled_from(
    [
        *(b"250-", b"250 ", b"250", b"220 ", b"421-", b"550 5.7.1 ", b"199 ", b"600 ", b"2500 "),
        *(b"\r\n", b"\n", b"\r", b"\0", b" ", b"-", b"\xff", b"\xc3\xa9", b"mx1.example.com"),
    ]
)
SAID = st.lists(PIECES | st.binary(max_size=8), max_size=30).map(b"".join)
TEXTS = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=30)
REPLIES = st.lists(
    st.builds(
        Reply,
        code=st.integers(200, 599),
        lines=st.lists(TEXTS, min_size=1, max_size=5).map(tuple),
    ),
    max_size=5,
)
CODES = st.sampled_from(
    [b"250", b"250", b"250", b"550", b"550", b"199", b"600", b"25", b"+50", b"2x0"]
)
ENDS = st.sampled_from([b"", b" ", b"-", b"-", b" ", b"\t", b"_", b"0"])
LINES = st.tuples(CODES, ENDS, st.binary(max_size=5)).map(b"".join) | st.binary(max_size=5)


class Pieces(asyncio.StreamReader):
    """Gives one piece each time."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        super().__init__()
        self._pieces = iter(pieces)

    async def read(self, _size: int = -1) -> bytes:
        return next(self._pieces, b"")


class Nowhere(asyncio.Transport):
    """Where nothing is ever written."""

    def is_closing(self) -> bool:
        return True


async def read_all(pieces: Sequence[bytes]) -> tuple[list[Reply | Unseen], Transcript]:
    """Every reply up to the one that does not come, and the transcript."""
    reader = Pieces(pieces)
    writer = asyncio.StreamWriter(
        Nowhere(),
        asyncio.StreamReaderProtocol(reader),
        reader,
        asyncio.get_running_loop(),
    )
    dialogue = Dialogue(Channel(reader, writer), Transcript(), timeout=10)
    replies = [await dialogue.read_reply(10)]
    while isinstance(replies[-1], Reply) or replies[-1].trouble is Trouble.MALFORMED:
        replies.append(await dialogue.read_reply(10))
    return replies, dialogue.transcript


def write(reply: Reply, end: str) -> str:
    """A reply as a server sends it."""
    *above, last = reply.lines
    return "".join([*(f"{reply.code}-{line}{end}" for line in above), f"{reply.code} {last}{end}"])


@given(REPLIES, CUTS, st.sampled_from(["\r\n", "\n"]))
def test_replies_are_read_as_they_were_written(
    replies: list[Reply], locations: list[int], end: str
) -> None:
    said = "".join(write(reply, end) for reply in replies).encode()
    *read, last = asyncio.run(read_all(cut(said, locations)))[0]
    assert read == replies
    assert isinstance(last, Unseen)
    assert last.trouble is Trouble.CLOSED


@given(SAID, CUTS)
def test_a_reply_is_the_same_however_it_is_cut(said: bytes, locations: list[int]) -> None:
    replies, transcript = asyncio.run(read_all(cut(said, locations)))
    whole, _ = asyncio.run(read_all([said] if said else []))
    assert replies == whole
    assert sum(isinstance(reply, Reply) for reply in replies) <= said.count(b"\n")
    for reply in replies:
        if isinstance(reply, Unseen):
            assert len(reply.detail) < 400
    assert all(len(line.text) <= MAX_TEXT for line in transcript.lines)


@given(st.integers(0, 2 * MAX_REPLY_LINES), st.integers(0, 2 * MAX_LINE_KEPT))
def test_a_reply_is_bounded(lines: int, length: int) -> None:
    said = b"250-" + b"x" * length + b"\r\n"
    [first, *_], _ = asyncio.run(read_all([said * lines + b"250 end\r\n"]))
    if lines < MAX_REPLY_LINES:
        assert isinstance(first, Reply)
        assert len(first.lines) == lines + 1
        kept = min(length, MAX_LINE_KEPT - 4)
        assert sum(map(len, first.lines)) == min(lines * kept + 3, MAX_REPLY_KEPT)
    else:
        assert isinstance(first, Unseen)
        assert first.trouble is Trouble.FLOOD


def is_well_formed(line: bytes) -> bool:
    """RFC 5321 4.2: Reply-code, and behind it nothing, a space or a hyphen."""
    code = line[:3]
    return (
        len(code) == 3
        and code[0] in b"2345"
        and all(digit in b"0123456789" for digit in code)
        and line[3:4] in {b"", b" ", b"-"}
    )


@given(st.lists(LINES, min_size=1, max_size=4))
def test_lines_are_a_reply_where_each_is_well_formed_and_all_of_one_code(
    lines: list[bytes],
) -> None:
    parsed = parse_reply(lines)
    codes = {line[:3] for line in lines}
    assert isinstance(parsed, Reply) == (all(map(is_well_formed, lines)) and len(codes) == 1)
    if isinstance(parsed, Reply):
        assert codes == {str(parsed.code).encode()}
    else:
        assert parsed.trouble is Trouble.MALFORMED
    for line in lines:
        assert is_last_line(line) != (is_well_formed(line) and line[3:4] == b"-")
        shown = quote(line * 100)
        assert shown.isprintable()
        assert len(shown) <= 5 * 60 + 2


@given(st.integers(400, 599), st.lists(st.text(st.characters(max_codepoint=127)), max_size=3))
def test_neither_case_nor_spaces_change_what_is_refused(code: int, lines: list[str]) -> None:
    said = Reply(code=code, lines=tuple(lines))
    loud = Reply(code=code, lines=tuple(line.upper().replace(" ", "  ") for line in lines))
    assert parse_refusal(loud) is parse_refusal(said)
