"""How a scripted server says what its script has for it, whatever the protocol."""

from typing import assert_never

from mxcheck.demo.loopback import Connection
from mxcheck.demo.smtp_script import Act, Answer, Handshake, Paced


async def say(connection: Connection, answer: Answer) -> None:
    """Send an answer; ConnectionAbortedError where the answer is to end the connection."""
    match answer:
        case bytes():
            await connection.send(answer)
        case Paced(parts=parts, pace=pace):
            for part in parts:
                await pace()
                await connection.send(part)
        case Act.SILENCE:
            await wait_for_the_end(connection)
        case Act.CLOSE:
            raise ConnectionAbortedError
        case Act.RESET:
            connection.reset()
            raise ConnectionAbortedError
        case Act.HALF_CLOSE:
            connection.half_close()
            await wait_for_the_end(connection)
        case never:
            assert_never(never)


async def spoil(connection: Connection, handshake: Handshake) -> None:
    """Let a TLS handshake fail; it always ends in ConnectionAbortedError."""
    match handshake:
        case Handshake.GARBAGE:
            await answer_hello(connection, b"this is not TLS\r\n")
        case Handshake.STALL:
            await wait_for_the_end(connection)
        case Handshake.CLOSE:
            await connection.anything()
            raise ConnectionAbortedError
        case never:
            assert_never(never)


async def answer_hello(connection: Connection, flight: bytes) -> None:
    """Answer a ClientHello with these bytes and nothing more."""
    await connection.anything()
    await connection.send(flight)
    await wait_for_the_end(connection)


async def wait_for_the_end(connection: Connection) -> None:
    """Say nothing until the client has gone."""
    await connection.lost.wait()
    raise ConnectionAbortedError
