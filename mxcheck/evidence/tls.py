"""What TLS showed: sessions, answers to ClientHellos of our own, chains of other connections."""

from dataclasses import dataclass
from enum import StrEnum

from mxcheck.evidence.outcome import NOT_ASKED, Unseen


class Authentication(StrEnum):
    """The kind of certificate that a ClientHello leaves the server to choose from."""

    ANY = "any"
    RSA = "RSA"
    ECDSA = "ECDSA"  # and EdDSA, which uses the same cipher suites (RFC 8422 5.1.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHello:
    """What a server answers to a ClientHello, as far as it comes in clear.

    `version` is the version that it chose, as OpenSSL names it, `cipher` the suite by its IANA
    name. `group` is the group of the key exchange by its IANA name, "" if there is none or it does
    not have a name; `dh_bits` is the size of the prime of a finite-field group, else 0.

    Only TLS 1.2 and older show the rest in clear: `chain` is the certificates (DER, leaf first),
    `signature` the scheme that signs the key exchange, by its name in RFC 8446 4.2.3 ("" if none
    is named), and
    `renegotiation_info` tells whether that extension came (RFC 5746 3.2).
    """

    version: str
    cipher: str
    chain: tuple[bytes, ...] = ()
    group: str = ""
    dh_bits: int = 0
    signature: str = ""
    renegotiation_info: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsSession:
    """A handshake that was completed, without verification so that there is evidence.

    `version` and `cipher` are named as in OpenSSL ("TLSv1.3"), `chain` is the certificates as sent
    (DER, leaf first), `unread` what the server had sent in clear behind its answer to STARTTLS.
    `hello` is the server's part of the handshake that came in clear, without the chain.
    """

    version: str
    cipher: str
    chain: tuple[bytes, ...]
    unread: bytes = b""
    hello: ServerHello | Unseen = NOT_ASKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A TLS alert, its level and description by their names in RFC 8446 6."""

    level: str
    description: str


HelloAnswer = ServerHello | Alert | Unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnHello:
    """A ClientHello of our own, which offers every version up to `offered` ("TLSv1.1").

    `server_name` is the name that it asks for, "" for the MX host; `authentication` the only kind
    of certificate that it accepts. `large` tells that it carries a post-quantum key share, and is
    longer than one TCP segment.

    `answer` is Unseen with CLOSED or RESET if the server hung up on it, and Unseen with another
    trouble if it was not sent or nothing that is TLS came back; `sent` tells which.
    """

    offered: str
    sent: bool
    answer: HelloAnswer
    server_name: str = ""
    authentication: Authentication = Authentication.ANY
    large: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTls:
    """TLS as a connection other than the visit showed it, if that differs from the visit.

    `connection` says in words what the connection was for; `server_name` is the name that it asked
    for, `offered` the newest version that it offered, `version` the one that the server chose.
    `hello` is as in TlsSession, if a handshake was completed.
    """

    connection: str
    server_name: str
    offered: str
    version: str
    chain: tuple[bytes, ...]
    hello: ServerHello | Unseen = NOT_ASKED
