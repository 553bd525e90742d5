"""What a TLS session showed."""

from dataclasses import dataclass


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
