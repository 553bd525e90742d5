"""Whole keys and certificates in TLSA records that only one of OpenSSL and mxcheck can read."""

from collections.abc import Mapping
from functools import cache

from mxcheck.wire.certificate_fields import subject_public_key_info
from tests.build import authority
from tests.fuzz.der import Node, parse
from tests.odd_certificates import (
    BIT_STRING,
    EXTENSIONS,
    KEY,
    OBJECT_IDENTIFIER,
    SERIAL,
    fields_of,
    sequence,
    signed,
    with_field,
)
from tests.rules.chains import issued
from tests.rules.dane.shapes import shapes

EC_KEY, BRAINPOOL_P224R1 = "2a8648ce3d0201", "2b2403030208010105"
POINT_OF_P224R1 = bytes.fromhex(  # RFC 5639 3.3
    "040d9029ad2c7e5cf4340823b2a87dc68c9e4ce3174c1e6efdee12c07d"
    "58aa56f772c0726f24c6b89e4ecdac24354b9e99caa3f6d3761402cd"
)
X25519 = "2b656e"


def _identifier(text: str) -> Node:
    return Node(OBJECT_IDENTIFIER, bytes.fromhex(text))


def _key(point: bytes, *algorithm: str) -> bytes:
    kind = Node(0x30, b"", tuple(map(_identifier, algorithm)))
    return sequence(kind, Node(BIT_STRING, b"\0" + point))


def _of_ours(point: bytes) -> bytes:
    """Return the key of a good leaf with other bits for its point."""
    algorithm, _ = parse(subject_public_key_info(_leaf()))[0].inside
    return sequence(algorithm, Node(BIT_STRING, b"\0" + point))


def _leaf() -> bytes:
    return issued().der_chain[0]


def _changed(place: int, value: bytes) -> bytes:
    (node,) = parse(value)
    return with_field(_leaf(), authority().key, place, node)


@cache
def keys() -> Mapping[str, bytes]:
    """Whole keys that both read, or neither."""
    return {
        "a certificate": _leaf(),
        "for key agreement": _key(bytes(31) + b"\t", X25519),
        "of an unknown algorithm": _key(b"abc", "2a03"),
        "off the curve": _of_ours(b"\4" + b"\1" * 64),
    }


@cache
def odd_keys() -> Mapping[str, bytes]:
    """Whole keys that OpenSSL reads and cryptography does not."""
    good, rsa = map(subject_public_key_info, (_leaf(), shapes()["RSA leaf"][0]))
    return {
        "on a rare curve": _key(POINT_OF_P224R1, EC_KEY, BRAINPOOL_P224R1),
        "with a length in a long form": good[:1] + b"\x81" + good[1:],
        "that is the point at infinity": _of_ours(b"\0"),
        "of RSA with an even exponent": rsa[:-1] + b"\0",
    }


@cache
def leaves() -> tuple[bytes, ...]:
    """Odd certificates of servers that both read."""
    return (
        signed(_leaf(), authority().key, *fields_of(_leaf())[1:EXTENSIONS]),  # of version 1
        _changed(SERIAL, b"\2\1\xff"),
    )


@cache
def odd_leaves() -> tuple[bytes, ...]:
    """Certificates of servers whose key OpenSSL cannot read, so that no handshake succeeds."""
    unread = ("of an unknown algorithm", "off the curve")
    return tuple(_changed(KEY, keys()[name]) for name in unread)


@cache
def certificates() -> Mapping[str, bytes]:
    """Whole certificates that both read, or neither."""
    return {
        "a key": subject_public_key_info(_leaf()),
        **{f"odd {number}": leaf for number, leaf in enumerate(leaves())},
    }


@cache
def odd_certificates() -> Mapping[str, bytes]:
    """Whole certificates that mxcheck reads and OpenSSL does not, or not their key."""
    return {
        "with a needless zero in its serial number": _changed(SERIAL, b"\2\3\0\0\1"),
        **{f"without a key {number}": leaf for number, leaf in enumerate(odd_leaves())},
    }
