"""The messages of a server's first flight (RFC 5246 7.4, RFC 8446 4), from their bytes."""

from collections.abc import Iterator
from dataclasses import replace

from mxcheck.evidence.tls import ServerHello
from mxcheck.wire.cipher_suites import suite_name
from mxcheck.wire.tls_parameters import group_name, signature_name
from mxcheck.wire.tls_record import MalformedTlsError
from mxcheck.wire.tls_version import version_name

SERVER_HELLO, CERTIFICATE, SERVER_KEY_EXCHANGE, SERVER_HELLO_DONE = 2, 11, 12, 14

_FIXED = 34  # version and random
_SUPPORTED_VERSIONS, _KEY_SHARE, _RENEGOTIATION_INFO = 43, 51, 0xFF01
_NAMED_CURVE = 3
_UINT16 = 2


def parse_server_hello(body: bytes) -> ServerHello:
    """Return a ServerHello, or a HelloRetryRequest, which has the same form (RFC 8446 4.1.3)."""
    # Version and random, session id, suite, compression method, extensions.
    suite_at = _FIXED + 1 + (body[_FIXED] if len(body) > _FIXED else 0)
    suite = body[suite_at : suite_at + _UINT16]
    if len(suite) < _UINT16:
        raise MalformedTlsError("its ServerHello breaks off")
    extensions = dict(_extensions(body[suite_at + 5 :]))
    number = _selected_version(extensions) or int.from_bytes(body[:2], "big")
    version = version_name(number)
    if not version:
        raise MalformedTlsError(f"its ServerHello is of version 0x{number:04x}")
    share = extensions.get(_KEY_SHARE, b"")
    return ServerHello(
        version=version,
        cipher=suite_name(int.from_bytes(suite, "big")),
        group=group_name(int.from_bytes(share[:2], "big")) if len(share) >= _UINT16 else "",
        renegotiation_info=_RENEGOTIATION_INFO in extensions,
    )


def _extensions(data: bytes) -> Iterator[tuple[int, bytes]]:
    location = 0
    while location + 4 <= len(data):
        number = int.from_bytes(data[location : location + 2], "big")
        size = int.from_bytes(data[location + 2 : location + 4], "big")
        yield number, data[location + 4 : location + 4 + size]
        location += 4 + size


def _selected_version(extensions: dict[int, bytes]) -> int:
    """Return the version in supported_versions (RFC 8446 4.2.1), 0 if it is not there."""
    content = extensions.get(_SUPPORTED_VERSIONS)
    if content is None:
        return 0
    if len(content) != _UINT16:
        raise MalformedTlsError("its supported_versions do not name a single version")
    return int.from_bytes(content, "big")


def parse_certificates(body: bytes) -> tuple[bytes, ...]:
    """Return the certificates of a Certificate message (RFC 5246 7.4.2) that are complete."""
    chain = []
    location = 3
    while location + 3 <= len(body):
        end = location + 3 + int.from_bytes(body[location : location + 3], "big")
        if location + 3 < end <= len(body):
            chain.append(body[location + 3 : end])
        location = end
    return tuple(chain)


def with_key_exchange(hello: ServerHello, body: bytes) -> ServerHello:
    """Return the hello with what a ServerKeyExchange tells (RFC 5246 7.4.3, RFC 8422 5.4)."""
    # Only TLS 1.2 names the scheme; before it is MD5 with SHA-1 for RSA, SHA-1 for others.
    signed = hello.version == "TLSv1.2"
    if "_ECDHE_" in hello.cipher:
        if len(body) < 4 or body[0] != _NAMED_CURVE:  # noqa: PLR2004 - type, group, length
            return hello
        group, rest = group_name(int.from_bytes(body[1:3], "big")), body[4 + body[3] :]
        return replace(hello, group=group, signature=_scheme(rest) if signed else "")
    if "_DHE_" in hello.cipher:
        prime, rest = _vector(body)
        _, rest = _vector(_vector(rest)[1])
        bits = int.from_bytes(prime, "big").bit_length()
        return replace(hello, dh_bits=bits, signature=_scheme(rest) if signed else "")
    return hello


def _vector(data: bytes) -> tuple[bytes, bytes]:
    """Return the content of a vector with a length of two bytes, and what follows it."""
    end = _UINT16 + int.from_bytes(data[:_UINT16], "big")
    return data[_UINT16:end], data[end:]


def _scheme(data: bytes) -> str:
    return signature_name(int.from_bytes(data[:_UINT16], "big")) if len(data) >= _UINT16 else ""
