"""The extensions of certificates (RFC 5280 4.2), each read by itself.

Functions that return an extension give None if it is absent, and raise ValueError if it cannot be
read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from mxcheck.wire.der import (
    BIT_STRING,
    BOOLEAN,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    Element,
    read_element,
    read_elements,
    read_object_identifier,
    read_sequence,
)
from mxcheck.wire.distinguished_name import Comparable, lower, parse_name

Extensions: TypeAlias = tuple["Extension", ...]

SUBJECT_KEY_IDENTIFIER, KEY_USAGE, SUBJECT_ALT_NAME = "2.5.29.14", "2.5.29.15", "2.5.29.17"
BASIC_CONSTRAINTS, AUTHORITY_KEY_IDENTIFIER = "2.5.29.19", "2.5.29.35"
EXTENDED_KEY_USAGE, NETSCAPE_CERT_TYPE = "2.5.29.37", "2.16.840.1.113730.1.1"

_DNS_NAME, _DIRECTORY_NAME = 0x82, 0xA4  # GeneralName (RFC 5280 4.2.1.6)
_KEY_ID, _ISSUER, _SERIAL = 0x80, 0xA1, 0x82  # AuthorityKeyIdentifier (RFC 5280 4.2.1.1)

ValueT = TypeVar("ValueT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """One extension: its object identifier, and its value (DER)."""

    kind: str
    value: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityKey:
    """What a certificate says of its issuer: the identifier of its key, or its certificate."""

    key_id: bytes | None = None
    issuer: Comparable | None = None
    serial: bytes | None = None


def parse_extensions(element: Element) -> Extensions:
    """Parse the field that contains the extensions; ValueError if they cannot be told apart."""
    return tuple(map(_extension, read_sequence(element.content)))


def _extension(element: Element) -> Extension:
    kind, *rest = read_sequence(element.whole)
    if rest and rest[0].tag == BOOLEAN:  # critical
        rest = rest[1:]
    if kind.tag != OBJECT_IDENTIFIER or [one.tag for one in rest] != [OCTET_STRING]:
        raise ValueError("an extension of the certificate cannot be read")
    return Extension(kind=read_object_identifier(kind.content), value=rest[0].content)


def dns_names(extensions: Extensions) -> tuple[str, ...]:
    """Return the dNSNames of the SAN, in lower case; names of other kinds are passed over."""
    return _read(extensions, SUBJECT_ALT_NAME, _dns_names) or ()


def extended_key_usages(extensions: Extensions) -> tuple[str, ...] | None:
    """Return the object identifiers of the extended key usage."""
    return _read(extensions, EXTENDED_KEY_USAGE, _object_identifiers)


def key_usage(extensions: Extensions) -> int | None:
    """Return the first eight bits of the key usage."""
    return _read(extensions, KEY_USAGE, _first_bits)


def netscape_cert_type(extensions: Extensions) -> int | None:
    """Return the bits of the Netscape certificate type, which predates the extended key usage."""
    return _read(extensions, NETSCAPE_CERT_TYPE, _first_bits)


def is_authority(extensions: Extensions) -> bool | None:
    """Return whether the basic constraints are those of an authority (RFC 5280 4.2.1.9)."""
    return _read(extensions, BASIC_CONSTRAINTS, _is_authority)


def key_id(extensions: Extensions) -> bytes | None:
    """Return the subject key identifier (RFC 5280 4.2.1.2)."""
    return _read(extensions, SUBJECT_KEY_IDENTIFIER, _octets)


def authority_key(extensions: Extensions) -> AuthorityKey | None:
    """Return the authority key identifier (RFC 5280 4.2.1.1)."""
    return _read(extensions, AUTHORITY_KEY_IDENTIFIER, _authority_key)


def _read(extensions: Extensions, kind: str, parse: Callable[[bytes], ValueT]) -> ValueT | None:
    """Return the value of an extension, None if it is absent; ValueError if it cannot be read."""
    values = [one.value for one in extensions if one.kind == kind]
    if len(values) > 1:  # RFC 5280 4.2: one instance at most
        raise ValueError(f"the extension {kind} is there {len(values)} times")
    return parse(values[0]) if values else None


def _dns_names(value: bytes) -> tuple[str, ...]:
    names = (name for name in read_sequence(value) if name.tag == _DNS_NAME)
    return tuple(lower(name.content.decode("utf-8", errors="backslashreplace")) for name in names)


def _object_identifiers(value: bytes) -> tuple[str, ...]:
    return tuple(read_object_identifier(one.content) for one in read_sequence(value))


def _first_bits(value: bytes) -> int:
    content = read_element(value, BIT_STRING).content
    return content[1] if content[1:] else 0  # the first byte counts unused bits


def _is_authority(value: bytes) -> bool:
    first = next(read_sequence(value), None)
    return first is not None and first.tag == BOOLEAN and any(first.content)


def _octets(value: bytes) -> bytes:
    return read_element(value, OCTET_STRING).content


def _authority_key(value: bytes) -> AuthorityKey:
    fields = {one.tag: one.content for one in read_sequence(value)}
    names = read_elements(fields.get(_ISSUER, b""))
    directory = next((one for one in names if one.tag == _DIRECTORY_NAME), None)
    issuer = parse_name(read_element(directory.content, SEQUENCE)) if directory else None
    return AuthorityKey(
        key_id=fields.get(_KEY_ID),
        issuer=issuer.comparable if issuer else None,
        serial=fields.get(_SERIAL),
    )
