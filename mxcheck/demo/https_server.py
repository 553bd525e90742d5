"""An HTTPS server on loopback that follows a script and records what clients ask for."""

import ssl
from dataclasses import dataclass, field

from mxcheck.demo.loopback import Connection, Listening
from mxcheck.demo.smtp_script import Answer, Handshake, Tls
from mxcheck.demo.speech import say, spoil


def http_response(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """Write a response; `_` in a header's name means `-`, and "" leaves the header out."""
    fields = {
        "content-type": "text/plain",
        "content-length": str(len(body)),
        **{name.replace("_", "-").lower(): value for name, value in headers.items()},
    }
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {text}" for name, text in fields.items() if text)]
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The script of one connection: the certificate, and the answer to any request.

    After the answer the server closes the connection cleanly.
    """

    tls: Tls | Handshake
    answer: Answer = b""


@dataclass(slots=True, kw_only=True)
class Request:
    """What one client sent: the lines of the request, and the name in its SNI."""

    lines: list[str] = field(default_factory=list)
    server_name: str | None = None
    tls_version: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The header fields, their names in lower case."""
        pairs = (line.partition(":") for line in self.lines[1:])
        return {name.lower(): value.strip() for name, _, value in pairs}


class ScriptedHttps(Listening):
    """A server on a free port of 127.0.0.1; the n-th connection gets the n-th site.

    Further connections get the last site.
    requests: one for every connection, in order.
    """

    def __init__(self, *sites: Site) -> None:
        super().__init__()
        self.requests: list[Request] = []
        self._sites = sites

    async def start(self) -> None:
        """Begin to listen; raises ssl.SSLError if a site's certificate cannot be used."""
        for site in self._sites:
            if isinstance(site.tls, Tls):
                site.tls.context()
        await super().start()

    async def _serve(self, connection: Connection) -> None:
        site = self._sites[min(len(self.requests), len(self._sites) - 1)]
        request = Request()
        self.requests.append(request)
        if isinstance(site.tls, Handshake):
            await spoil(connection, site.tls)
        else:
            await _shake_hands(connection, site.tls, request)
        while line := (await connection.line()).decode("utf-8", "replace").strip():
            request.lines.append(line)
        await say(connection, site.answer)


async def _shake_hands(connection: Connection, tls: Tls, request: Request) -> None:
    def note(_tls: ssl.SSLObject, server_name: str | None, _context: ssl.SSLContext) -> None:
        request.server_name = server_name

    context = tls.context()
    context.sni_callback = note
    request.tls_version = (await connection.upgrade(context)).version()
