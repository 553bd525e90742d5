"""The name servers of a zone, each asked itself."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.items import Item
from mxcheck.evidence.name_servers import NameServers
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.name_servers import MAX_SERVERS
from mxcheck.probe.run import ProbeRun
from mxcheck.probe.settings import DNS_PORT
from tests.probe.harness import ADDRESS, ADDRESS2, DOMAIN, HOST, SETTINGS, UNVISITED, plain
from tests.wanting import wanting

ASKING = wanting(UNVISITED, Item.NAME_SERVERS)
TXT = f"_mta-sts.{DOMAIN}"
TLSA = f"_25._tcp.{HOST}"
ZONE = f"{DOMAIN}. MX 10 {HOST}.\n{DOMAIN}. MX 20 mx.else.example.\n"
NAMES = f"{DOMAIN}. NS NS1.{DOMAIN}.\n{DOMAIN}. NS ns2.{DOMAIN}.\n"
ADDRESSES = f"ns1.{DOMAIN}. A {ADDRESS}\nns2.{DOMAIN}. A {ADDRESS2}\n"


async def ask(
    servers: Mapping[str, ScriptedDns],
    zone: str = NAMES + ADDRESSES,
    *,
    domain: str = DOMAIN,
    **changes: float,
) -> NameServers | Unseen:
    async with AsyncExitStack() as stack:
        resolver = await stack.enter_async_context(ScriptedDns(zone))
        for server in dict.fromkeys(servers.values()):
            await stack.enter_async_context(server)
        settings = replace(
            SETTINGS,
            retries=0,
            resolvers=(plain(resolver.address),),
            routes={(one, DNS_PORT): server.address for one, server in servers.items()},
            **changes,  # type: ignore[arg-type]
        )
        run = ProbeRun(targets=(replace(ASKING, domain=domain),), settings=settings)
        await run.gather_in_loop()
    (seen,) = run.seen().domains
    return seen.name_servers


def known(seen: NameServers | Unseen) -> NameServers:
    assert isinstance(seen, NameServers), seen
    return seen


def troubles(seen: NameServers) -> list[Trouble]:
    return [one.lookup.trouble for one in seen.again if isinstance(one.lookup, Unseen)]


def scripted(zone: str = ZONE, fault: Fault | None = None) -> ScriptedDns:
    faults = {f"{DOMAIN} MX": fault} if fault else {}
    return ScriptedDns(zone, faults=faults, authoritative=True)


async def test_each_is_asked_for_what_senders_look_up_in_the_zone() -> None:
    one, two = scripted(), scripted()
    seen = known(await ask({ADDRESS: one, ADDRESS2: two}))
    assert one.queries == two.queries
    assert one.queries[0] == (DOMAIN, "MX")
    assert set(one.queries[1:]) == {(TXT, "TXT"), (TLSA, "TLSA")}
    assert len(one.queries) == 3
    assert (seen.zone, seen.again, seen.left_out) == (DOMAIN, (), ())
    assert {one.server for one in seen.first} == {f"ns1.{DOMAIN}", f"ns2.{DOMAIN}"}
    assert isinstance(seen.first[0].lookup, Answer)
    assert isinstance(seen.first[-1].lookup, Absent)


async def test_servers_that_differ_are_asked_twice() -> None:
    two = scripted(f"{DOMAIN}. MX 10 old.{DOMAIN}.\n")
    seen = known(await ask({ADDRESS: scripted(), ADDRESS2: two}))
    for answers in (seen.first, seen.again):
        lookups = [one.lookup for one in answers if one.rdtype == "MX"]
        assert len({one.records for one in lookups if isinstance(one, Answer)}) == 2


async def test_an_answer_without_authority_is_none() -> None:
    seen = known(await ask({ADDRESS: scripted(), ADDRESS2: ScriptedDns(ZONE)}))
    assert troubles(seen) == [Trouble.NOT_AUTHORITATIVE]


async def test_a_refusal_is_seen() -> None:
    seen = known(await ask({ADDRESS: scripted(), ADDRESS2: scripted(fault=Fault.REFUSED)}))
    assert troubles(seen) == [Trouble.DNS_REFUSED]


async def test_a_silent_server_is_asked_again() -> None:
    silent = scripted(fault=Fault.SILENCE)
    seen = known(await ask({ADDRESS: scripted(), ADDRESS2: silent}, timeout=0.3))
    assert troubles(seen) == [Trouble.TIMEOUT]
    assert silent.queries == [(DOMAIN, "MX")] * 4


async def test_a_long_answer_comes_over_tcp() -> None:
    long = scripted(fault=Fault.TRUNCATED)
    seen = known(await ask({ADDRESS: scripted(), ADDRESS2: long}))
    assert seen.again == ()


async def test_a_server_without_address_is_named() -> None:
    seen = known(await ask({ADDRESS: scripted()}, NAMES + f"ns1.{DOMAIN}. A {ADDRESS}\n"))
    assert troubles(seen) == [Trouble.NO_ADDRESS]


async def test_a_reserved_address_is_not_asked() -> None:
    inner = ADDRESSES.replace(ADDRESS2, "10.0.0.1")
    seen = known(await ask({ADDRESS: scripted()}, NAMES + inner))
    assert troubles(seen) == [Trouble.NOT_PUBLIC]


async def test_the_zone_may_begin_above_the_domain() -> None:
    below = f"mail.{DOMAIN}"
    server = scripted(f"{below}. MX 10 {HOST}.\n")
    seen = known(await ask({ADDRESS: server, ADDRESS2: server}, domain=below))
    assert seen.zone == DOMAIN
    assert (TLSA, "TLSA") in server.queries


async def test_top_level_domains_are_not_asked() -> None:
    server = scripted()
    seen = known(await ask({ADDRESS: server}, f"com. NS ns1.{DOMAIN}.\n" + ADDRESSES))
    assert seen == NameServers(zone="")
    assert server.queries == []


async def test_servers_without_number_are_not_all_asked() -> None:
    many = [f"n{number:02}.{DOMAIN}" for number in range(MAX_SERVERS + 2)]
    zone = "".join(f"{DOMAIN}. NS {name}.\n{name}. A {ADDRESS}\n" for name in many)
    seen = known(await ask({ADDRESS: scripted()}, zone))
    assert seen.left_out == tuple(many[MAX_SERVERS:])


async def test_time_that_is_up_leaves_what_was_seen() -> None:
    silent = scripted(fault=Fault.SILENCE)
    seen = await ask({ADDRESS: silent, ADDRESS2: silent}, deadline=0.3)
    assert isinstance(seen, Unseen)
    assert seen.trouble is Trouble.DEADLINE


async def test_without_a_rule_nobody_is_asked() -> None:
    server = scripted()
    async with ScriptedDns(NAMES + ADDRESSES + ZONE) as resolver, server:
        routes = {(ADDRESS, DNS_PORT): server.address}
        settings = replace(SETTINGS, resolvers=(plain(resolver.address),), routes=routes)
        run = ProbeRun(targets=(UNVISITED,), settings=settings)
        await run.gather_in_loop()
    (seen,) = run.seen().domains
    assert isinstance(seen.name_servers, Unseen)
    assert server.queries == []
    assert (DOMAIN, "NS") not in resolver.queries
