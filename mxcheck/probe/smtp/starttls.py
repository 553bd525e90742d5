"""TLS over an open channel, without verification, so that there is evidence to judge.

The handshake runs over memory buffers instead of the event loop's own TLS, so that what the server
had sent in clear before it stays apart, and its alert is seen if it fails (RFC 3207 6, RFC 8446 6).
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.tls import TlsSession
from mxcheck.probe.smtp.handshake_watch import HandshakeWatch
from mxcheck.probe.tcp import READ_SIZE, Channel
from mxcheck.probe.time_budget import describe_limit
from mxcheck.wire.tls_alert import parse_last_alert, parse_openssl_alert

HEARD_SIZE = 64
MAX_WORDLESS = 262144
"""Bytes of TLS that may come without application data. OpenSSL accepts 100 KiB of certificates (its
max_cert_list), and nothing else in a handshake, or between two replies, is as long."""
DoneT = TypeVar("DoneT")
_ENCODING_DER = 2  # _ssl.ENCODING_DER, which Python 3.11 and 3.12 keep private
# Postfix's tls_medium_cipherlist, without suites that show no certificate (and take one's place).
_CIPHERS = "HIGH:MEDIUM:!aNULL:!PSK:!SRP:@SECLEVEL=0"


@cache
def _permissive_context() -> ssl.SSLContext:
    """Return a context for all that the local OpenSSL can speak: a weak server shall be seen.

    What senders refuse all the same is judged from `TlsSession.hello`.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
    context.set_ciphers(_CIPHERS)
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
    watch: HandshakeWatch = field(default_factory=HandshakeWatch)

    async def receive(self) -> bytes | Unseen:
        """Return the next bytes of the peer, decrypted."""
        try:
            data = await self._until_done(lambda: self.tls.read(READ_SIZE))
        except ssl.SSLError as error:
            return Unseen(trouble=Trouble.CLOSED, detail=f"TLS ended: {describe_tls(error)}")
        closed = Unseen(trouble=Trouble.CLOSED, detail="the other side closed the session")
        return data or closed

    async def send(self, data: bytes) -> Unseen | None:
        """Send bytes, encrypted."""
        try:
            # A server that begins a new handshake has to end it before anything can be sent.
            written = await self._until_done(lambda: self.tls.write(data))
        except ssl.SSLError as error:
            return Unseen(trouble=Trouble.CLOSED, detail=f"TLS ended: {describe_tls(error)}")
        return written if isinstance(written, Unseen) else await self.flush()

    def ended_in_order(self) -> bool:
        """Return whether the peer closed TLS itself, and not TCP alone (RFC 8446 6.1)."""
        try:
            return not self.tls.read(1)
        except ssl.SSLError:
            return False

    async def handshake(self) -> Unseen | None:
        """Complete the handshake, or return why it did not complete."""
        try:
            trouble = await self._until_done(self.tls.do_handshake)
        except ssl.SSLCertVerificationError as error:
            await self.flush()
            detail = f"the certificate is not accepted: {error.verify_message.rstrip('.')}"
            return Unseen(trouble=Trouble.CERTIFICATE, detail=detail)
        except ssl.SSLError as error:
            await self.flush()
            alert = parse_last_alert(bytes(self.heard))
            # RFC 8446 6.1: user_canceled ends nothing by itself.
            ends = alert and alert.description != "user_canceled"
            detail = _alerted(alert.description) if alert and ends else self._describe(error)
            return Unseen(trouble=Trouble.HANDSHAKE, detail=detail)
        self.watch.completed = not trouble
        return trouble or await self.flush()

    def _describe(self, error: ssl.SSLError) -> str:
        if error.reason == "DH_KEY_TOO_SMALL":
            return f"OpenSSL refuses a Diffie-Hellman group of {self.watch.dh_bits} bits"
        return describe_tls(error)

    def describe_timeout(self, timeout: float) -> Unseen:
        """Return why the handshake was not complete in time: the server, or our own computing."""
        limit = describe_limit(timeout, "--timeout")
        if self.watch.is_costly:
            size = f"{self.watch.dh_bits} bits"
            detail = f"this machine did not finish a key exchange of {size} within {limit}"
            return Unseen(trouble=Trouble.OWN_LIMIT, detail=detail)
        detail = f"the handshake was not complete after {limit}"
        return Unseen(trouble=Trouble.TIMEOUT, detail=detail)

    async def _until_done(self, step: Callable[[], DoneT]) -> DoneT | Unseen:
        """Take a step as soon as enough has come for it, elsewhere if it keeps the loop waiting."""
        wordless = 0
        while True:
            try:
                return await asyncio.to_thread(step) if self.watch.is_costly else step()
            except ssl.SSLWantReadError:
                heard = await self._exchange(wordless)
            if isinstance(heard, Unseen):
                return heard
            wordless = heard

    async def flush(self) -> Unseen | None:
        """Send what TLS has ready to be sent."""
        return await self.channel.send(self.outgoing.read())

    async def _exchange(self, before: int) -> int | Unseen:
        """Send what is ready and take what comes; return its bytes, those `before` included."""
        trouble = await self.flush()
        if trouble:
            return trouble
        data = await self.channel.receive()
        if isinstance(data, Unseen):
            return data
        self.incoming.write(data)
        self.watch.feed(data)
        self.heard[:] = (self.heard + data)[-HEARD_SIZE:]
        if before + len(data) > MAX_WORDLESS:
            detail = f"more than {MAX_WORDLESS // 1024} KiB of TLS came without a word in them"
            return Unseen(trouble=Trouble.FLOOD, detail=detail)
        return before + len(data)

    def close(self) -> None:
        """Close the connection at once."""
        self.channel.close()

    @property
    def local_address(self) -> str:
        """Return the address that the connection comes from."""
        return self.channel.local_address

    @property
    def is_certain(self) -> bool:
        """Return whether the connection is known to have been made."""
        return self.channel.is_certain


def wrap(channel: Channel, server_name: str) -> TlsChannel:
    """Return TLS over a channel; SNI is the MX host without its trailing dot (RFC 8461 7.1)."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = _permissive_context()
    try:
        tls = context.wrap_bio(incoming, outgoing, server_hostname=server_name)
    except (ValueError, ssl.SSLError):
        # DNS carries any bytes; only a host name can be sent (RFC 6066 3).
        tls = context.wrap_bio(incoming, outgoing)
    return TlsChannel(channel, tls, incoming, outgoing)


def describe_session(channel: TlsChannel, unread: bytes) -> TlsSession:
    """Return what a completed handshake showed."""
    cipher = channel.tls.cipher()
    return TlsSession(
        version=channel.tls.version() or "",
        cipher=cipher[0] if cipher else "",
        chain=sent_chain(channel.tls),
        unread=unread,
        hello=channel.watch.hello,
    )


def sent_chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    """Return the certificates as the server sent them (DER, leaf first)."""
    if hasattr(tls, "get_unverified_chain"):  # Python 3.13 and later
        return tuple(tls.get_unverified_chain())
    private = tls._sslobj  # type: ignore[attr-defined] # noqa: SLF001 - its older private twin
    chain = private.get_unverified_chain() or ()
    return tuple(certificate.public_bytes(_ENCODING_DER) for certificate in chain)


def describe_tls(error: ssl.SSLError) -> str:
    """Return the alert that the server sent, by its name in RFC 8446 6, or OpenSSL's own words."""
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
