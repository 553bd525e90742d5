"""The kind of certificate by which a server authenticates itself, from the key in it."""

from mxcheck.evidence.tls import Authentication
from mxcheck.wire.der import subject_public_key_info

_ALGORITHM = 40  # bytes of a SubjectPublicKeyInfo that contain the whole algorithm
_KINDS = {
    "06092a864886f70d010101": Authentication.RSA,  # rsaEncryption
    "06092a864886f70d01010a": Authentication.RSA,  # id-RSASSA-PSS
    "06072a8648ce3d0201": Authentication.ECDSA,  # id-ecPublicKey
    "06032b6570": Authentication.ECDSA,  # id-Ed25519
    "06032b6571": Authentication.ECDSA,  # id-Ed448
}
OTHER = {
    Authentication.RSA: Authentication.ECDSA,
    Authentication.ECDSA: Authentication.RSA,
}
"""The kind of certificate that a server may have beside one of this kind."""


def authentication_of(certificate: bytes) -> Authentication:
    """Return the kind of a DER certificate; ANY if it is of neither kind, or unreadable."""
    try:
        algorithm = subject_public_key_info(certificate)[:_ALGORITHM].hex()
    except (ValueError, IndexError):
        return Authentication.ANY
    return next((kind for oid, kind in _KINDS.items() if oid in algorithm), Authentication.ANY)
