import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import EXTENSIONS, Act, Answer, Paced, Script, closed_relay
from mxcheck.demo.smtp_server import ScriptedSmtp
from tests.demo.client import HEALTHY, HOST, Client, client_of


async def test_a_healthy_session_from_greeting_to_quit() -> None:
    async with ScriptedSmtp(HEALTHY) as server, client_of(server) as client:
        assert await client.reply() == b"220 mx1.healthy.example ESMTP\r\n"
        clear = (await client.ask(b"EHLO probe.example")).decode().splitlines()
        assert clear == [
            "250-mx1.healthy.example",
            *(f"250-{extension}" for extension in EXTENSIONS),
            "250 STARTTLS",
        ]
        tls = await client.upgrade()
        inside = (await client.ask(b"EHLO probe.example")).decode()
        assert "STARTTLS" not in inside
        assert await client.ask(b"STARTTLS") == b"503 5.5.1 Error: TLS already active\r\n"
        assert await client.ask(b"MAIL FROM:<>") == b"250 2.1.0 Ok\r\n"
        assert await client.ask(b"RCPT TO:<postmaster@demo.example>") == b"250 2.1.5 Ok\r\n"
        assert (await client.ask(b"RSET")).startswith(b"250")
        assert (await client.ask(b"RCPT TO:<postmaster@demo.example>")).startswith(b"503")
        assert (await client.ask(b"HELP")).startswith(b"502")
        assert await client.ask(b"QUIT") == b"221 2.0.0 Bye\r\n"
        assert await client.reader.read() == b""
    (session,) = server.sessions
    assert (session.tls_version, session.server_name) == (tls.version(), HOST)
    assert tls.version() == "TLSv1.3"
    assert [line.data for line in session.lines if not line.in_tls] == [
        b"EHLO probe.example\r\n",
        b"STARTTLS\r\n",
    ]
    assert " ".join(session.verbs) == "EHLO STARTTLS EHLO STARTTLS MAIL RCPT RSET RCPT HELP QUIT"
    assert server.verbs == session.verbs
    assert (session.early, session.unread) == (b"", b"")


async def test_after_a_554_greeting_only_quit_is_obeyed() -> None:
    async with (
        ScriptedSmtp(replace(HEALTHY, greeting=b"554 no service\r\n")) as server,
        client_of(server) as client,
    ):
        await client.reply()
        assert (await client.ask(b"EHLO probe.example")).startswith(b"503")
        assert (await client.ask(b"QUIT")).startswith(b"221")


@pytest.mark.parametrize("greeting", [b"421 4.3.2 busy\r\n", Act.CLOSE])
async def test_a_421_or_a_close_ends_the_connection(greeting: Answer) -> None:
    async with (
        ScriptedSmtp(replace(HEALTHY, greeting=greeting)) as server,
        client_of(server) as client,
    ):
        words = await client.reader.read()
    assert words == (greeting if isinstance(greeting, bytes) else b"")


async def test_a_paced_greeting_waits_and_what_comes_early_is_kept() -> None:
    gate = asyncio.Event()
    greeting = Paced(parts=(b"220 mx1.healthy.example ESMTP\r\n",), pace=gate.wait)
    async with (
        ScriptedSmtp(replace(HEALTHY, greeting=greeting)) as server,
        ScriptedSmtp() as other,
        client_of(server) as client,
    ):
        client.writer.write(b"EHLO early.example\r\n")
        async with client_of(other) as bystander:
            await bystander.reply()  # a round trip, after which the early bytes have arrived
        gate.set()
        assert await client.reply() == b"220 mx1.healthy.example ESMTP\r\n"
        assert (await client.reply()).startswith(b"250-")
    assert server.sessions[0].early == b"EHLO early.example\r\n"
    assert server.sessions[0].verbs == ["EHLO"]


async def test_silence_lasts_until_the_server_is_left() -> None:
    async with ScriptedSmtp(replace(HEALTHY, greeting=Act.SILENCE)) as server:
        reader, writer = await asyncio.open_connection(*server.address)
        waiting = asyncio.create_task(reader.read())
        async with client_of(server) as client:
            client.writer.write(b"QUIT\r\n")
        assert not waiting.done()
    assert await waiting == b""
    writer.close()


async def test_a_refused_sender_opens_no_transaction() -> None:
    async with ScriptedSmtp(Script(mail=b"451 later\r\n")) as server, client_of(server) as client:
        await client.reply()
        await client.ask(b"MAIL FROM:<>")
        assert (await client.ask(b"RCPT TO:<postmaster@demo.example>")).startswith(b"503")


async def test_the_connection_can_drop_after_some_commands() -> None:
    async with ScriptedSmtp(Script(drop_after=2)) as server, client_of(server) as client:
        await client.reply()
        await client.ask(b"NOOP")
        assert (await client.ask(b"NOOP")).startswith(b"250")
        assert await client.reader.read() == b""


async def test_each_connection_follows_its_script_and_the_last_repeats() -> None:
    busy = Script(greeting=b"421 4.3.2 busy\r\n")
    codes = []
    async with ScriptedSmtp(busy, HEALTHY) as server:
        for _ in range(3):
            async with client_of(server) as client:
                codes.append((await client.reply())[:3])
    assert codes == [b"421", b"220", b"220"]
    assert len(server.sessions) == 3


async def test_commands_in_one_segment_are_answered_in_order() -> None:
    script = Script(recipient=closed_relay(("healthy.example",)))
    async with ScriptedSmtp(script) as server, client_of(server) as client:
        await client.reply()
        client.writer.write(
            b"MAIL FROM:<>\r\nRCPT TO:<postmaster@iana.org>\r\n"
            b"RCPT TO:<postmaster@healthy.example>\r\nRSET\r\nQUIT\r\n"
        )
        replies = (await client.reader.read()).decode().splitlines()
    assert [reply[:9] for reply in replies] == [
        "250 2.1.0",
        "554 5.7.1",
        "250 2.1.5",
        "250 2.0.0",
        "221 2.0.0",
    ]


async def test_clients_that_vanish_are_no_error() -> None:
    async with ScriptedSmtp(HEALTHY) as server:
        async with client_of(server) as client:
            await client.reply()
            await client.ask(b"STARTTLS")
            client.writer.write(b"\x16\x03\x01")
        async with client_of(server) as client:
            await client.reply()
            await client.upgrade()
        async with client_of(server):
            pass


async def test_leaving_the_server_ends_connections_in_every_state() -> None:
    async with ScriptedSmtp(HEALTHY) as server:
        clients = [Client(*await asyncio.open_connection(*server.address)) for _ in range(3)]
        for client in clients:
            await client.reply()
        await clients[1].ask(b"STARTTLS")
        await clients[2].upgrade()
    for client in clients:
        with suppress(ConnectionResetError):
            assert await client.reader.read() == b""
        client.writer.close()


async def test_an_error_in_a_script_is_raised_when_the_server_is_left() -> None:
    def broken(_sender: str, recipient: str) -> bytes:
        raise LookupError(recipient)

    server = ScriptedSmtp(Script(recipient=broken))
    await server.start()
    async with client_of(server) as client:
        await client.reply()
        await client.ask(b"MAIL FROM:<>")
        assert await client.ask(b"RCPT TO:<nobody@demo.example>") == b""
    with pytest.raises(LookupError, match="nobody"):
        await server.stop()
