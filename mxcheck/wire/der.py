"""As much of DER (X.690) as it takes to cut a public key out of a certificate, byte for byte."""

from dataclasses import dataclass

_SEQUENCE, _EXPLICIT_0 = 0x30, 0xA0
_LONG_FORM = 0x80
_HEADER = 2  # bytes at least: a tag and a length
_MAX_LENGTH_BYTES = 4
_FIELDS_BEFORE_KEY = 5
"""serialNumber, signature, issuer, validity, subject (RFC 5280 4.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Element:
    """One element: its tag, its content, and the whole of it."""

    tag: int
    content: bytes
    whole: bytes


def subject_public_key_info(certificate: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a DER certificate as it stands there (RFC 5280 4.1.2.7).

    As it stands: a key that is read and written again may come out otherwise, and so would its
    digest. ValueError where there is none.
    """
    fields = _elements(_first(_first(certificate).content).content, _FIELDS_BEFORE_KEY + 2)
    if fields[0].tag == _EXPLICIT_0:  # the version, which version 1 leaves out
        fields = fields[1:]
    if len(fields) <= _FIELDS_BEFORE_KEY or fields[_FIELDS_BEFORE_KEY].tag != _SEQUENCE:
        raise ValueError("the certificate holds no public key")
    return fields[_FIELDS_BEFORE_KEY].whole


def _first(data: bytes) -> _Element:
    return _elements(data, 1)[0]


def _elements(data: bytes, limit: int) -> list[_Element]:
    """The first elements of a sequence's content: one at least, `limit` at most."""
    elements = [_element(data)]
    while len(elements) < limit and len(data := data[len(elements[-1].whole) :]):
        elements.append(_element(data))
    return elements


def _element(data: bytes) -> _Element:
    header, length = _HEADER, data[1] if len(data) >= _HEADER else 0
    if length >= _LONG_FORM:
        header += length - _LONG_FORM
        if not _HEADER < header <= _HEADER + _MAX_LENGTH_BYTES:
            raise ValueError("a length in the certificate is not DER")
        length = int.from_bytes(data[_HEADER:header])
    whole = data[: header + length]
    if len(whole) < header + length:
        raise ValueError("the certificate is cut short")
    return _Element(tag=data[0], content=whole[header:], whole=whole)
