"""TCP on loopback: connections read by line or length, upgraded to TLS, and ended at once."""

import asyncio
import socket
import ssl
import struct
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from types import TracebackType
from typing import Self

LOOPBACK = "127.0.0.1"
_READ_SIZE = 1 << 16


class _Tls:
    """The server's side of TLS between two buffers of ciphertext."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.session = context.wrap_bio(self.incoming, self.outgoing, server_side=True)

    def shake_hands(self) -> bool:
        """Go as far as the bytes at hand allow and tell whether the handshake is complete."""
        with suppress(ssl.SSLWantReadError):
            self.session.do_handshake()
            return True
        return False

    def decrypt(self, data: bytes) -> bytes:
        """Turn ciphertext that arrived into what it says so far."""
        self.incoming.write(data)
        said = bytearray()
        with suppress(ssl.SSLError):  # nothing more for now, or nothing more at all
            while part := self.session.read(_READ_SIZE):
                said += part
        return bytes(said)

    def encrypt(self, data: bytes) -> bytes:
        """Turn words into ciphertext."""
        self.session.write(data)
        return self.outgoing.read()

    def farewell(self) -> bytes:
        """Close TLS and give the close_notify to send; the peer's is not waited for."""
        with suppress(ssl.SSLError):
            self.session.unwrap()
        return self.outgoing.read()


class Connection(asyncio.Protocol):
    """One accepted connection; its methods raise OSError once the peer is gone.

    received: the bytes that have arrived and are not taken yet.
    lost: set when the connection is over.
    """

    def __init__(self, started: Callable[["Connection"], None]) -> None:
        self.received = bytearray()
        self.lost = asyncio.Event()
        self._started = started
        self._news = asyncio.Event()
        self._writable = asyncio.Event()
        self._writable.set()
        self._tls: _Tls | None = None
        self._has_more_to_say = True

    @property
    def in_tls(self) -> bool:
        """Whether what arrives from now on comes out of TLS."""
        return self._tls is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport and let the conversation begin."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._started(self)

    def data_received(self, data: bytes) -> None:
        """Keep what arrived until it is taken."""
        self.received += self._tls.decrypt(data) if self._tls else data
        self._news.set()

    def connection_lost(self, _error: Exception | None) -> None:
        """Wake whoever waits for this peer."""
        self.lost.set()
        self._news.set()
        self._writable.set()

    def pause_writing(self) -> None:
        """Hold back `send` while the peer reads too slowly."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Let `send` go on."""
        self._writable.set()

    async def line(self) -> bytes:
        """Take one line, its end included."""
        return await self._take(lambda: self.received.find(b"\n") + 1)

    async def exactly(self, size: int) -> bytes:
        """Take `size` bytes."""
        return await self._take(lambda: size if len(self.received) >= size else 0)

    async def anything(self) -> bytes:
        """Take what has arrived, once something has."""
        return await self._take(lambda: len(self.received))

    async def _take(self, end: Callable[[], int]) -> bytes:
        while not (size := end()):
            if self.lost.is_set():
                raise ConnectionResetError
            self._news.clear()
            await self._news.wait()
        taken = bytes(self.received[:size])
        del self.received[:size]
        return taken

    async def send(self, data: bytes) -> None:
        """Write, and wait while the peer's window is full."""
        if self._transport.is_closing():
            # The loss is known before the loop has had a chance to tell of it.
            raise ConnectionResetError
        self._transport.write(self._tls.encrypt(data) if self._tls else data)
        await self._writable.wait()
        if self.lost.is_set():
            raise ConnectionResetError

    async def upgrade(self, context: ssl.SSLContext) -> ssl.SSLObject:
        """Do the server's side of a TLS handshake and go on inside TLS.

        What is in `received` already stays there, in front of what comes inside TLS.
        asyncio's own upgrade drops the alert of a handshake that fails, which clients want to see.
        """
        tls, in_clear = _Tls(context), bytes(self.received)
        self.received.clear()
        try:
            while not tls.shake_hands():
                self._transport.write(tls.outgoing.read())
                tls.incoming.write(await self.anything())
        finally:
            self._transport.write(tls.outgoing.read())
        self._tls = tls
        self.received += in_clear
        self.data_received(b"")  # what came behind the handshake waits in its buffer
        return tls.session

    def close(self) -> None:
        """End the connection in good order."""
        if self._tls and self._has_more_to_say:
            self._transport.write(self._tls.farewell())
        self._transport.close()

    def abort(self) -> None:
        """End the connection at once."""
        self._transport.abort()

    def half_close(self) -> None:
        """Say that nothing more will come, outside TLS, and go on reading."""
        self._has_more_to_say = False
        self._transport.write_eof()

    def reset(self) -> None:
        """End the connection with a TCP reset: what no socket option asks for is a mere FIN."""
        linger_not = struct.pack("ii", 1, 0)
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not)
        self._transport.abort()


class LoopbackServer:
    """Listens on 127.0.0.1 and holds one conversation with each client.

    A client that goes away ends its conversation quietly. Any other error of a conversation
    is raised when the server is left.
    """

    def __init__(self, converse: Callable[[Connection], Awaitable[None]]) -> None:
        self._converse = converse
        self._conversations: dict[asyncio.Task[None], Connection] = {}

    async def listen(self, port: int = 0) -> int:
        """Start to listen and tell the port; OSError where it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Connection(self._start), LOOPBACK, port)
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    def _start(self, connection: Connection) -> None:
        task = asyncio.get_running_loop().create_task(self._hold(connection))
        self._conversations[task] = connection

    async def _hold(self, connection: Connection) -> None:
        with suppress(OSError), closing(connection):
            await self._converse(connection)

    async def close(self) -> None:
        """Stop listening and end every conversation at once."""
        self._server.close()
        for task, connection in self._conversations.items():
            task.cancel()
            connection.abort()
        ends = await asyncio.gather(*self._conversations, return_exceptions=True)
        for connection in self._conversations.values():
            await connection.lost.wait()
        await self._server.wait_closed()
        for end in ends:
            if isinstance(end, Exception):
                raise end


class Running(ABC):
    """An async context manager made of `start` and `stop`."""

    @abstractmethod
    async def start(self) -> None:
        """Begin to serve."""

    @abstractmethod
    async def stop(self) -> None:
        """Cease to serve."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()


class Listening(Running):
    """Listens on a free port of 127.0.0.1, and holds a conversation with each client.

    address: where it listens.
    """

    def __init__(self) -> None:
        self.address: tuple[str, int] = (LOOPBACK, 0)
        self._listener = LoopbackServer(self._serve)

    @abstractmethod
    async def _serve(self, connection: Connection) -> None:
        """Hold a conversation."""

    async def start(self) -> None:
        """Begin to listen."""
        self.address = (LOOPBACK, await self._listener.listen())

    async def stop(self) -> None:
        """Cease to listen and end every connection at once."""
        await self._listener.close()
