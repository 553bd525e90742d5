"""Scripts of SMTP servers: what they say and do, and some that are ready to use."""

import ssl
import tempfile
import warnings
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from itertools import repeat

EXTENSIONS = (
    "PIPELINING",
    "SIZE 52428800",
    "ENHANCEDSTATUSCODES",
    "8BITMIME",
    "DSN",
    "SMTPUTF8",
    "CHUNKING",
)


async def at_once() -> None:
    """Do not wait: the default pace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paced:
    """An answer sent part by part; `pace` is awaited before each part.

    A slow answer has one part and the `wait` of an event; an endless one repeats a part for ever.
    """

    parts: Iterable[bytes]
    pace: Callable[[], Awaitable[object]] = at_once


class Act(Enum):
    """An action in place of an answer.

    SILENCE: nothing more is sent. CLOSE: the connection is closed cleanly. RESET: it ends with a
    TCP reset. HALF_CLOSE: sending is shut down, and what the client sends is still read.
    """

    SILENCE = auto()
    CLOSE = auto()
    RESET = auto()
    HALF_CLOSE = auto()


Answer = bytes | Paced | Act
SenderReply = Callable[[str], Answer]
RecipientReply = Callable[[str, str], Answer]

LINE_FLOOD = Paced(parts=repeat(b"220-still more to read before the greeting ends\r\n"))
"""A reply whose last line never comes."""
BYTE_FLOOD = Paced(parts=repeat(b"2" * 512))
"""A line whose end never comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """The server's side of a handshake: PEM texts, versions, OpenSSL cipher string.

    With the default ciphers even TLS 1.0 is possible, whatever the system's settings.
    """

    chain_pem: bytes
    key_pem: bytes
    minimum_version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    maximum_version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
    ciphers: str = "DEFAULT@SECLEVEL=0"

    def context(self) -> ssl.SSLContext:
        """Make the server's TLS context."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers(self.ciphers)
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            context.minimum_version = self.minimum_version
            context.maximum_version = self.maximum_version
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.key_pem + self.chain_pem)
            file.flush()
            context.load_cert_chain(file.name)
        return context


class Handshake(Enum):
    """A TLS handshake that fails as soon as the client has begun it.

    GARBAGE: plain text in place of the ServerHello. CLOSE: the connection is closed. STALL: nothing
    is sent.
    """

    GARBAGE = auto()
    CLOSE = auto()
    STALL = auto()


def open_relay(_sender: str, _recipient: str) -> bytes:
    """Accept every recipient."""
    return b"250 2.1.5 Ok\r\n"


def closed_relay(
    domains: Collection[str], mailboxes: Collection[str] | None = None
) -> RecipientReply:
    """Accept recipients at `domains` only, in the words of Postfix.

    mailboxes: the local parts that exist there; None for all, as with a catch-all. A local part
    that names another destination (`user%host`, `host!user`) is relaying too.
    """

    def reply(_sender: str, recipient: str) -> bytes:
        local, _, domain = recipient.rpartition("@")
        if domain.lower() not in domains or set(local) & set("%!@:"):
            return f"554 5.7.1 <{recipient}>: Relay access denied\r\n".encode()
        if mailboxes is not None and local.lower() not in mailboxes:
            return f"550 5.1.1 <{recipient}>: User unknown\r\n".encode()
        return b"250 2.1.5 Ok\r\n"

    return reply


_AT_HOME = closed_relay(("demo.example",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The script of one connection; the defaults are those of a healthy server.

    Answers in bytes are sent as they are, with their line ends. None is the usual answer: greeting
    and EHLO name `hostname`, and STARTTLS is announced and answered 220 if `tls` is given. An
    answer that begins with 421 ends the connection; after a greeting that begins with 554 every
    command except QUIT is answered 503 (RFC 5321 3.1).

    extensions, extensions_in_tls: what is announced after EHLO, before and inside TLS.
    ehlo: the answer in place of the announcement, mostly a refusal.
    tls: bytes are sent as they are in answer to the ClientHello.
    mail: the answer to MAIL, or what answers it, given the sender without angle brackets.
    recipient: answers RCPT, given sender and recipient without angle brackets.
    keeps_plaintext: commands that came in clear behind STARTTLS are answered inside TLS
        (CVE-2011-0411).
    drop_at: the verb after which the connection ends without an answer.
    drop_after: the number of answered commands after which it ends.
    """

    hostname: str = "mx1.demo.example"
    greeting: Answer | None = None
    extensions: tuple[str, ...] | None = None
    extensions_in_tls: tuple[str, ...] = EXTENSIONS
    ehlo: Answer | None = None
    helo: Answer | None = None
    starttls: Answer | None = None
    tls: Tls | Handshake | bytes | None = None
    mail: Answer | SenderReply = b"250 2.1.0 Ok\r\n"
    recipient: RecipientReply = _AT_HOME
    keeps_plaintext: bool = False
    drop_at: str | None = None
    drop_after: int | None = None

    def greeting_answer(self) -> Answer:
        """Answer the connection itself."""
        return self.greeting or f"220 {self.hostname} ESMTP\r\n".encode()

    def ehlo_answer(self, *, in_tls: bool) -> Answer:
        """Answer EHLO with the host name and the extensions, one per line (RFC 5321 4.1.1.1)."""
        if self.ehlo is not None:
            return self.ehlo
        lines = (self.hostname, *(self.extensions_in_tls if in_tls else self._in_clear()))
        marks = "-" * (len(lines) - 1) + " "
        return "".join(
            f"250{mark}{line}\r\n" for mark, line in zip(marks, lines, strict=True)
        ).encode()

    def helo_answer(self) -> Answer:
        """Answer HELO."""
        return self.helo or f"250 {self.hostname}\r\n".encode()

    def starttls_answer(self) -> Answer:
        """Answer STARTTLS before TLS."""
        if self.starttls is not None:
            return self.starttls
        if self.tls is None:
            return b"502 5.5.1 Error: command not implemented\r\n"
        return b"220 2.0.0 Ready to start TLS\r\n"

    def mail_answer(self, sender: str) -> Answer:
        """Answer MAIL."""
        return self.mail(sender) if callable(self.mail) else self.mail

    def _in_clear(self) -> tuple[str, ...]:
        if self.extensions is not None:
            return self.extensions
        return EXTENSIONS if self.tls is None else (*EXTENSIONS, "STARTTLS")
