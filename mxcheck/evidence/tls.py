"""What TLS showed: a session, the answers to ClientHellos of our own, a command behind STARTTLS."""

from dataclasses import dataclass

from mxcheck.evidence.outcome import Unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSession:
    """A handshake that completed, made without verification so that there is evidence.

    `version` and `cipher` as OpenSSL names them ("TLSv1.3"), `chain` the certificates as sent
    (DER, leaf first), `unread` what the server had sent in clear behind its answer to STARTTLS.
    """

    version: str
    cipher: str
    chain: tuple[bytes, ...]
    unread: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHello:
    """The version that the server chose, as OpenSSL names it, and the suite by its IANA name.

    `chain` are the certificates (DER, leaf first) as far as they came in clear: up to TLS 1.2.
    """

    version: str
    cipher: str
    chain: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A TLS alert, its level and description by the names of RFC 8446 6."""

    level: str
    description: str


HelloAnswer = ServerHello | Alert | Unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHello:
    """A ClientHello of our own, which offers every version up to `offered` ("TLSv1.1").

    `answer` is Unseen with CLOSED or RESET where the server hung up on it, and Unseen with
    another trouble where it was not sent or nothing that is TLS came back; `sent` tells which.
    """

    offered: str
    sent: bool
    answer: HelloAnswer
