"""A validating resolver that answers one question as it should not, for ever or a few times."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.loopback import Connection

Question = tuple[str, str]
"""A name without its final dot, and a type."""

Reply = Callable[[bytes, bytes], bytes | None]
"""From a query and the due answer to the one that is sent, None for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsFault:
    """How a question is answered over UDP, after `seconds`; and over TCP, where that is asked.

    `about_us`: it says something of the resolver or the way to it, and nothing of the zone.
    `harmless`: what comes in the end is the due answer. `listens`: TCP connections are taken.
    """

    name: str
    udp: Reply
    tcp: Reply = lambda _query, due: due
    seconds: float = 0
    about_us: bool = False
    harmless: bool = False
    listens: bool = True

    def __str__(self) -> str:
        return self.name


def rcode(code: dns.rcode.Rcode, *, ad: bool = False) -> Reply:
    """An answer of this rcode and without records."""

    def reply(query: bytes, _due: bytes) -> bytes:
        response = dns.message.make_response(dns.message.from_wire(query))
        response.set_rcode(code)
        response.flags |= dns.flags.RA | (dns.flags.AD if ad else 0)
        return response.to_wire()

    return reply


def truncated(query: bytes, _due: bytes) -> bytes:
    response = dns.message.make_response(dns.message.from_wire(query))
    response.flags |= dns.flags.TC
    return response.to_wire()


def another_question(query: bytes, _due: bytes) -> bytes:
    response = dns.message.make_response(dns.message.from_wire(query))
    response.question[0].name = dns.name.from_text("example.net.")
    return response.to_wire()


def another_id(_query: bytes, due: bytes) -> bytes:
    return bytes([due[0] ^ 0xFF]) + due[1:]


def garbage(query: bytes, _due: bytes) -> bytes:
    return query[:2] + b"\x81\x80" + b"\xff" * 20


def silence(_query: bytes, _due: bytes) -> None:
    return None


def as_due(_query: bytes, due: bytes) -> bytes:
    return due


FAULTS = (
    DnsFault(name="SERVFAIL", udp=rcode(dns.rcode.SERVFAIL)),
    DnsFault(name="FORMERR", udp=rcode(dns.rcode.FORMERR)),
    DnsFault(name="REFUSED", udp=rcode(dns.rcode.REFUSED), about_us=True),
    DnsFault(name="silence", udp=silence),
    DnsFault(name="slow", udp=as_due, seconds=2, harmless=True),
    DnsFault(name="too slow", udp=as_due, seconds=12),
    DnsFault(name="truncated", udp=truncated, harmless=True),
    DnsFault(name="truncated, TCP refused", udp=truncated, about_us=True, listens=False),
    DnsFault(name="truncated, TCP closed", udp=truncated, tcp=silence, about_us=True),
    DnsFault(name="truncated, TCP garbage", udp=truncated, tcp=garbage),
    DnsFault(name="truncated, TCP SERVFAIL", udp=truncated, tcp=rcode(dns.rcode.SERVFAIL)),
    DnsFault(name="another id", udp=another_id),
    DnsFault(name="another question", udp=another_question),
    DnsFault(name="garbage", udp=garbage),
    DnsFault(name="header cut", udp=lambda query, _due: query[:7]),
)


class FaultyDns(ScriptedDns):
    """`faults` by question; each happens `times` times."""

    def __init__(
        self,
        zone: str,
        *,
        faults: dict[Question, DnsFault],
        times: int,
        authenticated: Collection[str],
    ) -> None:
        super().__init__(zone, authenticated=authenticated)
        self.spoilt, self.times = faults, times
        self.met: dict[Question, int] = {}
        self._late = set[asyncio.Task[None]]()

    async def start(self) -> None:
        """Begin to listen, over TCP only where no fault forbids it."""
        await super().start()
        if not all(fault.listens for fault in self.spoilt.values()):
            await self._tcp.close()

    def _serve_udp(self, data: bytes, client: tuple[str, int]) -> None:
        fault, due = self._met(data, over_tcp=False)
        if fault is None or due is None:
            super()._serve_udp(data, client)
            return
        reply = fault.udp(data, due)
        if reply is not None:
            task = asyncio.get_running_loop().create_task(self._later(reply, client, fault.seconds))
            self._late.add(task)
            task.add_done_callback(self._late.discard)

    async def _later(self, reply: bytes, client: tuple[str, int], seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._udp.sendto(reply, client)

    async def _serve_tcp(self, connection: Connection) -> None:
        size = int.from_bytes(await connection.exactly(2))
        query = await connection.exactly(size)
        fault, due = self._met(query, over_tcp=True)
        reply = fault.tcp(query, due or b"") if fault else due
        if reply is not None:
            await connection.send(len(reply).to_bytes(2) + reply)

    def _met(self, query: bytes, *, over_tcp: bool) -> tuple[DnsFault | None, bytes | None]:
        """The fault that a query meets, and the due answer."""
        asked = dns.message.from_wire(query).question[0]
        question = (
            asked.name.to_text(omit_final_dot=True).lower(),
            dns.rdatatype.to_text(asked.rdtype),
        )
        fault = self.spoilt.get(question)
        self.met[question] = self.met.get(question, 0) + (not over_tcp)
        met = fault if self.met[question] <= self.times else None
        return met, self._reply(query, over_tcp=over_tcp) if met or over_tcp else None

    async def stop(self) -> None:
        """Say nothing more."""
        for task in list(self._late):
            task.cancel()
        await super().stop()
