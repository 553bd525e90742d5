"""How many streams wait at once, and what is not matched."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.via import ssh
from mxcheck.probe.via.ssh import SshWay, _Client
from mxcheck.wire.ssh_log import SshLog, Stream

NEW = "debug1: channel {}: new stdio-forward [stdio-forward] (inactive timeout: 0)"


@dataclass
class FakeClient:
    stream: Stream
    words: asyncio.Future[str]

    async def answer(self) -> str:
        return await self.words


class FakeWay(SshWay):
    """A way whose clients are not started: the test says what they hear, and what is logged."""

    def __init__(self) -> None:
        process: Any = None
        super().__init__(folder=Path(), process=process, log=SshLog())
        self.clients: list[FakeClient] = []

    @asynccontextmanager
    async def _client(self, address: str, port: int) -> AsyncIterator[Any]:
        stream = self.log.expect(address, port)
        await self.hear(f"debug1: channel_connect_stdio_fwd: {address}:{port}")
        await self.hear(NEW.format(len(self.clients)))
        self.clients.append(FakeClient(stream, asyncio.get_running_loop().create_future()))
        yield self.clients[-1]

    async def hear(self, line: str) -> None:
        self.log.feed(line)
        async with self._changed:
            self._changed.notify_all()

    async def refuse(self, number: int, words: str) -> None:
        await self.hear(f"channel {number}: open failed: {words}")
        self.clients[number].words.set_result("refused by peer")


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_connects_that_outlive_our_own_limit_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ssh, "MOST_WAITING", 2)
    way = FakeWay()
    connects = [asyncio.create_task(way.connect(f"192.0.2.{n}", 25, 60)) for n in range(3)]
    await settle()
    assert len(way.clients) == 2
    connects[0].cancel()  # its channel still waits at the other machine
    await settle()
    assert len(way.clients) == 2
    await way.hear("debug1: channel 0: free: direct-tcpip: listening port 0")
    await settle()
    assert len(way.clients) == 3
    for connect in connects:
        connect.cancel()


async def test_each_refusal_goes_to_its_own_host() -> None:
    way = FakeWay()
    connects = [asyncio.create_task(way.connect(f"192.0.2.{n}", 25, 60)) for n in range(3)]
    await settle()
    await way.refuse(2, "connect failed: No route to host")
    await way.refuse(0, "connect failed: Connection refused")
    await way.refuse(1, "administratively prohibited: open failed")
    seen = await asyncio.gather(*connects)
    assert [one.trouble for one in seen if isinstance(one, Unseen)] == [
        Trouble.REFUSED,
        Trouble.WAY_OUT,
        Trouble.HOST_UNREACHABLE,
    ]
    assert isinstance(seen[1], Unseen)
    assert "let the key forward to that port: permitopen" in seen[1].detail


async def test_what_the_log_does_not_tell_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh, "_REASON_SECONDS", 0)
    way = FakeWay()
    connect = asyncio.create_task(way.connect("192.0.2.1", 25, 60))
    await settle()
    way.clients[0].words.set_result("refused by peer")
    seen = await connect
    assert isinstance(seen, Unseen)
    assert seen.trouble is Trouble.WAY_OUT


class FakeProcess:
    """A client's process that has said these words; `killed` says whether it was sent a signal."""

    def __init__(self, words: bytes) -> None:
        self.stderr = asyncio.StreamReader()
        self.stderr.feed_data(words)
        self.stderr.feed_eof()
        self.killed = False

    def kill(self) -> None:
        self.killed = True

    async def wait(self) -> int:
        return 255


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (b"debug1: x\nmux_client_request_stdio_fwd: refused by peer\n", "refused by peer"),
        (b"kex_exchange: closed\n", "kex_exchange: closed"),
    ],
)
async def test_a_client_that_ends_by_itself_is_sent_no_signal(words: bytes, answer: str) -> None:
    """asyncio and Popen both wait for it then, and the loser writes a warning (CPython 3.11)."""
    ours, theirs = socket.socketpair()
    process: Any = FakeProcess(words)
    client = _Client(stream=Stream(target="192.0.2.1:25"), socket=ours, process=process)
    with theirs:
        assert await client.answer() == answer
        await client.leave()
    assert not process.killed


async def test_a_client_that_is_not_waited_for_is_ended() -> None:
    ours, theirs = socket.socketpair()
    process: Any = FakeProcess(b"")
    client = _Client(stream=Stream(target="192.0.2.1:25"), socket=ours, process=process)
    with theirs:
        await client.leave()
    assert process.killed
