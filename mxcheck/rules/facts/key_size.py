"""Whether the key of a certificate is long enough (RFC 9325 4.5)."""

from mxcheck.wire.certificate import CertificateFacts

_MINIMUM = {"RSA": 2048, "EC": 224}  # bits
_OF_ONE_SIZE = frozenset({"Ed25519", "Ed448", "MLDSA44", "MLDSA65", "MLDSA87"})


def is_known(certificate: CertificateFacts) -> bool:
    """Return whether the key is of a kind that can be judged."""
    return _kind(certificate) in _OF_ONE_SIZE | _MINIMUM.keys()


def fault_of(certificate: CertificateFacts) -> str:
    """Return what is wrong with the key, or ""."""
    kind = _kind(certificate)
    if kind == "DSA":
        return "DSA, which TLS 1.3 and most senders do not know"
    wanted = _MINIMUM.get(kind, 0)
    return f"{certificate.key}, {wanted} bits are wanted" if certificate.key_bits < wanted else ""


def _kind(certificate: CertificateFacts) -> str:
    return certificate.key.partition(" ")[0]
