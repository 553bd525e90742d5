"""Which addresses are connected to, whatever the DNS says: proven by what their servers saw."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import dns.rdata
import pytest

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.dns_zone import Zone
from mxcheck.demo.https_server import Site
from mxcheck.demo.smtp_script import Handshake
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.tls import TlsSession
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from tests.probe.harness import (
    ADDRESS,
    DOMAIN,
    HEALTHY,
    HOST,
    SETTINGS,
    TARGET,
    Scripts,
    Seen,
    mx_zone,
    probe,
)
from tests.probe.https.policy_world import GOOD, POLICY_HOST, TRUSTING, fetch
from tests.wanting import wanting

LOOPBACK = "127.0.0.1"
CANARY = "canary.example.net"
# RFC 6890 and what came after it, and every way in which IPv6 carries IPv4.
RESERVED = (
    ("0.0.0.0", "unspecified"),  # noqa: S104 - nothing is bound to it
    ("0.1.2.3", "this network"),
    ("10.0.0.1", "private"),
    ("100.64.0.1", "shared by carrier-grade NAT"),
    ("127.0.0.1", "loopback"),
    ("127.255.255.254", "loopback"),
    ("169.254.169.254", "link-local, where clouds keep their secrets"),
    ("172.16.0.1", "private"),
    ("172.31.255.255", "private"),
    ("192.0.0.8", "protocol assignments"),
    ("192.0.2.1", "documentation"),
    ("192.88.99.1", "6to4 relays"),
    ("192.168.1.1", "private"),
    ("198.18.0.1", "benchmarking"),
    ("198.19.255.255", "benchmarking"),
    ("198.51.100.1", "documentation"),
    ("203.0.113.1", "documentation"),
    ("224.0.0.1", "multicast"),
    ("239.255.255.255", "multicast"),
    ("240.0.0.1", "reserved"),
    ("255.255.255.255", "broadcast"),
    ("::", "unspecified"),
    ("::1", "loopback"),
    ("::10.0.0.1", "IPv4-compatible"),
    ("::127.0.0.1", "IPv4-compatible"),
    ("::ffff:10.0.0.1", "IPv4-mapped"),
    ("::ffff:127.0.0.1", "IPv4-mapped"),
    ("::ffff:169.254.169.254", "IPv4-mapped"),
    ("::ffff:224.0.0.1", "IPv4-mapped"),
    ("::ffff:0:127.0.0.1", "IPv4-translated, RFC 2765 2.1"),
    ("64:ff9b::10.0.0.1", "NAT64"),
    ("64:ff9b::127.0.0.1", "NAT64"),
    ("64:ff9b::169.254.169.254", "NAT64"),
    ("64:ff9b::100.64.0.1", "NAT64"),
    ("64:ff9b:1::8.8.8.8", "NAT64 of the own network"),
    ("100::1", "discard-only"),
    ("2001::1", "Teredo"),
    ("2001:0:cb00:7201::f5ff:fffe", "Teredo, of 10.0.0.1"),
    ("2001:2::1", "benchmarking"),
    ("2001:10::1", "ORCHID"),
    ("2001:db8::1", "documentation"),
    ("2002:a00:1::1", "6to4"),
    ("2002:7f00:1::1", "6to4"),
    ("2a00:1450::5efe:10.0.0.1", "ISATAP"),
    ("2a00:1450::200:5efe:127.0.0.1", "ISATAP"),
    ("3fff::1", "documentation"),
    ("4000::1", "not given out"),
    ("5f00::1", "segment routing"),
    ("fc00::1", "unique local"),
    ("fd12:3456::1", "unique local"),
    ("fe80::1", "link-local"),
    ("fe80::5efe:10.0.0.1", "ISATAP, link-local"),
    ("febf::1", "link-local"),
    ("fec0::1", "site-local"),
    ("ff02::1", "multicast"),
    ("ff0e::1", "multicast"),
)
PUBLIC = (
    "203.0.114.9",
    "2001:500::9",
    "::ffff:203.0.114.9",
    "64:ff9b::203.0.114.9",
    "2002:cb00:7209::1",
    "2a00:1450::5efe:203.0.114.9",
)
ALLOWING = replace(SETTINGS, allow_private=True)


def canonical(address: str) -> str:
    """An address as a resolver's answer has it."""
    return dns.rdata.from_text("IN", "AAAA" if ":" in address else "A", address).to_text()


def zone_of(name: str, address: str) -> str:
    return f"{name}. {'AAAA' if ':' in address else 'A'} {address}\n"


async def visited(address: str, zone: str) -> tuple[list[Trouble | None], int]:
    """What came of the visits, and how many connections the server saw."""
    seen = await probe({address: HEALTHY}, dns=zone)
    connections = [visit.connection for visit in seen.evidence.visits]
    troubles = [one.trouble if isinstance(one, Unseen) else None for one in connections]
    return troubles, len(seen.server.sessions)


async def as_mx(address: str) -> tuple[list[Trouble | None], int]:
    return await visited(address, mx_zone(address))


async def behind_aliases(address: str) -> tuple[list[Trouble | None], int]:
    aliases = (
        f"{DOMAIN}. MX 10 {HOST}.\n{HOST}. CNAME a.example.net.\na.example.net. CNAME b.{DOMAIN}."
    )
    return await visited(address, f"{aliases}\n{zone_of(f'b.{DOMAIN}', address)}")


async def without_mx(address: str) -> tuple[list[Trouble | None], int]:
    return await visited(address, zone_of(DOMAIN, address))


async def as_canary(address: str) -> tuple[list[Trouble | None], int]:
    servers: dict[str, Scripts] = {ADDRESS: None, "2001:500::1": None, address: HEALTHY}
    zone = mx_zone(ADDRESS, "2001:500::1") + zone_of(CANARY, address)
    settings = replace(SETTINGS, canaries=((CANARY, 25),))
    seen = await probe(servers, dns=zone, settings=settings)
    calls = [call.greeting for call in seen.evidence.canaries if call.address]
    troubles = [one.trouble if isinstance(one, Unseen) else None for one in calls]
    return troubles, len(seen.server.sessions)


async def as_policy_host(address: str) -> tuple[list[Trouble | None], int]:
    fetched = await fetch({address: [GOOD]})
    trouble = fetched.answer.trouble
    return [trouble.trouble if trouble else None], len(fetched.requests)


WAYS = (as_mx, behind_aliases, without_mx, as_canary, as_policy_host)
Way = Callable[[str], Awaitable[tuple[list[Trouble | None], int]]]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("address", [address for address, _ in RESERVED])
async def test_what_is_not_let_in(way: Way, address: str) -> None:
    assert await way(canonical(address)) == ([Trouble.NOT_PUBLIC], 0)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("address", PUBLIC)
async def test_what_is_let_in(way: Way, address: str) -> None:
    assert await way(canonical(address)) == ([None], 1)


@pytest.mark.parametrize("address", [address for address, _ in RESERVED])
async def test_what_is_let_in_where_it_is_allowed(address: str) -> None:
    text = canonical(address)
    seen = await probe({text: HEALTHY}, dns=mx_zone(text), settings=ALLOWING)
    assert isinstance(seen.visit.tls, TlsSession)
    assert len(seen.server.sessions) == 1


@pytest.mark.parametrize("address", ["fe80::1%eth0", "::1%1", "ff02::1%lo", "10.0.0.1"])
async def test_a_control_host_that_is_an_address(address: str) -> None:
    servers: dict[str, Scripts] = {ADDRESS: None, "2001:500::1": None, address: HEALTHY}
    settings = replace(SETTINGS, canaries=((address, 25),))
    zone = mx_zone(ADDRESS, "2001:500::1")
    seen = await probe(servers, dns=zone, settings=settings)
    (call,) = (call for call in seen.evidence.canaries if call.address)
    assert isinstance(call.greeting, Unseen)
    assert call.greeting.trouble is Trouble.NOT_PUBLIC
    assert seen.server.sessions == []


class Rebinding(ScriptedDns):
    """Gives a public address of a name, and ever after loopback."""

    def __init__(self, name: str, zone: str) -> None:
        super().__init__(zone + zone_of(name, ADDRESS))
        self._name, self._then = name, zone + zone_of(name, LOOPBACK)

    def _reply(self, wire: bytes, *, over_tcp: bool) -> bytes | None:
        reply = super()._reply(wire, over_tcp=over_tcp)
        if self.asked:
            self._zone = Zone(self._then)
        return reply

    @property
    def asked(self) -> int:
        """How often the address was asked for."""
        return self.queries.count((self._name, "A"))


MX_ALONE = f"{DOMAIN}. MX 10 {HOST}.\nother.example. MX 10 {HOST}.\n"
EVERYTHING = wanting(TARGET, Item.TLSA, Item.PTR, Item.OLD_TLS, Item.INJECTION)


def sessions_of(seen: Seen, address: str) -> int:
    return len(seen.world.smtp[address].sessions)


async def test_the_address_looked_at_is_the_address_connected_to() -> None:
    rebinding = Rebinding(HOST, MX_ALONE)
    servers: dict[str, Scripts] = {ADDRESS: HEALTHY, LOOPBACK: HEALTHY}
    seen = await probe(servers, EVERYTHING, dns=rebinding)
    assert rebinding.asked == 1
    # The visit, the old TLS versions, and the injection test.
    assert (sessions_of(seen, ADDRESS), sessions_of(seen, LOOPBACK)) == (3, 0)


async def test_nor_is_it_looked_up_anew_where_a_connection_is_tried_again() -> None:
    rebinding = Rebinding(HOST, MX_ALONE)
    busy = replace(HEALTHY, greeting=b"421 4.3.2 busy\r\n")
    servers: dict[str, Scripts] = {ADDRESS: (busy, busy, HEALTHY), LOOPBACK: HEALTHY}
    seen = await probe(servers, dns=rebinding)
    assert rebinding.asked == 1
    assert (sessions_of(seen, ADDRESS), sessions_of(seen, LOOPBACK)) == (3, 0)


async def test_each_domain_is_judged_by_what_was_looked_at_for_it() -> None:
    rebinding = Rebinding(HOST, MX_ALONE)
    other = Target(domain="other.example", policy=Policy())
    servers: dict[str, Scripts] = {ADDRESS: HEALTHY, LOOPBACK: HEALTHY}
    seen = await probe(servers, TARGET, other, dns=rebinding)
    assert rebinding.asked == 2
    assert (sessions_of(seen, ADDRESS), sessions_of(seen, LOOPBACK)) == (1, 0)
    refused = seen.evidence.visit(HOST, LOOPBACK).connection
    assert isinstance(refused, Unseen)
    assert refused.trouble is Trouble.NOT_PUBLIC


async def test_a_policy_host_is_looked_up_once() -> None:
    rebinding = Rebinding(POLICY_HOST, "")
    servers = {ADDRESS: [Site(tls=Handshake.CLOSE), GOOD], LOOPBACK: [GOOD]}
    fetched = await fetch(servers, dns=rebinding, settings=replace(TRUSTING, retries=2))
    assert (fetched.answer.address, fetched.response.status) == (ADDRESS, 200)
    assert rebinding.asked == 1
    assert [len(fetched.servers[one].requests) for one in (ADDRESS, LOOPBACK)] == [2, 0]


async def test_a_control_host_is_looked_up_once() -> None:
    dead = "203.0.114.77"
    rebinding = Rebinding(CANARY, mx_zone(dead))
    servers: dict[str, Scripts] = {dead: None, ADDRESS: HEALTHY, LOOPBACK: HEALTHY}
    settings = replace(SETTINGS, canaries=((CANARY, 25),))
    seen = await probe(servers, dns=rebinding, settings=settings)
    assert rebinding.asked == 1
    assert (sessions_of(seen, ADDRESS), sessions_of(seen, LOOPBACK)) == (1, 0)
