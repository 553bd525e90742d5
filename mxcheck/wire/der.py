"""As much of DER (X.690) as it takes to read the fields of a certificate one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER = 0x01, 0x02, 0x03, 0x04, 0x06
SEQUENCE, SET = 0x30, 0x31
_LONG_FORM = 0x80
_HEADER = 2  # bytes at least: a tag and a length
_MAX_LENGTH_BYTES = 4
_BASE = 128  # an object identifier is a row of numbers in this base (X.690 8.19)
_FIRST_ARC, _ARCS = 40, 2  # the first number is 40 times the first arc, plus the second one
_LONGEST_IDENTIFIER = 64  # bytes; the time to read one grows with the square of its length


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One element: its tag, its content, and the bytes of the whole."""

    tag: int
    content: bytes
    whole: bytes


def read_element(data: bytes, *tags: int) -> Element:
    """Return the first element of the data; ValueError if it has none of these tags."""
    header, length = _HEADER, data[1] if len(data) >= _HEADER else 0
    if length >= _LONG_FORM:
        header += length - _LONG_FORM
        if not _HEADER < header <= _HEADER + _MAX_LENGTH_BYTES:
            raise ValueError("a length in the certificate is not DER")
        length = int.from_bytes(data[_HEADER:header])
    whole = data[: header + length]
    if len(data) < _HEADER or len(whole) < header + length:
        raise ValueError("the certificate is cut short")
    if tags and data[0] not in tags:
        raise ValueError(f"the certificate has an element of type {data[0]} in a wrong place")
    return Element(tag=data[0], content=whole[header:], whole=whole)


def read_elements(data: bytes) -> Iterator[Element]:
    """Yield the elements that follow one another; ValueError at the first that is not one."""
    while data:
        element = read_element(data)
        yield element
        data = data[len(element.whole) :]


def read_sequence(data: bytes) -> Iterator[Element]:
    """Yield the elements inside a SEQUENCE; ValueError if the data does not begin with one."""
    return read_elements(read_element(data, SEQUENCE).content)


def read_object_identifier(content: bytes) -> str:
    """Return an object identifier as numbers and dots (X.690 8.19); ValueError if it is cut."""
    if len(content) > _LONGEST_IDENTIFIER:
        raise ValueError("an object identifier in the certificate is too long")
    numbers, number = [], 0
    for byte in content:
        number = number * _BASE + byte % _BASE
        if byte < _BASE:
            numbers.append(number)
            number = 0
    if not content or content[-1] >= _BASE:
        raise ValueError("an object identifier in the certificate is cut short")
    first = min(numbers[0] // _FIRST_ARC, _ARCS)
    return ".".join(map(str, (first, numbers[0] - first * _FIRST_ARC, *numbers[1:])))
