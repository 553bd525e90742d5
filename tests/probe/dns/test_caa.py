"""The CAA records above the names in certificates: asked after the visit, each name once."""

from dataclasses import replace

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.demo.smtp_script import Tls
from mxcheck.evidence.dns import Absent, Answer, Lookup
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.caa import MAX_NAMES
from tests.probe.harness import (
    ADDRESS,
    DOMAIN,
    HEALTHY,
    HOST,
    NO_RELAY,
    ROOT,
    SETTINGS,
    Seen,
    mx_zone,
    probe,
)
from tests.wanting import wanting

WITH_CAA = wanting(NO_RELAY, Item.CAA_SETS)
LIMIT = '0 issue "letsencrypt.org"'


async def look_up(dns: str | ScriptedDns, *names: str) -> Seen:
    issued = ROOT.issue_intermediate().issue(names=names or (HOST,))
    script = replace(HEALTHY, tls=Tls(chain_pem=issued.chain_pem, key_pem=issued.key_pem))
    return await probe({ADDRESS: script}, WITH_CAA, dns=dns, settings=replace(SETTINGS, retries=0))


def found(seen: Seen) -> dict[str, Lookup]:
    (domain,) = seen.evidence.domains
    return {one.name: one.lookup for one in domain.caa}


def asked(seen: Seen) -> list[str]:
    return [name for name, kind in seen.world.dns.queries if kind == "CAA"]


async def test_the_way_up_ends_at_the_first_records() -> None:
    seen = found(await look_up(f"{mx_zone(ADDRESS)}{DOMAIN}. CAA {LIMIT}\ncom. CAA {LIMIT}\n"))
    assert list(seen) == [HOST, DOMAIN]
    assert isinstance(seen[HOST], Absent)
    limits = seen[DOMAIN]
    assert isinstance(limits, Answer)
    assert limits.records == (LIMIT,)


async def test_without_records_it_ends_below_the_root() -> None:
    seen = found(await look_up(mx_zone(ADDRESS)))
    assert list(seen) == [HOST, DOMAIN, "com"]
    assert all(isinstance(lookup, Absent) for lookup in seen.values())


async def test_the_names_of_the_certificate_share_their_way() -> None:
    seen = await look_up(
        mx_zone(ADDRESS), HOST, "*.example.com", "www.example.com", "x.example.net"
    )
    assert set(found(seen)) == {HOST, DOMAIN, "www.example.com", "com"}
    assert sorted(asked(seen)) == sorted({HOST, DOMAIN, "www.example.com", "com"})


async def test_a_lookup_that_fails_ends_the_way() -> None:
    dns = ScriptedDns(mx_zone(ADDRESS), faults={f"{HOST} CAA": Fault.SERVFAIL})
    (lookup,) = found(await look_up(dns)).values()
    assert isinstance(lookup, Unseen)
    assert lookup.trouble is Trouble.SERVFAIL


async def test_an_alias_is_followed() -> None:
    zone = f"{mx_zone(ADDRESS)}www.{DOMAIN}. CNAME away.example.\naway.example. CAA {LIMIT}\n"
    lookup = found(await look_up(zone, HOST, f"www.{DOMAIN}"))[f"www.{DOMAIN}"]
    assert isinstance(lookup, Answer)
    assert (lookup.owner, lookup.records) == ("away.example", (LIMIT,))


async def test_names_without_number_are_not_all_looked_up() -> None:
    names = [f"n{number:03}.{DOMAIN}" for number in range(MAX_NAMES + 5)]
    seen = await look_up(mx_zone(ADDRESS), *names)
    assert len(found(seen)) == MAX_NAMES + len((DOMAIN, "com"))


async def test_nothing_is_asked_that_no_rule_needs() -> None:
    seen = await probe({ADDRESS: HEALTHY}, NO_RELAY, dns=mx_zone(ADDRESS))
    assert found(seen) == {}
    assert asked(seen) == []
