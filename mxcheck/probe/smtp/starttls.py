"""TLS over an open channel, without verification: first the evidence, then the judgement.

The handshake runs over memory buffers rather than the event loop's own TLS, so that what the
server had sent in clear before it stays apart, and its alert is seen when it fails (RFC 3207 6,
RFC 8446 6).
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.tls import TlsSession
from mxcheck.probe.tcp import READ_SIZE, Channel
from mxcheck.wire.tls_alert import parse_last_alert, parse_openssl_alert

HEARD_SIZE = 64
MAX_WORDLESS = 262144
"""Bytes of TLS without a word in them. OpenSSL takes 100 KiB of certificates (its max_cert_list),
and nothing else that a server has to say in a handshake, or between two words, is as long."""
DoneT = TypeVar("DoneT")
_ENCODING_DER = 2  # _ssl.ENCODING_DER, which Python 3.11 and 3.12 keep private


@cache
def _permissive_context() -> ssl.SSLContext:
    """Take whatever the local OpenSSL can speak, so that a weak server is seen, not missed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options &= ~ssl.OP_NO_RENEGOTIATION
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


@dataclass(frozen=True, slots=True)
class TlsChannel:
    """A channel whose bytes go through TLS; `heard` is the end of what came, as it came."""

    channel: Channel
    tls: ssl.SSLObject
    incoming: ssl.MemoryBIO
    outgoing: ssl.MemoryBIO
    heard: bytearray = field(default_factory=bytearray)

    async def receive(self) -> bytes | Unseen:
        """The next bytes of the peer, deciphered."""
        try:
            data = await self._until_done(lambda: self.tls.read(READ_SIZE))
        except ssl.SSLError as error:
            return Unseen(trouble=Trouble.CLOSED, detail=f"TLS ended: {describe_tls(error)}")
        closed = Unseen(trouble=Trouble.CLOSED, detail="the other side closed the session")
        return data or closed

    async def send(self, data: bytes) -> Unseen | None:
        """Send bytes, enciphered."""
        try:
            # A server that begins a new handshake has to end it before anything can be said.
            written = await self._until_done(lambda: self.tls.write(data))
        except ssl.SSLError as error:
            return Unseen(trouble=Trouble.CLOSED, detail=f"TLS ended: {describe_tls(error)}")
        return written if isinstance(written, Unseen) else await self.flush()

    def ended_in_order(self) -> bool:
        """Whether the peer closed TLS itself, and not TCP alone (RFC 8446 6.1)."""
        try:
            return not self.tls.read(1)
        except ssl.SSLError:
            return False

    async def handshake(self) -> Unseen | None:
        """Complete the handshake, or say why it did not complete."""
        try:
            trouble = await self._until_done(self.tls.do_handshake)
        except ssl.SSLCertVerificationError as error:
            await self.flush()
            detail = f"the certificate is not accepted: {error.verify_message.rstrip('.')}"
            return Unseen(trouble=Trouble.CERTIFICATE, detail=detail)
        except ssl.SSLError as error:
            await self.flush()
            alert = parse_last_alert(bytes(self.heard))
            # RFC 8446 6.1: that one ends nothing by itself.
            told = alert and alert.description != "user_canceled"
            detail = _alerted(alert.description) if alert and told else describe_tls(error)
            return Unseen(trouble=Trouble.HANDSHAKE, detail=detail)
        return trouble or await self.flush()

    async def _until_done(self, step: Callable[[], DoneT]) -> DoneT | Unseen:
        """Take a step as soon as enough was heard for it."""
        wordless = 0
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                heard = await self._exchange(wordless)
            if isinstance(heard, Unseen):
                return heard
            wordless = heard

    async def flush(self) -> Unseen | None:
        """Put what TLS has to say on the wire."""
        return await self.channel.send(self.outgoing.read())

    async def _exchange(self, before: int) -> int | Unseen:
        """Say what TLS has to say and hear what comes; the bytes of it, those `before` included."""
        trouble = await self.flush()
        if trouble:
            return trouble
        data = await self.channel.receive()
        if isinstance(data, Unseen):
            return data
        self.incoming.write(data)
        self.heard[:] = (self.heard + data)[-HEARD_SIZE:]
        if before + len(data) > MAX_WORDLESS:
            detail = f"more than {MAX_WORDLESS // 1024} KiB of TLS came without a word in them"
            return Unseen(trouble=Trouble.FLOOD, detail=detail)
        return before + len(data)

    def close(self) -> None:
        """Let go of the connection at once."""
        self.channel.close()

    @property
    def local_address(self) -> str:
        """The address of this machine that the connection uses."""
        return self.channel.local_address


def wrap(channel: Channel, server_name: str) -> TlsChannel:
    """Put TLS on a channel; SNI is the MX host without its trailing dot (RFC 8461 7.1)."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = _permissive_context()
    try:
        tls = context.wrap_bio(incoming, outgoing, server_hostname=server_name)
    except (ValueError, ssl.SSLError):
        # DNS carries any bytes; a name that is no host name cannot be sent (RFC 6066 3).
        tls = context.wrap_bio(incoming, outgoing)
    return TlsChannel(channel, tls, incoming, outgoing)


def describe_session(channel: TlsChannel, unread: bytes) -> TlsSession:
    """What a completed handshake showed."""
    cipher = channel.tls.cipher()
    return TlsSession(
        version=channel.tls.version() or "",
        cipher=cipher[0] if cipher else "",
        chain=_sent_chain(channel.tls),
        unread=unread,
    )


def _sent_chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """The certificates as sent, leaf first (DER)."""
    if hasattr(tls, "get_unverified_chain"):  # Python 3.13 and later
        return tuple(tls.get_unverified_chain())
    private = tls._sslobj  # type: ignore[attr-defined] # noqa: SLF001 - its older private twin
    chain = private.get_unverified_chain() or ()
    return tuple(certificate.public_bytes(_ENCODING_DER) for certificate in chain)


def describe_tls(error: ssl.SSLError) -> str:
    """The alert that the server sent, by its name in RFC 8446 6, or OpenSSL's own words."""
    # Not every alert has a reason: Python knows those of the OpenSSL that it was made with.
    reason = error.reason or str(error)
    alert = parse_openssl_alert(reason)
    if alert:
        return _alerted(alert)
    words = reason.lower().replace("_", " ")
    if isinstance(error, ssl.SSLEOFError):
        return "the server ended the session in the middle"
    if reason == "EXCESSIVE_MESSAGE_SIZE":
        return "the server sends a message longer than OpenSSL takes (100 KiB of certificates)"
    if reason in {"WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "HTTP_REQUEST"}:
        return f"the server's answer is not TLS ({words})"
    return words


def _alerted(name: str) -> str:
    return f"the server sent the alert {name}"
