"""What a proxy's replies become, whatever they are."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from mxcheck.demo.loopback import Connection, LoopbackServer
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.tcp import Channel
from mxcheck.probe.via.addresses import SocksProxy
from mxcheck.probe.via.errors import WayOutError
from mxcheck.probe.via.socks5 import SocksWay, open_proxy

TARGET = ("203.0.114.1", 25)
NO_LOGIN, REFUSES_ALL = b"\x05\x00", b"\x05\xff"
ANY_ADDRESS = b"\x00\x01\x00\x00\x00\x00\x00\x00"
CONNECTED = b"\x05\x00" + ANY_ADDRESS


@asynccontextmanager
async def proxy(*answers: bytes) -> AsyncIterator[SocksProxy]:
    """A proxy that answers each message with the next of these, and then closes."""

    async def converse(connection: Connection) -> None:
        for answer in answers:
            await connection.anything()
            await connection.send(answer)

    server = LoopbackServer(converse)
    port = await server.listen()
    try:
        yield SocksProxy(host="127.0.0.1", port=port)
    finally:
        await server.close()


async def through(*answers: bytes, seconds: float = 5) -> Channel | Unseen:
    async with proxy(*answers) as gate:
        opened = await SocksWay(gate=gate, host="").connect(*TARGET, seconds)
        if isinstance(opened, Unseen):
            return opened
        opened[0].close()
        return opened[0]


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (1, Trouble.WAY_OUT),
        (2, Trouble.WAY_OUT),
        (3, Trouble.NO_ROUTE),
        (4, Trouble.HOST_UNREACHABLE),
        (5, Trouble.REFUSED),
        (6, Trouble.WAY_OUT),
        (7, Trouble.WAY_OUT),
        (8, Trouble.NO_ROUTE),
        (99, Trouble.WAY_OUT),
    ],
)
async def test_a_reply_code_says_no_more_than_it_tells_apart(code: int, trouble: Trouble) -> None:
    seen = await through(NO_LOGIN, bytes([5, code]) + ANY_ADDRESS)
    assert isinstance(seen, Unseen)
    assert seen.trouble is trouble


async def test_a_connection_through_a_proxy_is_not_certain() -> None:
    seen = await through(NO_LOGIN, CONNECTED)
    assert isinstance(seen, Channel)
    assert not seen.is_certain


async def test_a_proxy_that_closes_in_place_of_a_reply_tells_nothing() -> None:
    async with proxy(NO_LOGIN, b"\x05") as gate:
        seen = await SocksWay(gate=gate, host="").connect(*TARGET, 5)
    assert isinstance(seen, Unseen)
    assert seen.trouble is Trouble.WAY_OUT


async def test_a_proxy_that_is_gone_has_broken() -> None:
    async with proxy(NO_LOGIN) as gate:
        way = await open_proxy(gate, 5)
    for seen in (await way.connect(*TARGET, 5), await way.why_broken()):
        assert isinstance(seen, Unseen)
        assert seen.trouble is Trouble.WAY_BROKEN
        assert "broke during the run: " in seen.detail


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ((REFUSES_ALL,), "wants a login"),
        ((b"HTTP/1.1 400",), "does not speak SOCKS5"),
        ((b"\x05\x02",), "wants a login"),
    ],
)
async def test_a_proxy_that_cannot_be_used_is_named(
    answers: tuple[bytes, ...], reason: str
) -> None:
    async with proxy(*answers) as gate:
        with pytest.raises(WayOutError, match=reason) as raised:
            await open_proxy(gate, 5)
        assert str(raised.value).startswith(f"socks5://127.0.0.1:{gate.port}: ")
