"""Policy hosts: an HTTP response is read as RFC 9112 has it, whole or not at all."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.mta_sts import PolicyResponse
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.https import get as get_module
from mxcheck.probe.https.get import MAX_BODY, MAX_FIELD_KEPT, MAX_HEARD, Exchange
from mxcheck.probe.tcp import Channel
from tests.fuzz.pieces import CUTS, cut

HOST, PATH = "mta-sts.example.com", "/.well-known/mta-sts.txt"
CLOSED = Unseen(trouble=Trouble.CLOSED, detail="the server closed the connection")


@dataclass(slots=True)
class Said:
    """TLS in which these pieces come, and then the end, in order or not."""

    pieces: Iterator[bytes]
    orderly: bool
    heard: int = 0
    tls: None = None

    async def handshake(self) -> None:
        """Nothing goes wrong."""

    async def send(self, _data: bytes) -> None:
        """All is taken."""

    async def receive(self) -> bytes | Unseen:
        data = next(self.pieces, b"")
        self.heard += len(data)
        return data or CLOSED

    def ended_in_order(self) -> bool:
        return self.orderly


def get(pieces: Iterable[bytes], *, orderly: bool = True) -> PolicyResponse | Unseen:
    """What comes of a request that is answered so; no more is heard than is bearable."""
    said = Said(iter(pieces), orderly)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(get_module, "_wrap", lambda *_: said)
        patch.setattr(get_module, "sent_chain", lambda _: ())
        unused = Channel(asyncio.StreamReader, None)  # type: ignore[arg-type]
        answer = asyncio.run(Exchange(HOST, PATH).get(unused))
    assert said.heard <= MAX_HEARD + 16384
    return answer


VALUES = st.from_regex(r"[!-~é]([ -~é]{0,20}[!-~])?", fullmatch=True)
POLICIES = st.binary(max_size=200) | st.just(b"version: STSv1\nmode: none\nmax_age: 1\n")


@dataclass(frozen=True, slots=True)
class Response:
    """A response, and its bytes; only where it says how long it is can it be cut short."""

    answer: PolicyResponse
    head: bytes
    body: bytes
    framing: str

    @property
    def whole(self) -> bytes:
        return self.head + self.body


@st.composite
def responses(draw: st.DrawFn) -> Response:
    status = draw(st.sampled_from([200, 200, 200, 301, 404, 500, 299]))
    fields = {name: draw(VALUES) for name in draw(st.sets(st.sampled_from(["Type", "Location"])))}
    policy, framing = draw(POLICIES), draw(st.sampled_from(["length", "chunked", "close"]))
    lines = [f"HTTP/1.1 {status} {draw(st.sampled_from(['', 'OK', 'Not Found']))}"]
    lines += [f"{name.replace('Type', 'Content-Type')}: {value}" for name, value in fields.items()]
    if framing == "length":
        lines.append(f"content-length: {len(policy)}")
    if framing == "chunked":
        lines.append("Transfer-Encoding: chunked")
    chunks = cut(policy, draw(CUTS))
    body = policy
    if framing == "chunked":
        body = b"".join(b"%x\r\n%b\r\n" % (len(one), one) for one in chunks) + b"0\r\n\r\n"
    answer = PolicyResponse(
        status=status,
        content_type=fields.get("Type", ""),
        location=fields.get("Location", ""),
        body=policy if status == 200 else b"",
    )
    return Response(answer, "\r\n".join([*lines, "", ""]).encode(), body, framing)


EARLY = st.sampled_from([b"", b"", b"HTTP/1.1 100 Continue\r\n\r\n"])


@given(responses(), EARLY, CUTS)
def test_a_response_is_read_as_it_was_written(
    response: Response, early: bytes, locations: list[int]
) -> None:
    assert get(cut(early + response.whole, locations)) == response.answer


@given(responses(), st.integers(0, 5) | st.integers(0, 400), st.booleans())
def test_a_response_that_is_cut_short_is_none(
    response: Response,
    missing: int,
    orderly: bool,  # noqa: FBT001
) -> None:
    kept = response.whole[: max(0, len(response.whole) - 1 - missing)]
    answer = get([kept], orderly=orderly)
    if len(kept) >= len(response.head) and response.answer.status != 200:
        assert answer == response.answer  # its body is nobody's business
    elif len(kept) >= len(response.head) and response.framing == "close" and orderly:
        assert isinstance(answer, PolicyResponse)
        assert answer.body == kept[len(response.head) :]
    else:
        assert isinstance(answer, Unseen)


NOISE = st.sampled_from([b"\r\n", b"\n", b"\0", b" ", b":", b"\xff", b"0", b"9" * 30, b"chunked"])


@given(responses(), st.integers(0, 300), st.integers(0, 6), NOISE | st.binary(max_size=6))
def test_a_response_in_which_something_is_changed(
    response: Response, location: int, length: int, noise: bytes
) -> None:
    said = response.whole[:location] + noise + response.whole[location + length :]
    answer = get([said])
    if isinstance(answer, Unseen):
        assert answer.trouble in {Trouble.MALFORMED, Trouble.CLOSED, Trouble.FLOOD}
        assert len(answer.detail) < 600
        return
    assert re.search(rb"(\A|\n)HTTP/1\.\d %d" % answer.status, said)
    assert answer.body in said or response.framing == "chunked"
    assert answer.location.encode() in said or "\\x" in answer.location
    assert answer.status == 200 or not answer.body


@given(st.integers(1, 16384), st.sampled_from([b"", b"Content-Length: 99999999\r\n"]))
def test_nothing_is_read_without_end(size: int, field: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\n" + field
    for pieces in (
        [head + b"\r\n", *repeat(bytes(size), 2 * MAX_BODY // size + 2)],
        [head + b"Location: ", *repeat(b"x" * size, 2 * MAX_HEARD // size + 2)],
        repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * (size // 25 + 1), 2 * MAX_HEARD // size + 2),
    ):
        answer = get(pieces)
        assert isinstance(answer, Unseen)
        assert answer.trouble in {Trouble.FLOOD, Trouble.MALFORMED}


@given(st.integers(MAX_FIELD_KEPT - 2, MAX_FIELD_KEPT + 2), st.integers(MAX_BODY - 2, MAX_BODY + 2))
def test_what_is_kept_is_bounded(field: int, body: int) -> None:
    head = f"HTTP/1.1 200 OK\r\nLocation: {'x' * field}\r\nContent-Length: {body}\r\n\r\n"
    answer = get([head.encode(), bytes(body)])
    assert isinstance(answer, PolicyResponse) == (body <= MAX_BODY)
    if isinstance(answer, PolicyResponse):
        assert len(answer.location) == min(field, MAX_FIELD_KEPT)
        assert len(answer.body) == body
