"""A DNS server on loopback that answers from a zone file like a resolver, with faults."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from enum import Enum, auto

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from mxcheck.demo.dns_zone import Found, Zone
from mxcheck.demo.loopback import LOOPBACK, Connection, LoopbackServer, Running

_PORT_ATTEMPTS = 16
_PLAIN_UDP_SIZE = 512  # RFC 1035 4.2.1


class Fault(Enum):
    """An answer other than the one in the zone.

    SILENCE: none. TRUNCATED: over UDP the TC bit and no records, over TCP the zone's answer.
    BOGUS: SERVFAIL, but the zone's answer if checking is disabled (RFC 4035 5.5). NXDOMAIN: the
    name does not exist.
    """

    SERVFAIL = auto()
    REFUSED = auto()
    SILENCE = auto()
    TRUNCATED = auto()
    BOGUS = auto()
    NXDOMAIN = auto()


class ScriptedDns(Running):
    """A server that answers over UDP and TCP on one port of 127.0.0.1, recursion available.

    zone: RFC 1035 text, with absolute names.
    faults: by "name" or, for one type only, by "name TYPE".
    authenticated: the zones at and below which everything is DNSSEC-secure ("." for all). Their
        answers carry AD if the query has AD or DO (RFC 6840 5.8). The root is secure if anything
        is, as with a resolver that validates.
    authoritative: answers carry AA, as those of a name server of the zone do.
    queries: the questions in order, as (name in lower case without the final dot, type).
    """

    def __init__(
        self,
        zone: str = "",
        *,
        faults: Mapping[str, Fault] | None = None,
        authenticated: Collection[str] = (),
        authoritative: bool = False,
    ) -> None:
        self.queries: list[tuple[str, str]] = []
        self.address: tuple[str, int] = (LOOPBACK, 0)
        self._faults = {_question(key): fault for key, fault in (faults or {}).items()}
        self._authoritative = authoritative
        self._authenticated = tuple(map(dns.name.from_text, authenticated))
        self._zone = Zone(zone, self._authenticated)
        self._tcp = LoopbackServer(self._serve_tcp)

    async def start(self) -> None:
        """Bind UDP and TCP to the same free port."""
        for _ in range(_PORT_ATTEMPTS):
            udp, port = await self._bind_udp()
            try:
                await self._tcp.listen(port)
            except OSError:
                udp.close()
                continue
            self._udp, self.address = udp, (LOOPBACK, port)
            return
        raise OSError("no port is free for both UDP and TCP")

    async def stop(self) -> None:
        """Close both sockets."""
        self._udp.close()
        await self._tcp.close()

    async def _bind_udp(self) -> tuple[asyncio.DatagramTransport, int]:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Udp(self._serve_udp), local_addr=(LOOPBACK, 0)
        )
        return transport, transport.get_extra_info("sockname")[1]

    def _serve_udp(self, data: bytes, client: tuple[str, int]) -> None:
        if (reply := self._reply(data, over_tcp=False)) is not None:
            self._udp.sendto(reply, client)

    async def _serve_tcp(self, connection: Connection) -> None:
        while True:
            size = int.from_bytes(await connection.exactly(2))
            reply = self._reply(await connection.exactly(size), over_tcp=True)
            if reply is not None:
                await connection.send(len(reply).to_bytes(2) + reply)

    def _reply(self, wire: bytes, *, over_tcp: bool) -> bytes | None:
        """Answer one query; None if no answer is to be sent."""
        try:
            query = dns.message.from_wire(wire)
            question = query.question[0]
        except (dns.exception.DNSException, IndexError):
            return None
        name = question.name.to_text(omit_final_dot=True).lower()
        self.queries.append((name, dns.rdatatype.to_text(question.rdtype)))
        match self._fault(question):
            case Fault.SILENCE:
                return None
            case Fault.TRUNCATED if over_tcp:
                response = self._answer(query, None)
            case fault:
                response = self._answer(query, fault)
        return _to_wire(response, 0xFFFF if over_tcp else query.payload)

    def _fault(self, question: dns.rrset.RRset) -> Fault | None:
        by_name = self._faults.get((question.name, None))
        return self._faults.get((question.name, question.rdtype), by_name)

    def _answer(self, query: dns.message.Message, fault: Fault | None) -> dns.message.Message:
        response = dns.message.make_response(query, recursion_available=True)
        response.flags |= dns.flags.AA if self._authoritative else 0
        match fault:
            case Fault.REFUSED:
                response.set_rcode(dns.rcode.REFUSED)
            case Fault.NXDOMAIN:
                response.set_rcode(dns.rcode.NXDOMAIN)
            case Fault.TRUNCATED:
                response.flags |= dns.flags.TC
            case Fault.BOGUS if query.flags & dns.flags.CD:
                _fill(response, self._zone.find(*_asked(query)))
            case Fault.SERVFAIL | Fault.BOGUS:
                response.set_rcode(dns.rcode.SERVFAIL)
            case _:
                found = self._zone.find(*_asked(query))
                _fill(response, found)
                if _wants_ad(query) and all(map(self._is_authenticated, found.owners)):
                    response.flags |= dns.flags.AD
        return response

    def _is_authenticated(self, name: dns.name.Name) -> bool:
        if name == dns.name.root:
            return bool(self._authenticated)
        return any(map(name.is_subdomain, self._authenticated))


class _Udp(asyncio.DatagramProtocol):
    def __init__(self, serve: Callable[[bytes, tuple[str, int]], None]) -> None:
        self._serve = serve

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._serve(data, addr)


def _question(key: str) -> tuple[dns.name.Name, dns.rdatatype.RdataType | None]:
    name, _, rdtype = key.partition(" ")
    return dns.name.from_text(name), dns.rdatatype.from_text(rdtype) if rdtype else None


def _asked(query: dns.message.Message) -> tuple[dns.name.Name, dns.rdatatype.RdataType]:
    return query.question[0].name, query.question[0].rdtype


def _fill(response: dns.message.Message, found: Found) -> None:
    response.set_rcode(found.rcode)
    response.answer.extend(found.answer)
    response.authority.extend(found.authority)


def _wants_ad(query: dns.message.Message) -> bool:
    return bool(query.flags & dns.flags.AD or query.ednsflags & dns.flags.DO)


def _to_wire(response: dns.message.Message, max_size: int) -> bytes:
    try:
        return response.to_wire(max_size=max(max_size, _PLAIN_UDP_SIZE))
    except dns.exception.TooBig:
        response.answer.clear()
        response.authority.clear()
        response.flags |= dns.flags.TC
        return response.to_wire()
