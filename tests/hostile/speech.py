"""Conversations of the hostile MX host, in its own hands down to the last byte."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable

from mxcheck.demo.loopback import Connection
from tests.hostile.world import BAD, BAD_MX, BAD_TLS

GREETING = f"220 {BAD_MX} ESMTP\r\n".encode()
EXTENSIONS = "250-PIPELINING\r\n250-SIZE\r\n250-8BITMIME\r\n"
EHLO = f"250-{BAD_MX}\r\n{EXTENSIONS}250 STARTTLS\r\n".encode()
EHLO_IN_TLS = f"250-{BAD_MX}\r\n{EXTENSIONS}250 DSN\r\n".encode()
READY, OK, BYE = b"220 Go ahead\r\n", b"250 Ok\r\n", b"221 Bye\r\n"
NO = b"554 5.7.1 Relay access denied\r\n"

Say = Callable[[bytes], Awaitable[None]]
Conversation = Callable[[Connection], Awaitable[None]]


async def talk(connection: Connection, *, until: str, say: Say | None = None) -> None:
    """Answer as a healthy server does, with the words going through `say`, until a verb comes."""
    say, ehlo = say or connection.send, EHLO
    await say(GREETING)
    while True:
        line = (await connection.line()).decode()
        match line.split()[0]:
            case verb if verb == until:
                return
            case "EHLO":
                await say(ehlo)
            case "STARTTLS":
                await say(READY)
                await connection.upgrade(BAD_TLS.context())
                ehlo = EHLO_IN_TLS
            case "RCPT":
                await say(OK if f"{BAD}>" in line else NO)
            case _:
                await say(OK)


def after(verb: str, *words: bytes) -> Conversation:
    """Say these words where an answer to the verb is due, and nothing more."""

    async def converse(connection: Connection) -> None:
        await talk(connection, until=verb)
        for part in words:
            await connection.send(part)
            await asyncio.sleep(0)
        await connection.lost.wait()

    return converse


def reset(connection: Connection) -> None:
    """End the connection with RST, behind what was sent."""
    link = connection._transport.get_extra_info("socket")  # noqa: SLF001 - only a socket can
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.abort()
