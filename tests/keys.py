"""Keys that tests share: it takes time to make an RSA key, and each worker imports every test."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa

from mxcheck.demo import certificates


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """The one RSA key of that many bits."""
    return certificates.rsa_key(bits)
