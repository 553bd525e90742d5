"""A server that takes no bytes off the wire."""

from mxcheck.demo.loopback import Connection
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.smtp.dialogue import Dialogue
from mxcheck.probe.smtp.transcript import Transcript
from mxcheck.probe.tcp import Dialer
from tests.hostile.world import RawServer


async def read_nothing(connection: Connection) -> None:
    connection._transport.pause_reading()  # noqa: SLF001 - only a transport can
    await connection.lost.wait()


async def test_a_server_that_reads_nothing_does_not_keep_the_visit_waiting() -> None:
    async with RawServer(read_nothing) as server:
        opened = await Dialer(timeout=5, routes={}).connect(*server.address)
        assert not isinstance(opened, Unseen)
        channel, _ = opened
        try:
            # More than the buffers of both sides hold: what is said next cannot be sent.
            channel.writer.write(bytes(32 << 20))
            answer = await Dialogue(channel, Transcript(), 0.1).command("NOOP")
        finally:
            channel.close()
    assert isinstance(answer, Unseen)
    assert answer.trouble is Trouble.TIMEOUT
    assert answer.detail == "the server took no more bytes within 0.1 s (--timeout)"
