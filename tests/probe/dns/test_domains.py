import socket
from dataclasses import replace

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from tests.probe.harness import (
    ADDRESS,
    ADDRESS2,
    DOMAIN,
    HOST,
    SETTINGS,
    UNVISITED,
    closed_port,
    mx_zone,
    plain,
    probe,
)
from tests.wanting import without

OTHER = without(Target(domain="example.net", policy=Policy()), Item.VISIT, Item.RELAY)


async def look_up(
    zone: str | ScriptedDns, max_addresses: int = 16, families: tuple[int, ...] = (4, 6)
) -> Domain:
    settings = replace(SETTINGS, max_addresses=max_addresses, families=families)
    seen = await probe({}, UNVISITED, dns=zone, settings=settings)
    (domain,) = seen.evidence.domains
    assert domain.name == DOMAIN
    return domain


async def test_hosts_stand_in_the_order_in_which_senders_try_them() -> None:
    domain = await look_up(
        "example.com. MX 30 c.example.\n"
        "example.com. MX 10 b.example.\n"
        "example.com. MX 20 a.example.\n"
    )
    assert [(host.preference, host.name) for host in domain.hosts] == [
        (10, "b.example"),
        (20, "a.example"),
        (30, "c.example"),
    ]


async def test_doublets_become_one_host_at_its_best_preference() -> None:
    domain = await look_up(
        "example.com. MX 20 mx1.example.\n"
        "example.com. MX 10 MX1.Example.\n"
        "mx1.example. A 203.0.114.1\n"
    )
    assert isinstance(domain.mx, Answer)
    assert sorted(domain.mx.records) == ["10 mx1.example", "20 mx1.example"]
    assert [(host.preference, host.name) for host in domain.hosts] == [(10, "mx1.example")]


async def test_a_null_mx_has_no_hosts() -> None:
    domain = await look_up("example.com. MX 0 .\nexample.com. A 203.0.114.1")
    assert isinstance(domain.mx, Answer)
    assert domain.hosts == ()


async def test_a_null_mx_beside_another_one_leaves_the_other() -> None:
    domain = await look_up("example.com. MX 0 .\nexample.com. MX 10 mx1.example.")
    assert [host.name for host in domain.hosts] == ["mx1.example"]


async def test_without_mx_the_domain_stands_for_itself() -> None:
    domain = await look_up("example.com. A 203.0.114.1")
    assert domain.mx == Absent(absence=Absence.NODATA)
    (host,) = domain.hosts
    assert (host.name, host.preference, host.addresses) == (DOMAIN, 0, (ADDRESS,))


async def test_without_mx_and_address_the_host_has_none() -> None:
    domain = await look_up("www.example.com. A 203.0.114.1")
    (host,) = domain.hosts
    assert (host.ipv4, host.ipv6) == (Absent(absence=Absence.NODATA),) * 2
    assert host.addresses == ()


async def test_a_domain_that_does_not_exist_has_no_hosts() -> None:
    domain = await look_up("example.org. A 203.0.114.1")
    assert (domain.mx, domain.hosts) == (Absent(absence=Absence.NXDOMAIN), ())


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [(Fault.SERVFAIL, Trouble.SERVFAIL), (Fault.REFUSED, Trouble.DNS_REFUSED)],
)
async def test_an_mx_lookup_that_fails_never_falls_back(fault: Fault, trouble: Trouble) -> None:
    server = ScriptedDns("example.com. A 203.0.114.1", faults={"example.com MX": fault})
    domain = await look_up(server)
    assert isinstance(domain.mx, Unseen)
    assert (domain.mx.trouble, domain.hosts) == (trouble, ())
    assert not {rdtype for name, rdtype in server.queries if name == DOMAIN} & {"A", "AAAA"}


async def test_no_resolver_answers() -> None:
    with closed_port() as nobody:
        settings = replace(SETTINGS, resolvers=(plain(nobody.getsockname()),))
        seen = await probe({}, UNVISITED, OTHER, settings=settings)
    assert [domain.name for domain in seen.evidence.domains] == [DOMAIN, "example.net"]
    for domain in seen.evidence.domains:
        assert isinstance(domain.mx, Unseen)
        assert domain.mx.trouble is Trouble.RESOLVER


async def test_families_alternate_and_a_limit_leaves_out_neither() -> None:
    zone = mx_zone("203.0.114.3", "203.0.114.1", "203.0.114.2", "2001:500::2", "2001:500::1")
    host = (await look_up(zone, max_addresses=3)).hosts[0]
    assert host.addresses == ("203.0.114.1", "2001:500::1", "203.0.114.2")
    assert host.left_out == ("2001:500::2", "203.0.114.3")


async def test_one_family_that_fails_hides_not_the_other() -> None:
    server = ScriptedDns(mx_zone(ADDRESS), faults={f"{HOST} AAAA": Fault.SERVFAIL})
    host = (await look_up(server)).hosts[0]
    assert isinstance(host.ipv6, Unseen)
    assert host.addresses == (ADDRESS,)


async def test_an_mx_host_that_is_an_alias() -> None:
    host = (
        await look_up(
            f"example.com. MX 10 a.example.\na.example. CNAME b.example.\nb.example. A {ADDRESS}"
        )
    ).hosts[0]
    assert isinstance(host.ipv4, Answer)
    assert (host.name, host.ipv4.owner, host.ipv4.aliases, host.addresses) == (
        "a.example",
        "b.example",
        ("b.example",),
        (ADDRESS,),
    )


async def test_an_mx_that_is_an_address_is_neither_looked_up_nor_visited() -> None:
    seen = await probe({}, dns=f"example.com. MX 10 {ADDRESS}.")
    (host,) = seen.evidence.domains[0].hosts
    assert (host.name, host.addresses, host.ipv4, host.ipv6) == (ADDRESS, (), NOT_ASKED, NOT_ASKED)
    assert seen.evidence.visits == ()
    assert seen.world.dns.queries == [(DOMAIN, "MX")]


async def test_domains_are_looked_up_and_kept_apart() -> None:
    zone = mx_zone(ADDRESS) + mx_zone(ADDRESS2, domain="example.net", host="mx.example.net")
    seen = await probe({}, OTHER, UNVISITED, dns=zone)
    assert [(d.name, d.hosts[0].addresses) for d in seen.evidence.domains] == [
        ("example.net", (ADDRESS2,)),
        (DOMAIN, (ADDRESS,)),
    ]


async def test_names_of_this_machine_are_not_asked_for_unless_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "runner.example.net")
    seen = await probe(
        {}, UNVISITED, dns=mx_zone(ADDRESS), settings=replace(SETTINGS, ehlo_name="")
    )
    assert not [name for name, _ in seen.world.dns.queries if name.startswith("runner")]


@pytest.mark.parametrize(
    ("families", "trouble"), [((4, 6), Trouble.SERVFAIL), ((4,), Trouble.EXCLUDED)]
)
async def test_a_lookup_of_a_family_that_is_left_out_may_fail(
    families: tuple[int, ...], trouble: Trouble
) -> None:
    server = ScriptedDns(mx_zone(ADDRESS), faults={f"{HOST} AAAA": Fault.SERVFAIL})
    [host] = (await look_up(server, families=families)).hosts
    assert isinstance(host.ipv6, Unseen)
    assert host.ipv6.trouble is trouble


@pytest.mark.parametrize(
    "value", ["mx\\032.example.com", "mx.example.com:25", "m\\195\\164il.example.com", "192.0.2.1"]
)
async def test_what_is_no_host_name_is_not_looked_up(value: str) -> None:
    """Senders discard it, even if it has an address."""
    server = ScriptedDns(f"{DOMAIN}. MX 10 {value}.\n{value}. A {ADDRESS}\n")
    domain = await look_up(server)
    [host] = domain.hosts
    assert (host.name, host.addresses, host.ipv4) == (value, (), NOT_ASKED)
    assert server.queries == [(DOMAIN, "MX")]


async def test_an_underscore_does_not_keep_a_name_from_being_looked_up() -> None:
    server = ScriptedDns(f"{DOMAIN}. MX 10 mx_1.example.com.\nmx_1.example.com. A {ADDRESS}\n")
    [host] = (await look_up(server)).hosts
    assert host.addresses == (ADDRESS,)
