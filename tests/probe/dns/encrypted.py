"""Resolvers that are asked over TLS and over HTTPS, in front of a scripted one."""

import ssl
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from mxcheck.demo.certificates import Authority, Issued
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.loopback import LOOPBACK, Connection, LoopbackServer

ROOT = Authority.root(datetime.now(UTC), "Resolver Root")
BY_ADDRESS = ROOT.issue(names=(LOOPBACK,))
BY_NAME = ROOT.issue(names=("dns.example.net", "localhost"))
MEDIA_TYPE = "application/dns-message"


def server_context(issued: Issued) -> ssl.SSLContext:
    """TLS with a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        chain, key = Path(folder) / "chain.pem", Path(folder) / "key.pem"
        chain.write_bytes(issued.chain_pem)
        key.write_bytes(issued.key_pem)
        context.load_cert_chain(chain, key)
    return context


class Encrypted(ScriptedDns):
    """Answers within TLS on a port of its own, and counts the connections.

    It never answers in clear, so that a fallback would be seen as silence.
    """

    def __init__(
        self, zone: str, issued: Issued = BY_ADDRESS, *, authenticated: Collection[str] = ()
    ) -> None:
        super().__init__(zone, authenticated=authenticated)
        self.context = server_context(issued)
        self.connections = 0
        self._front = LoopbackServer(self._greet)

    async def start(self) -> None:
        """Listen."""
        self.address = (LOOPBACK, await self._front.listen())

    async def stop(self) -> None:
        """Close."""
        await self._front.close()

    async def _greet(self, connection: Connection) -> None:
        self.connections += 1
        try:
            await connection.upgrade(self.context)
        except ssl.SSLError:
            return
        await self.serve(connection)

    async def serve(self, connection: Connection) -> None:
        """Answer questions until the client leaves."""
        raise NotImplementedError

    def answer(self, wire: bytes) -> bytes:
        """Answer one question."""
        reply = self._reply(wire, over_tcp=True)
        assert reply is not None
        return reply


class DotServer(Encrypted):
    """DNS over TLS (RFC 7858)."""

    time_budget: int | None = None
    """How many questions it answers on one connection."""

    async def serve(self, connection: Connection) -> None:
        answered = 0
        while self.time_budget is None or answered < self.time_budget:
            size = int.from_bytes(await connection.exactly(2))
            reply = self.answer(await connection.exactly(size))
            await connection.send(len(reply).to_bytes(2) + reply)
            answered += 1


class DohServer(Encrypted):
    """DNS over HTTPS (RFC 8484) in HTTP/1.1; requests are kept."""

    status = "200 OK"
    content_type = MEDIA_TYPE
    body: bytes | None = None

    def __init__(
        self, zone: str, issued: Issued = BY_ADDRESS, *, authenticated: Collection[str] = ()
    ) -> None:
        super().__init__(zone, issued, authenticated=authenticated)
        self.requests: list[tuple[str, dict[str, str]]] = []

    async def serve(self, connection: Connection) -> None:
        while True:
            request = (await connection.line()).decode().strip()
            headers = await self._headers(connection)
            self.requests.append((request, headers))
            wire = await connection.exactly(int(headers["content-length"]))
            body = self.answer(wire) if self.body is None else self.body
            head = (
                f"HTTP/1.1 {self.status}\r\ncontent-type: {self.content_type}\r\n"
                f"content-length: {len(body)}\r\nlocation: https://elsewhere.example/\r\n\r\n"
            )
            await connection.send(head.encode() + body)

    async def _headers(self, connection: Connection) -> dict[str, str]:
        headers = {}
        while line := (await connection.line()).decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        return headers


def expired() -> Issued:
    """A certificate of yesterday."""
    return ROOT.issue(names=(LOOPBACK,), not_after=timedelta(days=-1))
