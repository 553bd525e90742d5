"""DER taken apart, changed somewhere and put together again, so that all lengths fit."""

import ssl
from dataclasses import dataclass, replace

from hypothesis import strategies as st

_CONSTRUCTED, _LONG_FORM = 0x20, 0x80
TAGS = st.sampled_from([1, 2, 3, 4, 5, 6, 0x0C, 0x13, 0x16, 0x17, 0x18, 0x1E, 0x30, 0x31, 0xA0])


@dataclass(frozen=True, slots=True)
class Node:
    """An element: its content, or the elements that are in it."""

    tag: int
    content: bytes
    inside: tuple["Node", ...] = ()

    def encode(self) -> bytes:
        body = b"".join(node.encode() for node in self.inside) if self.inside else self.content
        return bytes((self.tag,)) + _length(len(body)) + body


def _length(size: int) -> bytes:
    if size < _LONG_FORM:
        return bytes((size,))
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((_LONG_FORM | len(digits),)) + digits


def parse(data: bytes) -> tuple[Node, ...]:
    """The elements that follow one another; ValueError where they do not fill the data."""
    nodes = []
    while data:
        tag, size, start = data[0], data[1], 2
        if size >= _LONG_FORM:
            start += size - _LONG_FORM
            size = int.from_bytes(data[2:start], "big")
        content, data = data[start : start + size], data[start + size :]
        nodes.append(Node(tag, content, parse(content) if tag & _CONSTRUCTED else ()))
    return tuple(nodes)


def with_fields(certificate: bytes, *fields: Node) -> bytes:
    """A certificate of these fields (RFC 5280 4.1); the signature stays the old one."""
    (whole,) = parse(certificate)
    tbs = replace(whole.inside[0], inside=fields)
    return replace(whole, inside=(tbs, *whole.inside[1:])).encode()


def with_subject(certificate: bytes, common_name: bytes) -> bytes:
    """A certificate whose subject is one common name, as a UTF8String of any bytes."""
    fields = parse(certificate)[0].inside[0].inside
    (rdn,) = fields[5].inside
    (attribute,) = rdn.inside
    named = replace(attribute, inside=(attribute.inside[0], Node(0x0C, common_name)))
    name = replace(fields[5], inside=(replace(rdn, inside=(named,)),))
    return with_fields(certificate, *fields[:5], name, *fields[6:])


def pem(*certificates: bytes) -> bytes:
    """The text of a PEM file."""
    return "".join(map(ssl.DER_cert_to_PEM_cert, certificates)).encode()


@st.composite
def changed(draw: st.DrawFn, node: Node) -> Node:
    """The same tree, but for one place in it, which is drawn level by level."""
    if draw(st.integers(0, 29)) and node.inside:
        location = draw(st.integers(0, len(node.inside) - 1))
        here = node.inside[location]
        instead: tuple[Node, ...] = draw(_in_place_of(here))
        return replace(
            node, inside=(*node.inside[:location], *instead, *node.inside[location + 1 :])
        )
    # A byte within a value is what most readers get past.
    match draw(st.sampled_from([0, 1, 2, *[3] * 12])):
        case 0:
            return replace(node, tag=draw(TAGS))
        case 1:
            return Node(node.tag, b"")
        case 2:
            return Node(node.tag, draw(st.binary(max_size=24)))
        case _:
            location = draw(st.integers(0, max(0, len(node.content) - 1)))
            content = bytearray(node.content or b"\0")
            content[location] = draw(st.integers(0, 255))
            return Node(node.tag, bytes(content))


@st.composite
def _in_place_of(draw: st.DrawFn, node: Node) -> tuple[Node, ...]:
    """Nothing, the same twice, or one that is changed."""
    times = draw(st.sampled_from([0, 2, *[1] * 18]))
    return (draw(changed(node)),) if times == 1 else (node,) * times


@st.composite
def mutants(draw: st.DrawFn, certificates: tuple[bytes, ...]) -> bytes:
    """One of these certificates, changed in one place or a few."""
    (node,) = parse(draw(st.sampled_from(certificates)))
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        node = draw(changed(node))
    return node.encode()
