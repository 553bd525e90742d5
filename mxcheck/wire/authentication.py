"""The kind of certificate by which a server authenticates itself, from the key in it."""

from mxcheck.evidence.tls import Authentication
from mxcheck.wire.certificate_fields import subject_public_key_info
from mxcheck.wire.der import read_object_identifier, read_sequence

_KINDS = {
    "1.2.840.113549.1.1.1": Authentication.RSA,  # rsaEncryption
    "1.2.840.113549.1.1.10": Authentication.RSA,  # id-RSASSA-PSS
    "1.2.840.10045.2.1": Authentication.ECDSA,  # id-ecPublicKey
    "1.3.101.112": Authentication.ECDSA,  # id-Ed25519
    "1.3.101.113": Authentication.ECDSA,  # id-Ed448
}
OTHER = {
    Authentication.RSA: Authentication.ECDSA,
    Authentication.ECDSA: Authentication.RSA,
}
"""The kind of certificate that a server may have beside one of this kind."""


def authentication_of(certificate: bytes) -> Authentication:
    """Return the kind of a DER certificate; ANY if it is of neither kind, or unreadable."""
    try:
        algorithm = next(read_sequence(subject_public_key_info(certificate)))
        identifier = read_object_identifier(next(read_sequence(algorithm.whole)).content)
    except (ValueError, StopIteration):
        return Authentication.ANY
    return _KINDS.get(identifier, Authentication.ANY)
