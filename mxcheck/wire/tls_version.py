"""TLS versions as OpenSSL names them."""

from mxcheck.policy import TlsVersion

_NAMES = {
    "TLSv1": TlsVersion.TLS10,
    "TLSv1.1": TlsVersion.TLS11,
    "TLSv1.2": TlsVersion.TLS12,
    "TLSv1.3": TlsVersion.TLS13,
}


def parse_tls_version(name: str) -> TlsVersion | None:
    """The version that OpenSSL's name stands for; None for SSL and for names not known."""
    return _NAMES.get(name)
