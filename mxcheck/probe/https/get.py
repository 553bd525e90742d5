"""One GET over HTTPS, with limits on time and size (RFC 8461 3.3, RFC 9112).

The handshake accepts every certificate, so that there is evidence; the rules judge whether senders
accept it.
"""

import ssl
from dataclasses import dataclass, field, replace
from functools import cache
from http import HTTPStatus
from typing import TypeAlias

import h11

from mxcheck import __version__
from mxcheck.evidence.mta_sts import PolicyResponse
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.smtp.starttls import TlsChannel, sent_chain
from mxcheck.probe.tcp import Channel
from mxcheck.wire.mta_sts import MAX_POLICY

MAX_HEAD = 64 * 1024
MAX_BODY = MAX_POLICY  # bytes
MAX_HEARD = 512 * 1024
"""In all: enough for a body in chunks of one byte each (RFC 9112 7.1)."""
MAX_FIELD_KEPT = 2048

Event: TypeAlias = h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]


@dataclass(slots=True)
class Exchange:
    """One request to a host and its response.

    `chain` are the certificates that came (DER, leaf first), `heard` counts the bytes of HTTP.
    """

    host: str
    path: str
    chain: tuple[bytes, ...] = ()
    heard: int = 0
    _ended: Unseen | None = None
    _parser: h11.Connection = field(
        default_factory=lambda: h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEARD)
    )

    async def get(self, opened: Channel) -> PolicyResponse | Unseen:
        """Complete the handshake and send the request; leave the channel open."""
        channel = _wrap(opened, self.host)
        trouble = await channel.handshake()
        if trouble:
            return trouble
        self.chain = sent_chain(channel.tls)
        return await channel.send(self._request()) or await self._read_response(channel)

    def _request(self) -> bytes:
        headers = [
            ("Host", self.host),
            ("User-Agent", f"mxcheck/{__version__}"),
            ("Accept", "*/*"),
            # The size of a compressed body is known only after decompression.
            ("Accept-Encoding", "identity"),
            ("Connection", "close"),
        ]
        request = h11.Request(method="GET", target=self.path, headers=headers)
        return (self._parser.send(request) or b"") + (self._parser.send(h11.EndOfMessage()) or b"")

    async def _read_response(self, channel: TlsChannel) -> PolicyResponse | Unseen:
        event = await self._next_event(channel)
        while isinstance(event, h11.InformationalResponse):  # RFC 9110 15.2: it means nothing here
            event = await self._next_event(channel)
        if isinstance(event, Unseen):
            return event
        if not isinstance(event, h11.Response):
            return Unseen(trouble=Trouble.MALFORMED, detail="the answer is not an HTTP response")
        body: bytes | Unseen = b""
        if event.status_code == HTTPStatus.OK:
            body = await self._read_body(channel)
        if isinstance(body, Unseen):
            return body
        return PolicyResponse(
            status=event.status_code,
            content_type=_field(event, b"content-type"),
            content_encoding=_joined(event, b"content-encoding"),
            location=_field(event, b"location"),
            retry_after=_field(event, b"retry-after"),
            body=body,
        )

    async def _read_body(self, channel: TlsChannel) -> bytes | Unseen:
        body = bytearray()
        while isinstance(event := await self._next_event(channel), h11.Data):
            body += event.data
            if len(body) > MAX_BODY:
                detail = f"the policy is longer than {MAX_BODY // 1024} KiB"
                return Unseen(trouble=Trouble.FLOOD, detail=detail)
        if isinstance(event, Unseen):
            return event
        # RFC 9112 8, 9.8: a body that ends with the connection is complete only if TLS was closed.
        cut_off = None if channel.ended_in_order() else self._broken_off()
        return cut_off or bytes(body)

    async def _next_event(self, channel: TlsChannel) -> Event | Unseen:
        while True:
            try:
                event = self._parser.next_event()
            except h11.RemoteProtocolError as error:
                return self._broken_off() or _not_http(error)
            if event is not h11.NEED_DATA:
                return event
            trouble = await self._hear(channel)
            if trouble:
                return trouble

    def _broken_off(self) -> Unseen | None:
        if self._ended is None:
            return None
        detail = f"{self._ended.detail} before the answer was complete"
        return replace(self._ended, detail=detail)

    async def _hear(self, channel: TlsChannel) -> Unseen | None:
        data = await channel.receive()
        if isinstance(data, Unseen):
            if data.trouble is not Trouble.CLOSED or self._ended or not self.heard:
                return data
            # RFC 9112 6.3: a body of unknown length ends with the connection.
            self._ended, data = data, b""
        self.heard += len(data)
        limit = MAX_HEARD if self._parser.their_state is h11.SEND_BODY else MAX_HEAD
        if self.heard > limit:
            detail = f"the answer does not end within {limit // 1024} KiB"
            return Unseen(trouble=Trouble.FLOOD, detail=detail)
        self._parser.receive_data(data)
        return None


def _not_http(error: h11.RemoteProtocolError) -> Unseen:
    return Unseen(trouble=Trouble.MALFORMED, detail=f"the answer is not HTTP: {error}")


def _field(response: h11.Response, name: bytes) -> str:
    """Return a header field, "" if it is missing; the first of several."""
    values = (value for key, value in response.headers if key == name)
    return _text(next(values, b""))


def _joined(response: h11.Response, name: bytes) -> str:
    """Return a header field that is a list, which may come in several parts (RFC 9110 5.3)."""
    return _text(b", ".join(value for key, value in response.headers if key == name))


def _text(value: bytes) -> str:
    return value[:MAX_FIELD_KEPT].decode("utf-8", "backslashreplace")


def _wrap(channel: Channel, host: str) -> TlsChannel:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = _context().wrap_bio(incoming, outgoing, server_hostname=host)
    return TlsChannel(channel, tls, incoming, outgoing)


@cache
def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context
