"""A ClientHello of our own, in bytes: what it offers does not depend on the local TLS library."""

import re
from collections.abc import Iterable

from mxcheck.evidence.tls import Authentication
from mxcheck.wire.cipher_suites import LEGACY_SUITES, TLS12_SUITES, TLS13_SUITES
from mxcheck.wire.tls_parameters import POST_QUANTUM_GROUP
from mxcheck.wire.tls_version import WIRE_VERSIONS

RANDOM_SIZE = 64
"""Bytes that a ClientHello takes from the caller: the random, and a session id or key share."""

GOODBYE = bytes.fromhex("15 03 01 00 02 01 5a 15 03 01 00 02 01 00")
"""The alerts user_canceled and close_notify, each in a record of its own (RFC 8446 6.1)."""

_SSL30, _TLS10, _TLS12, _TLS13 = (
    WIRE_VERSIONS[name] for name in ("SSLv3", "TLSv1", "TLSv1.2", "TLSv1.3")
)
_HANDSHAKE, _CLIENT_HELLO = 22, 1
_RENEGOTIATION_INFO = 0x00FF  # RFC 5746 3.3; never TLS_FALLBACK_SCSV, which asks for a refusal
_X25519 = 0x001D
# x25519, the NIST curves, x448, brainpool, ffdhe, and all the old curves, down to 160 bits: a
# server whose key is on one of them answers nobody who does not offer it (RFC 8422 5.1.1).
_GROUPS = (
    *(_X25519, 0x0017, 0x0018, 0x0019, 0x001E),
    *(0x001A, 0x001B, 0x001C, 0x0100, 0x0101, 0x0102),
    *range(0x0001, 0x0017),
)
# RFC 8446 4.2.3, and what RFC 5246 has beside it: ECDSA and EdDSA, then RSA, then DSA.
_ECDSA = (0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0303, 0x0203)
_RSA = (
    *(0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B),
    *(0x0401, 0x0501, 0x0601, 0x0301, 0x0201, 0x0101),
)
_SIGNATURES = {
    Authentication.ANY: (*_ECDSA, *_RSA, 0x0202, 0x0302, 0x0402),
    Authentication.ECDSA: _ECDSA,
    Authentication.RSA: _RSA,
}
_AUTHENTICATED_BY = {
    Authentication.ANY: "",
    Authentication.ECDSA: "_ECDSA_",
    Authentication.RSA: "_RSA_",
}
_ML_KEM_768_KEY = bytes(1184)
"""An encapsulation key that passes the check of FIPS 203 7.2: all its coefficients are zero."""
_HOST_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*")


def build_client_hello(
    server_name: str,
    best: str,
    random: bytes,
    *,
    authentication: Authentication = Authentication.ANY,
    large: bool = False,
) -> bytes:
    """Return a ClientHello, in its record, that offers every version from SSL 3.0 up to `best`.

    `best` is a name of WIRE_VERSIONS; `random` are RANDOM_SIZE bytes. `authentication` is the kind
    of certificate that the server may choose, up to TLS 1.2. `large` adds a post-quantum key share
    as OpenSSL 3.5 sends it, so that the record is longer than a TCP segment of 1,460 bytes; it
    takes TLS 1.3. Source: RFC 8446 4.1.2, RFC 5246 7.4.1.2, RFC 6101 5.6.1.2.
    """
    version = WIRE_VERSIONS[best]
    # RFC 8446 4.1.2: with TLS 1.3 a session id keeps middleboxes quiet, the version stays 1.2.
    session_id = random[32:RANDOM_SIZE] if version == _TLS13 else b""
    groups = (POST_QUANTUM_GROUP, *_GROUPS) if large else _GROUPS
    extensions = (
        *_extensions_of_all(server_name, groups),
        *_extensions_since_tls12(version, authentication),
        *_extensions_of_tls13(version, random[32:RANDOM_SIZE], large=large),
    )
    body = b"".join(
        (
            _uint16(min(version, _TLS12)),
            random[:32],
            _vector(session_id, 1),
            _vector(_uint16(*_suites(version, authentication)), 2),
            _vector(b"\x00", 1),  # no compression
            # SSL 3.0 does not know extensions, and some of its servers choke on them.
            _vector(b"".join(extensions), 2) if version > _SSL30 else b"",
        )
    )
    message = bytes((_CLIENT_HELLO,)) + _vector(body, 3)
    # RFC 8446 5.1: the record of an initial ClientHello says 1.0, for the sake of old servers.
    return bytes((_HANDSHAKE,)) + _uint16(min(version, _TLS10)) + _vector(message, 2)


def _suites(version: int, authentication: Authentication) -> tuple[int, ...]:
    newest = TLS13_SUITES if version == _TLS13 else {}
    newer = TLS12_SUITES if version >= _TLS12 else {}
    mark = _AUTHENTICATED_BY[authentication]
    classic = [number for number, name in (newer | LEGACY_SUITES).items() if mark in name]
    return (*newest, *classic, _RENEGOTIATION_INFO)


def _extensions_of_all(server_name: str, groups: tuple[int, ...]) -> Iterable[bytes]:
    if _HOST_NAME.fullmatch(server_name):
        yield _extension(0, _vector(b"\x00" + _vector(server_name.encode("ascii"), 2), 2))
    yield _extension(10, _vector(_uint16(*groups), 2))
    yield _extension(11, _vector(b"\x00", 1))  # points uncompressed (RFC 8422 5.1.2)
    yield _extension(23, b"")  # extended_master_secret (RFC 7627 5.1)


def _extensions_since_tls12(version: int, authentication: Authentication) -> Iterable[bytes]:
    if version >= _TLS12:  # RFC 5246 7.4.1.4.1: must not be offered below
        yield _extension(13, _vector(_uint16(*_SIGNATURES[authentication]), 2))


def _extensions_of_tls13(version: int, key: bytes, *, large: bool) -> Iterable[bytes]:
    if version < _TLS13:
        return
    yield _extension(43, _vector(_uint16(*sorted(WIRE_VERSIONS.values(), reverse=True)), 1))
    yield _extension(45, _vector(b"\x01", 1))  # psk_dhe_ke
    share = _uint16(_X25519) + _vector(key, 2)
    if large:  # draft-ietf-tls-ecdhe-mlkem: the key of ML-KEM comes first
        share = _uint16(POST_QUANTUM_GROUP) + _vector(_ML_KEM_768_KEY + key, 2) + share
    yield _extension(51, _vector(share, 2))


def _extension(number: int, content: bytes) -> bytes:
    return _uint16(number) + _vector(content, 2)


def _uint16(*values: int) -> bytes:
    return b"".join(value.to_bytes(2, "big") for value in values)


def _vector(content: bytes, size: int) -> bytes:
    """Return a vector (RFC 8446 3.4): its length in `size` bytes, then its content."""
    return len(content).to_bytes(size, "big") + content
