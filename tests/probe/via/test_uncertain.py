"""A way out that says "connected" before it knows: the first byte proves the connection."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from mxcheck.demo.loopback import Connection, LoopbackServer
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Connection as Connected
from mxcheck.evidence.smtp import Greeting, Visit
from mxcheck.model.endpoint import Endpoint
from mxcheck.probe.smtp.notebook import Notebook
from mxcheck.probe.smtp.session import Ended, Plan, open_session
from mxcheck.probe.tcp import Channel, Dialer, Opened

HELLO = b"220 mx.example.com ESMTP\r\n"


@dataclass
class Eager:
    """A way to a server here, which is as certain of its connections as told."""

    port: int
    is_certain: bool
    host: str = ""
    address: str = ""

    async def connect(self, _address: str, _port: int, _seconds: float) -> Opened | Unseen:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        return Channel(reader, writer, is_certain=self.is_certain), 1.0

    async def why_broken(self) -> Unseen | None:
        return None


@asynccontextmanager
async def greeting(words: bytes, *, is_certain: bool) -> AsyncIterator[Visit]:
    """What a visit shows of a server that says these words and closes."""

    async def converse(connection: Connection) -> None:
        await connection.send(words)

    server = LoopbackServer(converse)
    port = await server.listen()
    plan = Plan(
        endpoint=Endpoint(host="mx.example.com", address="127.0.0.1", port=port),
        dialer=Dialer(timeout=5, routes={}, way=Eager(port, is_certain)),
        greeting_timeout=5,
        timeout=5,
        ehlo_name="runner.example",
    )
    notebook = Notebook(Visit(host="mx.example.com", address="203.0.114.1", port=25))
    try:
        assert isinstance(await open_session(plan, notebook.transcript, notebook.note), Ended)
        yield notebook.visit
    finally:
        await server.close()


@pytest.mark.parametrize("is_certain", [True, False])
async def test_a_stream_that_closes_before_its_first_byte(*, is_certain: bool) -> None:
    async with greeting(b"", is_certain=is_certain) as visit:
        pass
    seen = visit.greeting if is_certain else visit.connection
    assert isinstance(seen, Unseen)
    assert seen.trouble is (Trouble.CLOSED if is_certain else Trouble.WAY_OUT)
    assert isinstance(visit.connection, Connected) is is_certain
    assert (visit.greeting is NOT_ASKED) is not is_certain


async def test_the_first_byte_proves_the_connection() -> None:
    async with greeting(HELLO, is_certain=False) as visit:
        pass
    assert isinstance(visit.connection, Connected)
    assert isinstance(visit.greeting, Greeting)
