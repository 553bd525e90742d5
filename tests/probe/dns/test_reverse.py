from dataclasses import replace

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absence, Absent, Answer, ForwardLookup, ReverseDns
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.probe.dns.reverse import MAX_NAMES, reverse_name
from tests.probe.harness import ADDRESS, ADDRESS6, HOST, SETTINGS, UNVISITED, mx_zone, probe
from tests.wanting import wanting

WITH_REVERSE = wanting(UNVISITED, Item.PTR)
ARPA, ARPA6 = reverse_name(ADDRESS), reverse_name(ADDRESS6)
ZONE = mx_zone(ADDRESS, ADDRESS6)


async def look_up(zone: str | ScriptedDns) -> dict[str, ReverseDns]:
    settings = replace(SETTINGS, retries=0)
    evidence = (await probe({}, WITH_REVERSE, dns=zone, settings=settings)).evidence
    assert {reverse.address for reverse in evidence.reverse} == {ADDRESS, ADDRESS6}
    return {address: evidence.reverse_of(address) for address in (ADDRESS, ADDRESS6)}


def test_where_the_names_of_an_address_stand() -> None:
    assert ARPA == "1.114.0.203.in-addr.arpa"
    assert ARPA6.startswith("1.0.0.0.")
    assert ARPA6.endswith(".1.0.0.2.ip6.arpa")


async def test_names_that_lead_back_in_both_families() -> None:
    found = await look_up(f"{ZONE}{ARPA}. PTR MX1.Example.com.\n{ARPA6}. PTR {HOST}.\n")
    for address in (ADDRESS, ADDRESS6):
        assert isinstance(found[address].ptr, Answer)
        [forward] = found[address].forward
        assert forward.name == HOST
        assert isinstance(forward.addresses, Answer)
        assert forward.addresses.records == (address,)


async def test_an_address_without_a_name() -> None:
    found = await look_up(ZONE)
    nothing = Absent(absence=Absence.NXDOMAIN)
    assert found[ADDRESS] == ReverseDns(address=ADDRESS, ptr=nothing)


async def test_a_name_that_leads_nowhere() -> None:
    found = await look_up(f"{ZONE}{ARPA}. PTR gone.example.\n")
    nothing = Absent(absence=Absence.NXDOMAIN)
    assert found[ADDRESS].forward == (ForwardLookup(name="gone.example", addresses=nothing),)


async def test_a_name_below_a_delegation_without_classes() -> None:
    """RFC 2317: the PTR record stands behind a CNAME."""
    found = await look_up(
        f"{ZONE}{ARPA}. CNAME 1.0-63.114.0.203.in-addr.arpa.\n"
        f"1.0-63.114.0.203.in-addr.arpa. PTR {HOST}.\n"
    )
    assert [forward.name for forward in found[ADDRESS].forward] == [HOST]


async def test_lookups_that_fail() -> None:
    server = ScriptedDns(
        f"{ZONE}{ARPA6}. PTR away.example.\n",
        faults={ARPA: Fault.SERVFAIL, "away.example": Fault.REFUSED},
    )
    found = await look_up(server)
    ptr = found[ADDRESS].ptr
    assert isinstance(ptr, Unseen)
    assert ptr.trouble is Trouble.SERVFAIL
    assert isinstance(found[ADDRESS6].forward[0].addresses, Unseen)


async def test_names_without_number_are_not_all_looked_up() -> None:
    names = "".join(f"{ARPA}. PTR n{number}.example.\n" for number in range(MAX_NAMES + 2))
    found = await look_up(ZONE + names)
    assert len(found[ADDRESS].forward) == MAX_NAMES
    assert len(found[ADDRESS].left_out) == 2


async def test_nothing_is_asked_that_no_rule_needs() -> None:
    seen = await probe({}, UNVISITED, dns=ZONE)
    assert seen.evidence.reverse == ()
    assert seen.evidence.reverse_of(ADDRESS).ptr == NOT_ASKED
    assert not [name for name, kind in seen.world.dns.queries if kind == "PTR"]


async def test_an_address_of_two_domains_is_asked_once() -> None:
    other = replace(WITH_REVERSE, domain="example.net")
    zone = mx_zone(ADDRESS) + mx_zone(ADDRESS, domain="example.net", host="mx.example.net")
    seen = await probe({}, WITH_REVERSE, other, dns=zone)
    assert [kind for _, kind in seen.world.dns.queries].count("PTR") == 1
