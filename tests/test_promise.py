"""The promise of SECURITY.md is kept in every test; here, that a breach of it would be seen."""

import asyncio

import pytest

from mxcheck.demo.loopback import Connection
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.probe.smtp.dialogue import FORBIDDEN
from tests.demo.client import HEALTHY, client_of
from tests.hostile.world import RawServer
from tests.promise import NEVER_SENT, Listeners


def test_the_probe_refuses_what_is_never_sent() -> None:
    assert FORBIDDEN == NEVER_SENT


@pytest.mark.parametrize("verb", sorted(NEVER_SENT))
@pytest.mark.parametrize("in_tls", [False, True])
async def test_what_a_server_was_sent_is_known(
    listeners: Listeners, verb: str, *, in_tls: bool
) -> None:
    async with ScriptedSmtp(HEALTHY) as server, client_of(server) as client:
        await client.reply()
        if in_tls:
            await client.upgrade()
        await client.ask(f"{verb.lower()} x".encode())
        assert listeners.look() == [f"{verb.lower()} x"]
    assert listeners.look() == [f"{verb.lower()} x"]
    assert listeners.look() == []


async def test_no_other_server_on_loopback_is_overlooked(listeners: Listeners) -> None:
    async def converse(connection: Connection) -> None:
        await connection.line()

    async with RawServer(converse) as server:
        reader, writer = await asyncio.open_connection(*server.address)
        writer.write(b"EHLO x\r\nAUTH PLAIN\r\n")
        assert not await reader.read()
        writer.close()
    assert listeners.look() == ["AUTH PLAIN"]


async def test_what_a_server_throws_away_counts_too(listeners: Listeners) -> None:
    async with ScriptedSmtp(HEALTHY) as server, client_of(server) as client:
        await client.reply()
        client.writer.write(b"STARTTLS\r\nVRFY root\r\n")
        await client.reply()
    assert listeners.look() == ["VRFY root"]
