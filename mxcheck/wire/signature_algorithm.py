"""The algorithm of the signature on a certificate (RFC 5280 4.1.1.2): which hash, which key."""

from dataclasses import dataclass

from mxcheck.wire.der import (
    OBJECT_IDENTIFIER,
    SEQUENCE,
    Element,
    read_element,
    read_elements,
    read_object_identifier,
)

_RSASSA_PSS = "1.2.840.113549.1.1.10"
_ALGORITHMS = {
    "1.2.840.113549.1.1.2": ("md2", "RSA"),  # RFC 8017 A.2.4
    "1.2.840.113549.1.1.3": ("md4", "RSA"),
    "1.2.840.113549.1.1.4": ("md5", "RSA"),
    "1.2.840.113549.1.1.5": ("sha1", "RSA"),
    "1.3.14.3.2.29": ("sha1", "RSA"),
    "1.2.840.113549.1.1.14": ("sha224", "RSA"),
    "1.2.840.113549.1.1.11": ("sha256", "RSA"),
    "1.2.840.113549.1.1.12": ("sha384", "RSA"),
    "1.2.840.113549.1.1.13": ("sha512", "RSA"),
    "2.16.840.1.101.3.4.3.13": ("sha3-224", "RSA"),
    "2.16.840.1.101.3.4.3.14": ("sha3-256", "RSA"),
    "2.16.840.1.101.3.4.3.15": ("sha3-384", "RSA"),
    "2.16.840.1.101.3.4.3.16": ("sha3-512", "RSA"),
    "1.2.840.10045.4.1": ("sha1", "EC"),  # RFC 5758 3.2
    "1.2.840.10045.4.3.1": ("sha224", "EC"),
    "1.2.840.10045.4.3.2": ("sha256", "EC"),
    "1.2.840.10045.4.3.3": ("sha384", "EC"),
    "1.2.840.10045.4.3.4": ("sha512", "EC"),
    "2.16.840.1.101.3.4.3.9": ("sha3-224", "EC"),
    "2.16.840.1.101.3.4.3.10": ("sha3-256", "EC"),
    "2.16.840.1.101.3.4.3.11": ("sha3-384", "EC"),
    "2.16.840.1.101.3.4.3.12": ("sha3-512", "EC"),
    "1.2.840.10040.4.3": ("sha1", "DSA"),  # RFC 5758 3.1
    "2.16.840.1.101.3.4.3.1": ("sha224", "DSA"),
    "2.16.840.1.101.3.4.3.2": ("sha256", "DSA"),
    "1.3.101.112": ("", "Ed25519"),  # RFC 8410 3
    "1.3.101.113": ("", "Ed448"),
}
_HASHES = {  # as RSASSA-PSS names them (RFC 4055 2.1)
    "1.2.840.113549.2.5": "md5",
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
_HASH_ALGORITHM = 0xA0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureAlgorithm:
    """The hash that was signed, and the kind of key ("RSA", "EC") that signed it.

    `hash_name` is the algorithm's object identifier if it has no hash or is not known; `key` is ""
    if it is not known.
    """

    hash_name: str
    key: str


def parse_signature_algorithm(algorithm: Element) -> SignatureAlgorithm:
    """Parse an AlgorithmIdentifier; ValueError if it cannot be read."""
    kind = read_element(algorithm.content, OBJECT_IDENTIFIER)
    identifier = read_object_identifier(kind.content)
    if identifier == _RSASSA_PSS:
        hash_name = _pss_hash(algorithm.content[len(kind.whole) :])
        return SignatureAlgorithm(hash_name=hash_name, key="RSA")
    hash_name, key = _ALGORITHMS.get(identifier, ("", ""))
    return SignatureAlgorithm(hash_name=hash_name or identifier, key=key)


def _pss_hash(parameters: bytes) -> str:
    """Parse the parameters of RSASSA-PSS (RFC 4055 3.1): without a hash it is SHA-1."""
    fields = read_elements(read_element(parameters, SEQUENCE).content) if parameters else iter(())
    for field in fields:
        if field.tag == _HASH_ALGORITHM:
            named = read_element(field.content, SEQUENCE)
            identifier = read_object_identifier(read_element(named.content).content)
            return _HASHES.get(identifier, identifier)
    return "sha1"
