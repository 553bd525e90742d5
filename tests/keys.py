"""Keys that tests share: it takes time to make an RSA key, and each worker imports every test."""

import base64
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxcheck.demo import certificates


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """The one RSA key of that many bits."""
    return certificates.rsa_key(bits)


@cache
def dkim_p(bits: int = 2048) -> str:
    """The tag p of a DKIM record with that key (RFC 6376 3.6.1)."""
    key = rsa_key(bits).public_key()
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(info).decode()
