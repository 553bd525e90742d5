"""A policy host that goes wrong at one place of its answer, on some of its connections."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from mxcheck.demo.loopback import Connection, Listening
from mxcheck.demo.smtp_script import Act
from mxcheck.demo.speech import say
from tests.faults.handshake import half_a_flight
from tests.probe.https.policy_world import TLS

CONTEXT = TLS.context()
POLICY = b"version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmax_age: 604800"
"""Cut short by a digit or two it is a policy still, and says something else."""
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


def with_length(body: bytes) -> bytes:
    return HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


def in_chunks(body: bytes) -> bytes:
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:20], body[20:]))
    return HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


def until_the_end(body: bytes) -> bytes:
    return HEAD + b"Connection: close\r\n\r\n" + body


FRAMINGS: dict[str, Callable[[bytes], bytes]] = {
    "length": with_length,
    "chunks": in_chunks,
    "until the end": until_the_end,
}

PLACES: dict[str, Callable[[bytes], int]] = {
    "the hello": lambda _answer: 0,
    "the handshake": lambda _answer: 0,
    "the request": lambda _answer: 0,
    "the status line": lambda _answer: 11,
    "the header": lambda _answer: len(HEAD) - 9,
    "the body": lambda answer: answer.rindex(b"604800") + 4,
    "the end": len,
}
"""How much of the answer is sent before things go wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer of a policy host: `words` up to `location` and no further, and then an act."""

    words: bytes
    location: str = "the end"
    act: Act = Act.CLOSE
    seconds: float = 0

    @property
    def sent(self) -> bytes:
        """What is sent of it."""
        return self.words[: PLACES[self.location](self.words)]


class FaultyHttps(Listening):
    """Listens on a free port of 127.0.0.1; `connections` are those that were made.

    The first `times` of them meet `answer`, the others the due one.
    """

    def __init__(self, answer: Answer, times: int) -> None:
        super().__init__()
        self.connections = 0
        self.answer, self.times = answer, times

    async def _serve(self, connection: Connection) -> None:
        self.connections += 1
        due = Answer(words=with_length(POLICY))
        answer = self.answer if self.connections <= self.times else due
        if answer.location in {"the hello", "the handshake"}:
            hello = await connection.anything()
            await connection.send(
                half_a_flight(hello) if answer.location == "the handshake" else b""
            )
            await say(connection, answer.act)
        await connection.upgrade(CONTEXT)
        while (await connection.line()).strip():
            pass
        await asyncio.sleep(answer.seconds)
        await connection.send(answer.sent)
        await say(connection, answer.act)
