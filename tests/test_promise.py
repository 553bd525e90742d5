"""The promise of SECURITY.md is kept in every test; here, that a breach of it would be seen."""

import pytest

from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.probe.smtp import FORBIDDEN
from tests.demo.client import HEALTHY, client_of
from tests.promise import NEVER_SENT, Listeners


def test_the_probe_refuses_what_is_never_sent() -> None:
    assert FORBIDDEN == NEVER_SENT


@pytest.mark.parametrize("verb", sorted(NEVER_SENT))
@pytest.mark.parametrize("in_tls", [False, True])
async def test_a_server_tells_what_it_was_sent(
    listeners: Listeners, verb: str, *, in_tls: bool
) -> None:
    async with ScriptedSmtp(HEALTHY) as server, client_of(server) as client:
        await client.reply()
        if in_tls:
            await client.upgrade()
        await client.ask(f"{verb.lower()} x".encode())
        assert listeners.look() == [f"{verb.lower()} x\r\n"]
    assert listeners.look() == [f"{verb.lower()} x\r\n"]
    assert listeners.look() == []


async def test_what_a_server_throws_away_counts_too(listeners: Listeners) -> None:
    async with ScriptedSmtp(HEALTHY) as server, client_of(server) as client:
        await client.reply()
        client.writer.write(b"STARTTLS\r\nVRFY root\r\n")
        await client.reply()
    assert listeners.look() == ["VRFY root"]
