"""Resolvers that answer for the hostile domain as no honest one does."""

from collections.abc import Callable

import dns.flags
import dns.message
import dns.rdatatype
import dns.rrset

from mxcheck.demo.dns_server import ScriptedDns

MAX_MESSAGE = 65535
Craft = Callable[[dns.message.Message], bytes]
"""From a question to the message that is the answer."""


class HostileDns(ScriptedDns):
    """Answers one question (name and type) in its own way, over UDP or over TCP alone."""

    def __init__(self, zone: str, question: str, craft: Craft, *, over_udp: bool = True) -> None:
        super().__init__(zone)
        self._question, self._craft, self._over_udp = question, craft, over_udp

    def _reply(self, wire: bytes, *, over_tcp: bool) -> bytes | None:
        query = dns.message.from_wire(wire)
        asked = query.question[0]
        if f"{asked.name} {dns.rdatatype.to_text(asked.rdtype)}" != self._question:
            return super()._reply(wire, over_tcp=over_tcp)
        if over_tcp or self._over_udp:
            return self._craft(query)
        return truncated(query)


class FloodingDns(HostileDns):
    """Sends so many datagrams of another id before each such answer."""

    def _serve_udp(self, data: bytes, client: tuple[str, int]) -> None:
        for _ in range(100):
            self._udp.sendto(bytes([data[0] ^ 1]) + data[1:], client)
        super()._serve_udp(data, client)


def truncated(query: dns.message.Message) -> bytes:
    response = dns.message.make_response(query)
    response.flags |= dns.flags.TC
    return response.to_wire()


def another(query: dns.message.Message) -> bytes:
    """An answer to a question that nobody asked."""
    return dns.message.make_response(dns.message.make_query("x.", "MX", id=query.id)).to_wire()


def answering(*records: str) -> Craft:
    """These records, whatever they are, as the answer section."""

    def craft(query: dns.message.Message) -> bytes:
        response = dns.message.make_response(query)
        for record in records:
            name, kind, text = record.split(" ", 2)
            response.answer.append(dns.rrset.from_text(name, 60, "IN", kind, text))
        return response.to_wire(max_size=MAX_MESSAGE)

    return craft


def maze(query: dns.message.Message) -> bytes:
    """Thousands of names, each of which leads through thousands of pointers (RFC 1035 4.1.4)."""
    query.use_edns(edns=None)
    head = bytearray(dns.message.make_response(query).to_wire())
    begun = len(head) + len(_record(b"\0", 0xFF00, b""))
    pointers = bytearray(b"\xc0\x0c")  # to the name in the question
    while (location := begun + len(pointers)) < 0x3FFE:
        pointers += (0xC000 | location - 2).to_bytes(2)
    records = [_record(b"\0", 0xFF00, bytes(pointers))]
    one = _record(bytes(pointers[-2:]), dns.rdatatype.A, bytes(4))
    records += [one] * ((MAX_MESSAGE - len(head) - len(records[0])) // len(one))
    head[6:8] = len(records).to_bytes(2)
    return bytes(head) + b"".join(records)


def _record(owner: bytes, kind: int, data: bytes) -> bytes:
    return owner + kind.to_bytes(2) + b"\0\1" + bytes(4) + len(data).to_bytes(2) + data
