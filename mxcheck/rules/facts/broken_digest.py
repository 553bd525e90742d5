"""Digests that no signature on a certificate may rest on (RFC 9155, RFC 9325 4.5)."""

from collections.abc import Sequence

from mxcheck.wire.certificate import CertificateFacts

_NAMES = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "md2": "MD2",
    "md4": "MD4",
}


def fault_of(certificate: CertificateFacts) -> str:
    """Return the name of the broken digest by which a certificate is signed, or ""."""
    return _NAMES.get(certificate.signature, "")


def relied_on(path: Sequence[CertificateFacts]) -> Sequence[CertificateFacts]:
    """Return the certificates of a path whose signatures count: not that of a root."""
    return path[:-1] if path and path[-1].self_issued else path
