"""How one DNS message goes to one resolver and back: in clear, over TLS, or over HTTPS."""

import asyncio
import ssl
from abc import abstractmethod
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import dns.exception
import dns.flags
import dns.message
import dns.nameserver
import dns.query

if TYPE_CHECKING:
    import httpx2

MAX_MESSAGE = 65535  # bytes, RFC 1035 4.2.2
MAX_RECORDS = 256
"""Of a message, in all its sections: names may be long, and each is read from the others."""
MAX_CONNECTIONS = 4
"""At a time, to one resolver over TLS or HTTPS."""
MEDIA_TYPE = "application/dns-message"  # RFC 8484 6
HTTP_OK = 200

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class CutShortError(dns.exception.FormError):
    """The answer is cut short (TC), though it came over a stream."""


class TooManyRecordsError(dns.exception.FormError):
    """The answer holds more records than are read."""


class OneNameserver(dns.nameserver.Nameserver):
    """A resolver of one transport, as dnspython's own resolver asks it.

    That one takes a nameserver out of its turn on OSError and FormError, and asks it again on its
    Timeout, while there is time. `name` is what users and messages call it.
    """

    name: str

    async def async_query(
        self,
        request: dns.message.QueryMessage,
        timeout: float,  # noqa: ASYNC109 - dnspython's interface
        *_args: Any,  # noqa: ANN401 - what else that interface has is of no use here
        **_rest: Any,  # noqa: ANN401
    ) -> dns.message.Message:
        """Ask once."""
        try:
            async with asyncio.timeout(timeout):
                answer = await self.exchange(request)
        except TimeoutError:
            raise dns.exception.Timeout from None
        if count_records(answer) > MAX_RECORDS:
            raise TooManyRecordsError
        response = dns.message.from_wire(answer)
        if not request.is_response(response):
            raise dns.query.BadResponse
        if response.flags & dns.flags.TC:
            raise CutShortError
        return response

    @abstractmethod
    async def exchange(self, request: dns.message.QueryMessage) -> bytes:
        """Send a question and give what came for it; OSError where nothing did."""

    async def close(self) -> None:
        """Let go of what is kept open between questions."""

    def __str__(self) -> str:
        """Return it as users write it."""
        return self.name

    def kind(self) -> str:
        """Say what dnspython asks for, and does not use here."""
        return type(self).__name__

    def is_always_max_size(self) -> bool:
        """Say that no answer is ever too long: truncation is dealt with here."""
        return True

    def answer_nameserver(self) -> str:
        """Name the resolver in dnspython's errors."""
        return str(self)

    def answer_port(self) -> int:
        """Name no port there: the name has it."""
        return 0


@dataclass(eq=False)
class PlainNameserver(OneNameserver):
    """UDP, and TCP for what is truncated."""

    name: str
    address: str
    port: int

    async def exchange(self, request: dns.message.QueryMessage) -> bytes:
        """Ask from a connected socket, which hears of a port where nobody listens."""
        mailbox = _Mailbox()
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: mailbox, remote_addr=(self.address, self.port)
        )
        with closing(transport):
            wire = request.to_wire()
            transport.sendto(wire)
            answer = await mailbox.take(wire[:2])
        return await self._over_tcp(wire) if is_truncated(answer) else answer

    async def _over_tcp(self, wire: bytes) -> bytes:
        stream = await asyncio.open_connection(self.address, self.port)
        try:
            return await _over_stream(stream, wire)
        finally:
            _abort(stream)


class _Mailbox(asyncio.DatagramProtocol):
    """Keeps what arrives at a UDP socket, errors too."""

    def __init__(self) -> None:
        self._arrived: asyncio.Queue[bytes | Exception] = asyncio.Queue()

    def datagram_received(self, data: bytes, _addr: object) -> None:
        self._arrived.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        self._arrived.put_nowait(exc)

    async def take(self, message_id: bytes) -> bytes:
        """Wait for a message of this id; others are late or forged."""
        while True:
            arrived = await self._arrived.get()
            if isinstance(arrived, Exception):
                raise arrived
            if arrived[:2] == message_id:
                return arrived


@dataclass(eq=False)
class TlsNameserver(OneNameserver):
    """DNS over TLS (RFC 7858); connections are kept and used again (3.4)."""

    name: str
    address: str
    port: int
    hostname: str
    context: ssl.SSLContext

    def __post_init__(self) -> None:
        """Keep a few connections at most."""
        self._idle: list[Stream] = []
        self._slots = asyncio.Semaphore(MAX_CONNECTIONS)

    async def exchange(self, request: dns.message.QueryMessage) -> bytes:
        """Ask on a connection that is idle, or on a new one where there is none left to use."""
        wire = request.to_wire()
        async with self._slots:
            while self._idle:
                try:
                    return await self._ask(self._idle.pop(), wire)
                except (ConnectionError, ssl.SSLError):
                    continue  # the server closes what has been idle for long
            return await self._ask(await self._connect(), wire)

    async def _connect(self) -> Stream:
        return await asyncio.open_connection(
            self.address, self.port, ssl=self.context, server_hostname=self.hostname
        )

    async def _ask(self, stream: Stream, wire: bytes) -> bytes:
        answered = False
        try:
            answer = await _over_stream(stream, wire)
            answered = True
        finally:
            if not answered:
                _abort(stream)
        self._idle.append(stream)
        return answer

    async def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            _abort(self._idle.pop())


@dataclass(eq=False)
class HttpsNameserver(OneNameserver):
    """DNS over HTTPS (RFC 8484), by POST; the host name is looked up by the system."""

    name: str
    url: str
    client: "httpx2.AsyncClient"

    async def exchange(self, request: dns.message.QueryMessage) -> bytes:
        """Ask; a status other than 200, or a body of another kind, is as good as no answer."""
        import httpx2  # noqa: PLC0415 - only who asks over HTTPS needs it

        request.id = 0  # RFC 8484 4.1
        headers = {"accept": MEDIA_TYPE, "content-type": MEDIA_TYPE}
        post = self.client.stream("POST", self.url, headers=headers, content=request.to_wire())
        try:
            async with post as response:
                if response.status_code != HTTP_OK:
                    raise ConnectionError(f"it answers with HTTP status {response.status_code}")
                if response.headers.get("content-type", "").partition(";")[0] != MEDIA_TYPE:
                    raise ConnectionError(f"its answer is not of the type {MEDIA_TYPE}")
                return await _body(response)
        except httpx2.TimeoutException:
            raise TimeoutError from None
        except httpx2.HTTPError as error:
            raise ConnectionError(str(error) or type(error).__name__) from error

    async def close(self) -> None:
        """Close the connections."""
        await self.client.aclose()


async def _body(response: "httpx2.Response") -> bytes:
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > MAX_MESSAGE:
            raise ConnectionError(f"its answer is longer than {MAX_MESSAGE} bytes")
    return body


async def _over_stream(stream: Stream, wire: bytes) -> bytes:
    """Ask over TCP or TLS: each message stands behind its length (RFC 1035 4.2.2)."""
    reader, writer = stream
    writer.write(len(wire).to_bytes(2) + wire)
    await writer.drain()
    try:
        length = int.from_bytes(await reader.readexactly(2))
        return await reader.readexactly(length)
    except asyncio.IncompleteReadError:
        raise ConnectionError("it closes the connection in place of an answer") from None


def _abort(stream: Stream) -> None:
    stream[1].transport.abort()


def is_truncated(wire: bytes) -> bool:
    """Return whether a message has the TC bit (RFC 1035 4.1.1)."""
    return len(wire) > 2 and bool(wire[2] & 0x02)  # noqa: PLR2004 - behind the id


def count_records(wire: bytes) -> int:
    """Return how many records a message says that it holds (RFC 1035 4.1.1)."""
    return sum(int.from_bytes(wire[at : at + 2], "big") for at in (6, 8, 10))
