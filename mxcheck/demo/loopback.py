"""TCP servers on loopback: read by line or length, upgrade to TLS, end at once."""

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
        """Go on as far as the bytes allow; return whether the handshake is complete."""
        with suppress(ssl.SSLWantReadError):
            self.session.do_handshake()
            return True
        return False

    def decrypt(self, data: bytes) -> bytes:
        """Decrypt what has arrived, as far as it is complete."""
        self.incoming.write(data)
        said = bytearray()
        with suppress(ssl.SSLError):  # nothing more for now, or nothing more at all
            while part := self.session.read(_READ_SIZE):
                said += part
        return bytes(said)

    def encrypt(self, data: bytes) -> bytes:
        """Encrypt bytes."""
        self.session.write(data)
        return self.outgoing.read()

    def farewell(self) -> bytes:
        """Close TLS and return the close_notify to send, without waiting for the peer's."""
        with suppress(ssl.SSLError):
            self.session.unwrap()
        return self.outgoing.read()


class Connection(asyncio.Protocol):
    """One accepted connection; its methods raise OSError once the peer is gone.

    received: the bytes that have arrived and were not read yet.
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
        """Whether the connection is in TLS."""
        return self._tls is not None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport and begin the conversation."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
            self._started(self)

    def data_received(self, data: bytes) -> None:
        """Keep what arrived until it is read."""
        self.received += self._tls.decrypt(data) if self._tls else data
        self._news.set()

    def connection_lost(self, _error: Exception | None) -> None:
        """Wake everything that waits for this peer."""
        self.lost.set()
        self._news.set()
        self._writable.set()

    def pause_writing(self) -> None:
        """Make `send` wait while the peer reads too slowly."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Let `send` go on."""
        self._writable.set()

    async def line(self) -> bytes:
        """Read one line, with its end."""
        return await self._take(lambda: self.received.find(b"\n") + 1)

    async def exactly(self, size: int) -> bytes:
        """Read `size` bytes."""
        return await self._take(lambda: size if len(self.received) >= size else 0)

    async def anything(self) -> bytes:
        """Read what has arrived, once something has."""
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
            # The connection is known to be lost before the loop has reported it.
            raise ConnectionResetError
        self._transport.write(self._tls.encrypt(data) if self._tls else data)
        await self._writable.wait()
        if self.lost.is_set():
            raise ConnectionResetError

    async def upgrade(self, context: ssl.SSLContext) -> ssl.SSLObject:
        """Do the server's side of a TLS handshake and go on inside TLS.

        What is in `received` already stays there, before what comes inside TLS. asyncio's own
        upgrade drops the alert of a handshake that fails, which clients want to see.
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
        self.data_received(b"")  # what came after the handshake waits in its buffer
        return tls.session

    def close(self) -> None:
        """Close the connection cleanly."""
        if self._tls and self._has_more_to_say:
            self._transport.write(self._tls.farewell())
        self._transport.close()

    def abort(self) -> None:
        """End the connection at once."""
        self._transport.abort()

    def half_close(self) -> None:
        """Shut down sending, outside TLS, and go on reading."""
        self._has_more_to_say = False
        self._transport.write_eof()

    def reset(self) -> None:
        """End the connection with a TCP reset, which takes a socket option; else a FIN is sent."""
        linger_not = struct.pack("ii", 1, 0)
        sock = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not)
        self._transport.abort()


class LoopbackServer:
    """A server on addresses of 127.0.0.0/8 that runs one conversation with each client.

    If a client goes away, its conversation ends silently. Any other error of a conversation is
    raised when the server is stopped.
    """

    def __init__(self, converse: Callable[[Connection], Awaitable[None]]) -> None:
        self._converse = converse
        self._conversations: dict[asyncio.Task[None], Connection] = {}
        self._servers: list[asyncio.Server] = []

    async def listen(self, port: int = 0, address: str = LOOPBACK) -> int:
        """Begin to listen, also at several addresses; return the port, OSError if it is in use."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Connection(self._start), address, port)
        self._servers.append(server)
        bound: int = server.sockets[0].getsockname()[1]
        return bound

    def _start(self, connection: Connection) -> None:
        task = asyncio.get_running_loop().create_task(self._hold(connection))
        self._conversations[task] = connection

    async def _hold(self, connection: Connection) -> None:
        with suppress(OSError), closing(connection):
            await self._converse(connection)

    async def close(self) -> None:
        """Stop listening and end every conversation at once."""
        for server in self._servers:
            server.close()
        for task, connection in self._conversations.items():
            task.cancel()
            connection.abort()
        ends = await asyncio.gather(*self._conversations, return_exceptions=True)
        for connection in self._conversations.values():
            await connection.lost.wait()
        for server in self._servers:
            await server.wait_closed()
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
        """Stop serving."""

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
    """A server on a free port of 127.0.0.1 that runs a conversation with each client.

    address: where it listens.
    """

    def __init__(self) -> None:
        self.address: tuple[str, int] = (LOOPBACK, 0)
        self._listener = LoopbackServer(self._serve)

    @abstractmethod
    async def _serve(self, connection: Connection) -> None:
        """Run the conversation with one client."""

    async def start(self) -> None:
        """Begin to listen."""
        self.address = (LOOPBACK, await self._listener.listen())

    async def listen_at(self, address: str) -> None:
        """Listen at a further address, at the same port."""
        await self._listener.listen(self.address[1], address)

    async def stop(self) -> None:
        """Stop listening and end every connection at once."""
        await self._listener.close()
