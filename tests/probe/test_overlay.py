from dataclasses import replace

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns import make_resolver
from mxcheck.probe.overlay import lay_over
from mxcheck.probe.what_if import GivenZone
from mxcheck.wire.record_set import ZoneFile
from mxcheck.wire.zone_file import parse_zone_file
from tests.probe.harness import SETTINGS, plain

LIVE = """
example.com. MX 10 old.example.com.
example.com. TXT "live"
old.example.com. A 203.0.114.1
mx1.example.com. AAAA 2001:500::1
only-live.example.com. A 203.0.114.7
sub.example.com. MX 10 old.example.com.
customer.example.net. CNAME mx1.example.com.
elsewhere.example.net. A 203.0.114.8
"""
RECORDS = """
example.com. 60 MX 10 mx1.example.com.
mx1.example.com. 60 A 203.0.114.2
alias.example.com. 60 CNAME mx1.example.com.
away.example.com. 60 CNAME elsewhere.example.net.
circle.example.com. 60 CNAME circle.example.com.
*.wild.example.com. 60 A 203.0.114.3
sub.example.com. 60 NS ns.example.org.
"""
WHOLE = f"example.com. SOA ns.example.com. hostmaster.example.com. 1 2 3 4 5\n{RECORDS}"
FILE, FLAG = "--zone-file example.com.zone", "--mx example.com=20 mx9.example.com"


def given(text: str, what_if: str = FILE) -> GivenZone:
    zone = parse_zone_file(text)
    assert isinstance(zone, ZoneFile), zone
    return GivenZone(zone=zone, what_ifs=(what_if,))


async def ask(name: str, rdtype: str, *overlay: GivenZone, signed: bool = False) -> Lookup:
    authenticated = ("example.com.",) if signed else ()
    server = ScriptedDns(LIVE, authenticated=authenticated, faults={"dead.example": Fault.SERVFAIL})
    settings = replace(SETTINGS, retries=0, resolvers=())
    async with server:
        resolver = make_resolver(replace(settings, resolvers=(plain(server.address),)))
        assert not isinstance(resolver, Unseen)
        return await lay_over(resolver, overlay).lookup(name, rdtype)


async def answer(name: str, rdtype: str, text: str = RECORDS) -> Answer:
    found = await ask(name, rdtype, given(text))
    assert isinstance(found, Answer), found
    return found


async def test_a_record_set_of_the_file_wins_and_says_where_it_is_from() -> None:
    found = await ask("example.com", "MX", given(RECORDS))
    assert found == Answer(
        owner="example.com", records=("10 mx1.example.com",), ttl=60, what_ifs=(FILE,)
    )


@pytest.mark.parametrize("text", [RECORDS, WHOLE])
async def test_names_outside_the_file_are_live(text: str) -> None:
    found = await ask("only-live.example.com", "A", given(text))
    assert isinstance(found, Answer)
    assert (found.records, found.what_ifs) == (("203.0.114.7",), ())


async def test_other_types_are_live_in_a_few_records_and_gone_in_a_whole_zone() -> None:
    assert (await answer("example.com", "TXT")).records == ('"live"',)
    assert (await answer("mx1.example.com", "AAAA")).records == ("2001:500::1",)
    for name, rdtype in (("example.com", "TXT"), ("mx1.example.com", "AAAA")):
        found = await ask(name, rdtype, given(WHOLE))
        assert found == Absent(absence=Absence.NODATA, what_ifs=(FILE,))


async def test_what_is_delegated_stays_live_in_a_whole_zone() -> None:
    found = await answer("sub.example.com", "MX", WHOLE)
    assert (found.records, found.what_ifs) == (("10 old.example.com",), ())


async def test_an_alias_is_followed_within_the_file_and_out_of_it() -> None:
    inside = await answer("alias.example.com", "A")
    assert (inside.owner, inside.aliases) == ("mx1.example.com", ("mx1.example.com",))
    assert (inside.records, inside.what_ifs) == (("203.0.114.2",), (FILE,))
    outside = await answer("away.example.com", "A")
    assert outside.owner == "elsewhere.example.net"
    assert outside.aliases == ("elsewhere.example.net",)
    assert (outside.records, outside.what_ifs) == (("203.0.114.8",), (FILE,))


async def test_a_live_alias_that_leads_into_the_file_ends_there() -> None:
    found = await answer("customer.example.net", "A")
    assert (found.owner, found.aliases) == ("mx1.example.com", ("mx1.example.com",))
    assert (found.records, found.what_ifs) == (("203.0.114.2",), (FILE,))


async def test_an_alias_in_a_circle_ends() -> None:
    found = await ask("circle.example.com", "A", given(RECORDS))
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.ALIAS_CHAIN


@pytest.mark.parametrize("name", ["a.wild.example.com", "a.b.wild.example.com"])
async def test_a_wildcard_of_the_file(name: str) -> None:
    found = await answer(name, "A")
    assert (found.owner, found.records) == (name, ("203.0.114.3",))


async def test_the_last_override_wins() -> None:
    flag = given("example.com. MX 20 mx9.example.com.", FLAG)
    found = await ask("example.com", "MX", given(RECORDS), flag)
    assert isinstance(found, Answer)
    assert (found.records, found.what_ifs) == (("20 mx9.example.com",), (FLAG,))


@pytest.mark.parametrize("signed", [True, False])
async def test_it_is_as_secure_as_the_live_zone_around_it(*, signed: bool) -> None:
    for name in ("mx1.example.com", "alias.example.com"):
        found = await ask(name, "A", given(RECORDS), signed=signed)
        assert isinstance(found, Answer)
        assert found.authenticated_data is signed
    found = await ask("away.example.com", "A", given(RECORDS), signed=signed)
    assert isinstance(found, Answer)
    assert not found.authenticated_data


async def test_without_an_overlay_the_resolver_is_itself() -> None:
    resolver = make_resolver(replace(SETTINGS, resolvers=(plain(("192.0.2.53", 53)),)))
    assert not isinstance(resolver, Unseen)
    assert lay_over(resolver, ()) is resolver
