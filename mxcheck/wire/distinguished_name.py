"""Names of subjects and issuers (RFC 5280 4.1.2.4), read as leniently as OpenSSL reads them."""

from dataclasses import dataclass
from typing import TypeAlias

from mxcheck.wire.der import (
    OBJECT_IDENTIFIER,
    SEQUENCE,
    Element,
    read_element,
    read_elements,
    read_object_identifier,
)

COMMON_NAME, ORGANIZATION = "2.5.4.3", "2.5.4.10"
_KEYWORDS = {
    COMMON_NAME: "CN",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    ORGANIZATION: "O",
    "2.5.4.11": "OU",
    "2.5.4.6": "C",
    "2.5.4.9": "STREET",
    "0.9.2342.19200300.100.1.25": "DC",
    "0.9.2342.19200300.100.1.1": "UID",
}
"""The keywords of RFC 4514 3; other attributes are named by their object identifier."""

_UTF8, _NUMERIC, _PRINTABLE, _TELETEX, _IA5, _VISIBLE, _UNIVERSAL, _BMP = (
    *(0x0C, 0x12, 0x13, 0x14),
    *(0x16, 0x1A, 0x1C, 0x1E),
)
_ENCODINGS = {
    _UTF8: "utf-8",
    _NUMERIC: "latin-1",
    _PRINTABLE: "latin-1",
    _TELETEX: "latin-1",
    _IA5: "latin-1",
    _VISIBLE: "latin-1",
    _UNIVERSAL: "utf-32-be",
    _BMP: "utf-16-be",
}
_FOLDED = _ENCODINGS.keys() - {_NUMERIC}  # the types that OpenSSL folds before it compares
_SPACES = str.maketrans(dict.fromkeys("\t\n\v\f\r", " "))
_ESCAPED = str.maketrans({char: f"\\{char}" for char in '\\"+,;<>'} | {"\0": "\\00"})
_LOWER = str.maketrans({chr(code): chr(code).lower() for code in range(ord("A"), ord("Z") + 1)})

Comparable: TypeAlias = tuple[tuple[str, ...], ...]


def lower(text: str) -> str:
    """Return a text with the letters of ASCII in lower case, and no others changed."""
    return text.translate(_LOWER)


@dataclass(frozen=True, slots=True, kw_only=True)
class DistinguishedName:
    """A name as text (RFC 4514), its common names and organizations, and what OpenSSL compares.

    Letters are compared without regard to case, and a row of spaces as one (RFC 5280 7.1).
    """

    text: str
    common_names: tuple[str, ...]
    organizations: tuple[str, ...]
    comparable: Comparable


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attribute:
    """One attribute: its type as an object identifier, and the element that is its value."""

    kind: str
    value: Element

    @property
    def text(self) -> str:
        """Return the value as text; bytes that are not in its encoding appear as escapes."""
        encoding = _ENCODINGS.get(self.value.tag)
        if encoding is None:
            return f"#{self.value.content.hex()}"
        return self.value.content.decode(encoding, errors="backslashreplace")

    @property
    def comparable(self) -> str:
        """Return what two attributes must share to be the same."""
        if self.value.tag not in _FOLDED:
            return f"{self.kind}#{self.value.whole.hex()}"
        words = filter(None, self.text.translate(_SPACES).split(" "))
        return f"{self.kind}={lower(' '.join(words))}"


def parse_name(element: Element) -> DistinguishedName:
    """Parse a Name (RFC 5280 4.1.2.4); ValueError if its structure cannot be read."""
    rdns = [
        tuple(map(_attribute, read_elements(rdn.content))) for rdn in read_elements(element.content)
    ]
    return DistinguishedName(
        text=",".join("+".join(map(_rfc4514, rdn)) for rdn in reversed(rdns)),
        common_names=_values(COMMON_NAME, rdns),
        organizations=_values(ORGANIZATION, rdns),
        comparable=tuple(tuple(sorted(one.comparable for one in rdn)) for rdn in rdns),
    )


def _values(kind: str, rdns: list[tuple[_Attribute, ...]]) -> tuple[str, ...]:
    return tuple(one.text for rdn in rdns for one in rdn if one.kind == kind)


def _attribute(element: Element) -> _Attribute:
    if element.tag != SEQUENCE:
        raise ValueError("a name in the certificate cannot be read")
    kind = read_element(element.content, OBJECT_IDENTIFIER)
    value = read_element(element.content[len(kind.whole) :])
    return _Attribute(kind=read_object_identifier(kind.content), value=value)


def _rfc4514(attribute: _Attribute) -> str:
    keyword, value = _KEYWORDS.get(attribute.kind, attribute.kind), attribute.text
    if attribute.value.tag not in _ENCODINGS:
        return f"{keyword}={value}"
    is_led = value.startswith("#") or (value.startswith(" ") and len(value) > 1)
    escaped = value.removesuffix(" ").translate(_ESCAPED)
    trailing = "\\ " if value.endswith(" ") else ""
    leading = "\\" if is_led else ""
    return f"{keyword}={leading}{escaped}{trailing}"
