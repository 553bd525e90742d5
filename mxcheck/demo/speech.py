"""How scripted servers send the answers of their scripts, in any protocol."""

from typing import assert_never

from mxcheck.demo.loopback import Connection
from mxcheck.demo.smtp_script import Act, Answer, Handshake, Paced


async def say(connection: Connection, answer: Answer) -> None:
    """Send an answer; raises ConnectionAbortedError if the answer ends the connection."""
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
    """Make a TLS handshake fail; always raises ConnectionAbortedError."""
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
    """Send nothing until the client is gone."""
    await connection.lost.wait()
    raise ConnectionAbortedError
