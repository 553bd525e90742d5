"""Certificates changed field by field, and signed again: what the usual libraries do not make."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from mxcheck.demo.certificates import PrivateKey
from tests.build import authority
from tests.fuzz.der import Node, parse

SERIAL, ALGORITHM, ISSUER, VALIDITY, SUBJECT, KEY, EXTENSIONS = range(1, 8)
"""Places among the fields of a certificate of version 3 (RFC 5280 4.1), after the version."""

BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER, SEQUENCE, SET = 0x03, 0x04, 0x06, 0x30, 0x31
UTF8, PRINTABLE, TELETEX, IA5, UTC_TIME, GENERALIZED_TIME, BMP = (
    *(0x0C, 0x13, 0x14, 0x16),
    *(0x17, 0x18, 0x1E),
)
TRUE = Node(0x01, b"\xff")

KEY_USAGE, SAN, BASIC_CONSTRAINTS, AUTHORITY_KEY, EXTENDED_KEY_USAGE, NETSCAPE = (
    "551d0f",
    *("551d11", "551d13", "551d23", "551d25"),
    "6086480186f8420101",
)
COMMON_NAME, ORGANIZATION = "550403", "55040a"


def fields_of(certificate: bytes) -> tuple[Node, ...]:
    """Return the fields of a certificate, the version first."""
    return parse(certificate)[0].inside[0].inside


def signed(certificate: bytes, key: PrivateKey, *fields: Node) -> bytes:
    """Return a certificate of these fields, which the key signs as the old one was signed."""
    (whole,) = parse(certificate)
    body = replace(whole.inside[0], inside=fields)
    signature = _sign(key, body.encode())
    return replace(
        whole, inside=(body, whole.inside[1], Node(BIT_STRING, b"\0" + signature))
    ).encode()


def _sign(key: PrivateKey, data: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def with_field(certificate: bytes, key: PrivateKey, place: int, field: Node) -> bytes:
    """Return the certificate with another field, signed again."""
    fields = fields_of(certificate)
    return signed(certificate, key, *fields[:place], field, *fields[place + 1 :])


def with_extensions(
    certificate: bytes, key: PrivateKey, change: Callable[[dict[str, Node]], list[Node]]
) -> bytes:
    """Return the certificate with other extensions, signed again.

    `change` gets them by the object identifier (hex), and gives the new ones.
    """
    field = fields_of(certificate)[EXTENSIONS]
    (listed,) = field.inside
    old = {one.inside[0].content.hex(): one for one in listed.inside}
    new = replace(field, inside=(replace(listed, inside=tuple(change(old))),))
    return with_field(certificate, key, EXTENSIONS, new)


def extension(identifier: str, value: bytes, *, critical: bool = False) -> Node:
    """Return an extension; its identifier in hex, its value in DER."""
    kind = Node(OBJECT_IDENTIFIER, bytes.fromhex(identifier))
    inside = (kind, *((TRUE,) if critical else ()), Node(OCTET_STRING, value))
    return Node(SEQUENCE, b"", inside)


def name(*attributes: tuple[int, bytes], of: str = COMMON_NAME) -> Node:
    """Return a name of attributes, common names by default, each with its string type and bytes."""
    kind = Node(OBJECT_IDENTIFIER, bytes.fromhex(of))
    rdns = (
        Node(SET, b"", (Node(SEQUENCE, b"", (kind, Node(tag, text))),)) for tag, text in attributes
    )
    return Node(SEQUENCE, b"", tuple(rdns))


def sequence(*inside: Node) -> bytes:
    """Return the DER of a SEQUENCE."""
    return Node(SEQUENCE, b"", inside).encode()


@cache
def certified(dns_name: bytes) -> bytes:
    """Return a certificate whose SAN is one dNSName of any bytes."""
    (leaf,) = authority().issue(names=("a.example",)).without_intermediates().der_chain
    value = sequence(Node(0x82, dns_name))
    return with_extensions(leaf, authority().key, lambda _: [extension(SAN, value)])


@cache
def issued_by(organization: str, *names: str) -> tuple[bytes, ...]:
    """Return a chain for these names by an authority of another name, which no store knows."""
    leaf, *rest = authority().issue(names=names).der_chain
    issuer = name((UTF8, organization.encode()), of=ORGANIZATION)
    return (with_field(leaf, authority().key, ISSUER, issuer), *rest)
