"""What is asked about TLSA records, and how it is written down."""

from dataclasses import replace

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absent, Answer, TlsaLookup, Withheld
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from tests.probe.harness import ADDRESS, DOMAIN, HOST, SETTINGS, UNVISITED, mx_zone, probe
from tests.wanting import wanting

TARGET = "mail.example.net"
NAME, TARGET_NAME = f"_25._tcp.{HOST}", f"_25._tcp.{TARGET}"
GOOD = f"3 1 1 {'ab' * 32}"
PLAIN = f"{mx_zone(ADDRESS)}{NAME}. 1800 TLSA {GOOD}\n"
ALIAS = (
    f"{DOMAIN}. MX 10 {HOST}.\n{HOST}. CNAME {TARGET}.\n{TARGET}. A {ADDRESS}\n"
    f"{TARGET_NAME}. TLSA {GOOD}\n"
)
ASKED = wanting(UNVISITED, Item.TLSA)
SIGNED = (".",)


async def look_up(server: ScriptedDns, port: int = 25) -> MxHost:
    settings = replace(SETTINGS, port=port, retries=1)
    seen = await probe({}, ASKED, dns=server, settings=settings)
    (host,) = seen.evidence.domains[0].hosts
    return host


def asked_of(server: ScriptedDns, *types: str) -> list[tuple[str, str]]:
    return [(name, rdtype) for name, rdtype in server.queries if rdtype in types]


async def test_the_records_of_a_host() -> None:
    server = ScriptedDns(PLAIN, authenticated=SIGNED)
    host = await look_up(server)
    answer = Answer(owner=NAME, records=(GOOD,), ttl=1800, authenticated_data=True)
    assert host.tlsa == (TlsaLookup(base=HOST, name=NAME, lookup=answer),)
    assert host.alias == NOT_ASKED
    assert asked_of(server, "TLSA", "CNAME") == [(NAME, "TLSA")]


async def test_the_port_is_that_of_the_run() -> None:
    host = await look_up(ScriptedDns(f"{mx_zone(ADDRESS)}_2525._tcp.{HOST}. TLSA {GOOD}"), 2525)
    assert [one.name for one in host.tlsa] == [f"_2525._tcp.{HOST}"]
    assert isinstance(host.tlsa[0].lookup, Answer)


@pytest.mark.parametrize(
    "record",
    ["3 1 1 abcd", f"3 1 2 {'ab' * 32}", f"3 1 1 {'ab' * 64}", "9 9 9 00", f"2 0 0 {'ab' * 700}"],
)
async def test_records_that_senders_cannot_use_come_along(record: str) -> None:
    host = await look_up(ScriptedDns(f"{PLAIN}{NAME}. 1800 TLSA {record}\n"))
    lookup = host.tlsa[0].lookup
    assert isinstance(lookup, Answer)
    assert {text.replace(" ", "") for text in lookup.records} == {
        GOOD.replace(" ", ""),
        record.replace(" ", ""),
    }


async def test_there_are_none() -> None:
    host = await look_up(ScriptedDns(mx_zone(ADDRESS), authenticated=SIGNED))
    (seen,) = host.tlsa
    assert isinstance(seen.lookup, Absent)
    assert seen.lookup.authenticated_data


async def test_an_alias_has_two_names() -> None:
    server = ScriptedDns(ALIAS, authenticated=(HOST,))
    host = await look_up(server)
    assert isinstance(host.alias, Answer)
    assert (host.alias.records, host.alias.authenticated_data) == ((TARGET,), True)
    assert isinstance(host.ipv4, Answer)
    assert not host.ipv4.authenticated_data
    assert [(one.base, one.name) for one in host.tlsa] == [(TARGET, TARGET_NAME), (HOST, NAME)]
    assert isinstance(host.tlsa[0].lookup, Answer)
    assert isinstance(host.tlsa[1].lookup, Absent)


async def test_records_behind_an_alias() -> None:
    zone = f"{mx_zone(ADDRESS)}{NAME}. CNAME tlsa.example.net.\ntlsa.example.net. TLSA {GOOD}\n"
    (seen,) = (await look_up(ScriptedDns(zone))).tlsa
    assert isinstance(seen.lookup, Answer)
    assert (seen.name, seen.lookup.owner) == (NAME, "tlsa.example.net")


@pytest.mark.parametrize(("fault", "times"), [(Fault.SERVFAIL, 3), (Fault.REFUSED, 2)])
async def test_below_a_secure_host_trouble_is_looked_into(fault: Fault, times: int) -> None:
    server = ScriptedDns(PLAIN, faults={f"{NAME} TLSA": fault}, authenticated=SIGNED)
    (seen,) = (await look_up(server)).tlsa
    assert isinstance(seen.lookup, Unseen)
    assert asked_of(server, "TLSA") == [(NAME, "TLSA")] * times


async def test_below_a_host_that_is_not_secure_it_is_asked_once() -> None:
    server = ScriptedDns(PLAIN, faults={f"{NAME} TLSA": Fault.SERVFAIL})
    (seen,) = (await look_up(server)).tlsa
    assert isinstance(seen.lookup, Unseen)
    assert seen.lookup.trouble is Trouble.SERVFAIL
    assert asked_of(server, "TLSA") == [(NAME, "TLSA")]


async def test_below_a_secure_alias_it_is_looked_into_too() -> None:
    server = ScriptedDns(ALIAS, faults={f"{NAME} TLSA": Fault.SERVFAIL}, authenticated=(HOST,))
    await look_up(server)
    assert asked_of(server, "TLSA").count((NAME, "TLSA")) == 3


async def test_bogus_records() -> None:
    server = ScriptedDns(PLAIN, faults={f"{NAME} TLSA": Fault.BOGUS}, authenticated=SIGNED)
    (seen,) = (await look_up(server)).tlsa
    assert isinstance(seen.lookup, Withheld)
    assert isinstance(seen.lookup.unchecked, Answer)


@pytest.mark.parametrize(
    "zone",
    [
        f"{DOMAIN}. MX 10 {HOST}.\n{NAME}. TLSA {GOOD}",
        f"{DOMAIN}. MX 10 {ADDRESS}.\n",
    ],
)
async def test_without_an_address_nothing_is_asked(zone: str) -> None:
    server = ScriptedDns(zone)
    host = await look_up(server)
    assert (host.tlsa, host.alias) == ((), NOT_ASKED)
    assert asked_of(server, "TLSA", "CNAME") == []


async def test_unless_a_rule_needs_them_nothing_is_asked() -> None:
    server = ScriptedDns(PLAIN)
    seen = await probe({}, UNVISITED, dns=server)
    assert seen.evidence.domains[0].hosts[0].tlsa == ()
    assert asked_of(server, "TLSA") == []
