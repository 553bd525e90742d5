"""TLS versions as OpenSSL names them, and as they stand on the wire."""

from mxcheck.model.policy import TlsVersion

_NAMES = {
    "TLSv1": TlsVersion.TLS10,
    "TLSv1.1": TlsVersion.TLS11,
    "TLSv1.2": TlsVersion.TLS12,
    "TLSv1.3": TlsVersion.TLS13,
}

WIRE_VERSIONS = {
    "SSLv3": 0x0300,
    "TLSv1": 0x0301,
    "TLSv1.1": 0x0302,
    "TLSv1.2": 0x0303,
    "TLSv1.3": 0x0304,
}
"""ProtocolVersion by name, the oldest first (RFC 6101 A.1, RFC 8446 4.1.2)."""


def parse_tls_version(name: str) -> TlsVersion | None:
    """Return the version that OpenSSL's name means; None for SSL and for names not known."""
    return _NAMES.get(name)


def is_at_least(name: str, minimum: TlsVersion) -> bool:
    """Return whether the version of that name is known and not below the minimum."""
    version = parse_tls_version(name)
    return version is not None and version >= minimum


def openssl_name(version: TlsVersion) -> str:
    """Return the name that OpenSSL and Postfix have for a version."""
    return next(name for name, known in _NAMES.items() if known is version)


def names_below(minimum: TlsVersion) -> tuple[str, ...]:
    """Return the names of the versions that must not be accepted, the oldest first."""
    names = tuple(WIRE_VERSIONS)
    return names[: names.index(openssl_name(minimum))]


def version_below(minimum: TlsVersion) -> str:
    """Return the name of the version before `minimum`: the best that must not be accepted."""
    return names_below(minimum)[-1]


def version_name(number: int) -> str:
    """Return the name of a ProtocolVersion, "" for a number that is none."""
    names = {value: name for name, value in WIRE_VERSIONS.items()}
    return names.get(number, "")
