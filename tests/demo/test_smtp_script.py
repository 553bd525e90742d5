from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import (
    BYTE_FLOOD,
    LINE_FLOOD,
    Act,
    Answer,
    Script,
    closed_relay,
    open_relay,
)
from mxcheck.demo.smtp_server import ScriptedSmtp
from tests.demo.client import HEALTHY, HOST, TLS, client_of


@pytest.mark.parametrize(
    ("script", "command", "reply"),
    [
        (Script(ehlo=b"502 5.5.2 no EHLO\r\n"), b"EHLO a", b"502 5.5.2 no EHLO\r\n"),
        (Script(hostname=HOST), b"HELO a", b"250 mx1.healthy.example\r\n"),
        (Script(helo=b"504 no\r\n"), b"HELO a", b"504 no\r\n"),
        (Script(hostname=HOST, extensions=("SIZE 10",)), b"EHLO a", b"250-" + HOST.encode()),
        (Script(hostname=HOST, extensions=()), b"EHLO a", b"250 mx1.healthy.example\r\n"),
        (Script(), b"STARTTLS", b"502 5.5.1 Error: command not implemented\r\n"),
        (Script(starttls=b"454 4.7.0 later\r\n", tls=TLS), b"STARTTLS", b"454 4.7.0 later\r\n"),
        (Script(starttls=Act.CLOSE, tls=TLS), b"STARTTLS", b""),
        (Script(mail=b"550 5.7.1 go away\r\n"), b"MAIL FROM:<>", b"550 5.7.1 go away\r\n"),
        (Script(drop_at="MAIL"), b"MAIL FROM:<>", b""),
    ],
)
async def test_a_scripted_answer(script: Script, command: bytes, reply: bytes) -> None:
    async with ScriptedSmtp(script) as server, client_of(server) as client:
        await client.reply()
        assert (await client.ask(command)).startswith(reply)


@pytest.mark.parametrize(
    ("recipient", "reply"),
    [
        ("postmaster@healthy.example", "250 2.1.5 Ok"),
        ("Postmaster@Healthy.Example", "250 2.1.5 Ok"),
        ("nobody@healthy.example", "550 5.1.1 <nobody@healthy.example>: User unknown"),
        ("postmaster@iana.org", "554 5.7.1 <postmaster@iana.org>: Relay access denied"),
        ("a%iana.org@healthy.example", "554 5.7.1 "),
        ('"a@iana.org"@healthy.example', "554 5.7.1 "),
        ("iana.org!a@healthy.example", "554 5.7.1 "),
        ("@healthy.example:a@iana.org", "554 5.7.1 "),
    ],
)
def test_a_closed_relay(recipient: str, reply: str) -> None:
    answer = closed_relay(("healthy.example",), mailboxes=("postmaster",))("", recipient)
    assert isinstance(answer, bytes)
    assert answer.decode().startswith(reply)
    assert open_relay("", recipient) == b"250 2.1.5 Ok\r\n"


def test_a_closed_relay_takes_any_mailbox_unless_told() -> None:
    assert closed_relay(("healthy.example",))("", "x@healthy.example") == b"250 2.1.5 Ok\r\n"


@pytest.mark.parametrize(
    "greeting",
    [
        b"220-mx1.healthy.example teaser\r\n220 mx1.healthy.example ESMTP\r\n",
        b"this is not an SMTP reply\r\n",
        b"554 5.7.1 no service for you\r\n",
    ],
)
async def test_a_greeting_is_sent_as_it_is(greeting: bytes) -> None:
    async with (
        ScriptedSmtp(replace(HEALTHY, greeting=greeting)) as server,
        client_of(server) as client,
    ):
        assert await client.reader.readexactly(len(greeting)) == greeting


@pytest.mark.parametrize("flood", [LINE_FLOOD, BYTE_FLOOD])
async def test_an_endless_greeting_does_not_end(flood: Answer) -> None:
    async with (
        ScriptedSmtp(replace(HEALTHY, greeting=flood)) as server,
        client_of(server) as client,
    ):
        words = await client.reader.readexactly(1 << 16)
    assert words.startswith(b"2")
