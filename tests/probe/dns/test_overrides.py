from dataclasses import replace

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.overrides import with_zone_overrides
from mxcheck.probe.dns.resolver import Resolver, make_resolver
from mxcheck.probe.overrides import OverrideZone
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
was-alias.example.com. CNAME mx1.example.com.
to-was-alias.example.net. CNAME was-alias.example.com.
deep.mx1.target.example.net. A 203.0.114.9
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
was-alias.example.com. 60 A 203.0.114.4
broken.example.com. 60 CNAME dead.example.
moved.example.com. 60 DNAME target.example.net.
"""
WHOLE = f"example.com. SOA ns.example.com. hostmaster.example.com. 1 2 3 4 5\n{RECORDS}"
SERVFAIL = Fault.SERVFAIL
FILE, FLAG = "--zone-file example.com.zone", "--mx example.com=20 mx9.example.com"


def given(text: str, override: str = FILE) -> OverrideZone:
    zone = parse_zone_file(text)
    assert isinstance(zone, ZoneFile), zone
    return OverrideZone(zone=zone, overrides=(override,))


def overlaid(server: ScriptedDns, *overlay: OverrideZone) -> Resolver:
    resolver = make_resolver(replace(SETTINGS, retries=0, resolvers=(plain(server.address),)))
    assert not isinstance(resolver, Unseen)
    return with_zone_overrides(resolver, overlay)


async def ask(
    name: str,
    rdtype: str,
    *overlay: OverrideZone,
    signed: bool = False,
    server: ScriptedDns | None = None,
) -> Lookup:
    authenticated = ("example.com.",) if signed else ()
    live = ScriptedDns(LIVE, authenticated=authenticated, faults={"dead.example": SERVFAIL})
    async with server or live as running:
        return await overlaid(running, *overlay).lookup(name, rdtype)


async def answer(name: str, rdtype: str, text: str = RECORDS) -> Answer:
    found = await ask(name, rdtype, given(text))
    assert isinstance(found, Answer), found
    return found


async def test_a_record_set_of_the_file_wins_and_says_where_it_is_from() -> None:
    found = await ask("example.com", "MX", given(RECORDS))
    assert found == Answer(
        owner="example.com", records=("10 mx1.example.com",), ttl=60, overrides=(FILE,)
    )


@pytest.mark.parametrize("text", [RECORDS, WHOLE])
async def test_names_outside_the_zone_are_live(text: str) -> None:
    found = await ask("elsewhere.example.net", "A", given(text))
    assert isinstance(found, Answer)
    assert (found.records, found.overrides) == (("203.0.114.8",), ())


async def test_a_name_that_is_not_in_the_file_is_live_unless_the_file_is_the_whole_zone() -> None:
    assert (await answer("only-live.example.com", "A")).records == ("203.0.114.7",)
    found = await ask("only-live.example.com", "A", given(WHOLE))
    assert found == Absent(absence=Absence.NXDOMAIN, overrides=(FILE,))


async def test_other_types_are_live_in_a_few_records_and_gone_in_a_whole_zone() -> None:
    assert (await answer("example.com", "TXT")).records == ('"live"',)
    assert (await answer("mx1.example.com", "AAAA")).records == ("2001:500::1",)
    for name, rdtype in (("example.com", "TXT"), ("mx1.example.com", "AAAA")):
        found = await ask(name, rdtype, given(WHOLE))
        assert found == Absent(absence=Absence.NODATA, overrides=(FILE,))


async def test_what_is_delegated_stays_live_in_a_whole_zone() -> None:
    found = await answer("sub.example.com", "MX", WHOLE)
    assert (found.records, found.overrides) == (("10 old.example.com",), ())


async def test_an_alias_is_followed_within_the_file_and_out_of_it() -> None:
    inside = await answer("alias.example.com", "A")
    assert (inside.owner, inside.aliases) == ("mx1.example.com", ("mx1.example.com",))
    assert (inside.records, inside.overrides) == (("203.0.114.2",), (FILE,))
    outside = await answer("away.example.com", "A")
    assert outside.owner == "elsewhere.example.net"
    assert outside.aliases == ("elsewhere.example.net",)
    assert (outside.records, outside.overrides) == (("203.0.114.8",), (FILE,))


async def test_a_live_alias_that_leads_into_the_file_ends_there() -> None:
    found = await answer("customer.example.net", "A")
    assert (found.owner, found.aliases) == ("mx1.example.com", ("mx1.example.com",))
    assert (found.records, found.overrides) == (("203.0.114.2",), (FILE,))


async def test_records_in_place_of_a_live_alias_end_it_for_every_type() -> None:
    for rdtype, records in (("A", ("203.0.114.4",)), ("AAAA", None)):
        found = await ask("was-alias.example.com", rdtype, given(RECORDS))
        assert not isinstance(found, Unseen)
        assert (found.aliases, found.overrides) == ((), (FILE,))
        assert getattr(found, "records", None) == records
    found = await ask("to-was-alias.example.net", "AAAA", given(RECORDS))
    wanted = Absent(absence=Absence.NODATA, aliases=("was-alias.example.com",), overrides=(FILE,))
    assert found == wanted


async def test_an_alias_into_a_live_zone_that_fails_says_where_it_came_from() -> None:
    found = await ask("broken.example.com", "A", given(RECORDS))
    assert isinstance(found, Unseen)
    assert (found.trouble, found.overrides) == (Trouble.SERVFAIL, (FILE,))


async def test_a_whole_tree_moved_by_dname() -> None:
    found = await answer("deep.mx1.moved.example.com", "A")
    assert found.aliases == ("deep.mx1.target.example.net",)
    assert (found.records, found.overrides) == (("203.0.114.9",), (FILE,))


async def test_an_alias_in_a_circle_ends() -> None:
    found = await ask("circle.example.com", "A", given(RECORDS))
    assert isinstance(found, Unseen)
    assert (found.trouble, found.overrides) == (Trouble.ALIAS_CHAIN, (FILE,))


@pytest.mark.parametrize("name", ["a.wild.example.com", "a.b.wild.example.com"])
async def test_a_wildcard_of_the_file(name: str) -> None:
    found = await answer(name, "A")
    assert (found.owner, found.records) == (name, ("203.0.114.3",))


async def test_the_last_override_wins() -> None:
    flag = given("example.com. MX 20 mx9.example.com.", FLAG)
    found = await ask("example.com", "MX", given(RECORDS), flag)
    assert isinstance(found, Answer)
    assert (found.records, found.overrides) == (("20 mx9.example.com",), (FLAG,))


@pytest.mark.parametrize("signed", [True, False])
async def test_it_is_as_secure_as_the_live_zone_around_it(*, signed: bool) -> None:
    for name in ("mx1.example.com", "alias.example.com"):
        found = await ask(name, "A", given(RECORDS), signed=signed)
        assert isinstance(found, Answer)
        assert found.authenticated_data is signed
    found = await ask("away.example.com", "A", given(RECORDS), signed=signed)
    assert isinstance(found, Answer)
    assert not found.authenticated_data


@pytest.mark.parametrize(
    ("name", "authenticated", "signed"),
    [
        # A name that is not there yet, in a live zone, and in one that is not there either.
        ("new.example.com", ("example.com.",), True),
        ("_25._tcp.new.example.com", ("example.com.",), True),
        ("new.example.com", ("com.",), False),
        ("mx.sub.example.com", ("example.com.", "sub.example.com."), True),
        ("new.example.com", (), False),
    ],
)
async def test_records_come_into_the_nearest_live_zone(
    name: str, authenticated: tuple[str, ...], *, signed: bool
) -> None:
    server = ScriptedDns(LIVE, authenticated=authenticated)
    found = await ask(name, "A", given(f"{name}. A 203.0.114.5"), server=server)
    assert isinstance(found, Answer)
    assert found.authenticated_data is signed


async def test_a_whole_zone_is_as_secure_as_that_very_zone_is() -> None:
    zone = "sub.example.com. SOA ns.sub.example.com. h.example.com. 1 2 3 4 5\n"
    whole = given(f"{zone}mx.sub.example.com. A 203.0.114.5")
    for authenticated, signed in ((("example.com.",), False), (("sub.example.com.",), True)):
        server = ScriptedDns(LIVE, authenticated=authenticated)
        for name in ("mx.sub.example.com", "nothing.sub.example.com"):
            found = await ask(name, "A", whole, server=server)
            assert not isinstance(found, Unseen)
            assert found.authenticated_data is signed


async def test_a_live_zone_is_asked_for_once() -> None:
    server = ScriptedDns(LIVE, authenticated=("example.com.",))
    async with server:
        resolver = overlaid(server, given(RECORDS))
        for _ in range(3):
            await resolver.lookup("mx1.example.com", "A")
        assert server.queries == [("mx1.example.com", "SOA"), ("example.com", "SOA")]


async def test_without_an_overlay_the_resolver_is_itself() -> None:
    resolver = make_resolver(replace(SETTINGS, resolvers=(plain(("192.0.2.53", 53)),)))
    assert not isinstance(resolver, Unseen)
    assert with_zone_overrides(resolver, ()) is resolver
