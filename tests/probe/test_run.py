import asyncio
import errno
from collections.abc import Sequence
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Paced
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Connection, Reply
from mxcheck.judge.plan import with_plan
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from mxcheck.probe.run import ProbeRun
from tests.build import domain_of, healthy_host
from tests.probe.harness import (
    ADDRESS,
    ADDRESS2,
    ADDRESS3,
    ADDRESS6,
    DOMAIN,
    HEALTHY,
    HOST,
    IN_CLEAR,
    NO_RELAY,
    SETTINGS,
    TARGET,
    UNVISITED,
    Scripts,
    World,
    mail_world,
    mx_zone,
    plain,
    probe,
    probe_host,
)
from tests.wanting import without

ADDRESSES = [f"203.0.114.{number}" for number in range(1, 7)]


def many_hosts(addresses: Sequence[str]) -> str:
    return "".join(
        mx_zone(address, host=f"mx{number}.example.com") for number, address in enumerate(addresses)
    )


async def crowd(
    zone: str, *, at_once: int, concurrency: int = 100, per_operator: int = 100
) -> World:
    """A run over all ADDRESSES, which greet only once `at_once` connections go on together."""
    enough = asyncio.Event()

    async def wait_for_enough() -> None:
        if world.gauge.now >= at_once:
            enough.set()
        await enough.wait()

    greeting = Paced(parts=(b"220 mx ESMTP\r\n",), pace=wait_for_enough)
    servers: dict[str, Scripts] = dict.fromkeys(ADDRESSES, replace(IN_CLEAR, greeting=greeting))
    async with mail_world(servers, zone) as world:
        run = world.run(
            settings=replace(SETTINGS, concurrency=concurrency, per_operator=per_operator)
        )
        await run.gather_in_loop()
    visits = run.seen().visits
    assert [visit.address for visit in visits] == ADDRESSES
    assert all(visit.relay for visit in visits)
    return world


@pytest.mark.parametrize("limit", [1, 3, 6])
async def test_no_more_visits_go_on_at_once_than_allowed(limit: int) -> None:
    world = await crowd(many_hosts(ADDRESSES), at_once=limit, concurrency=limit)
    assert world.gauge.peak == limit


async def test_one_host_is_visited_at_two_addresses_at_once_at_most() -> None:
    world = await crowd(mx_zone(*ADDRESSES), at_once=2)
    assert world.gauge.peak == 2


@pytest.mark.parametrize("limit", [1, 4])
async def test_one_operator_has_no_more_visits_at_once_than_allowed(limit: int) -> None:
    world = await crowd(many_hosts(ADDRESSES), at_once=limit, per_operator=limit)
    assert world.gauge.peak == limit


async def test_each_operator_is_counted_for_itself() -> None:
    hosts = ("a.one.example", "b.one.example", "c.x.one.example", "d.two.example", "e.net", "three")
    pairs = zip(hosts, ADDRESSES, strict=True)
    zone = "".join(mx_zone(address, host=host) for host, address in pairs)
    world = await crowd(zone, at_once=4, per_operator=1)
    assert world.gauge.peak == 4


async def test_one_address_of_many_names_is_visited_by_one_after_the_other() -> None:
    zone = many_hosts([ADDRESS] * 6)
    async with mail_world({ADDRESS: IN_CLEAR}, zone) as world:
        run = world.run()
        await run.gather_in_loop()
    hosts = {visit.host for visit in run.seen().visits if visit.relay}
    assert hosts == {f"mx{number}.example.com" for number in range(6)}
    assert len(world.smtp[ADDRESS].sessions) == 6
    assert world.gauge.peak == 1


async def test_visits_stand_in_the_order_of_domains_hosts_and_addresses() -> None:
    zone = (
        mx_zone(ADDRESS2, host="b.example", preference=10)
        + mx_zone(ADDRESS, host="a.example", preference=20)
        + mx_zone("203.0.114.9", domain="example.net", host="c.example")
    )
    servers: dict[str, Scripts] = dict.fromkeys((ADDRESS, ADDRESS2, "203.0.114.9"), HEALTHY)
    first = without(Target(domain="example.net", policy=Policy()), Item.RELAY)
    evidence = (await probe(servers, first, NO_RELAY, dns=zone)).evidence
    assert [visit.host for visit in evidence.visits] == ["c.example", "b.example", "a.example"]


async def test_a_domain_that_wants_no_visit_gets_none() -> None:
    seen = await probe_host(HEALTHY, target=UNVISITED)
    assert seen.visit.connection == NOT_ASKED
    assert (seen.visit.tries, seen.server.sessions) == (0, [])


async def test_without_smtp_no_server_is_connected_to() -> None:
    target = with_plan(Target(domain=DOMAIN, policy=Policy(no_smtp=True)))
    settings = replace(SETTINGS, canaries=((ADDRESS3, 25),))
    servers = {ADDRESS: HEALTHY, ADDRESS2: None, ADDRESS3: HEALTHY}
    zone = mx_zone(ADDRESS, ADDRESS2)
    seen = await probe(servers, target, dns=zone, settings=settings)
    assert [server.sessions for server in seen.world.smtp.values()] == [[], []]
    assert seen.evidence.canaries == ()


async def test_a_shared_host_is_visited_if_one_of_its_domains_wants_it() -> None:
    other = replace(UNVISITED, domain="example.net")
    zone = mx_zone(ADDRESS) + f"example.net. MX 1 {HOST}.\n"
    seen = await probe({ADDRESS: HEALTHY}, other, TARGET, dns=zone)
    assert {one.domain for one in seen.visit.relay} == {"", DOMAIN}


PRIVATE = ["127.0.0.1", "10.0.0.1", "192.0.2.1", "fd00::1", "::ffff:10.0.0.1", "169.254.1.1"]


@pytest.mark.parametrize("address", PRIVATE)
async def test_an_address_that_is_not_public_is_left_alone(address: str) -> None:
    seen = await probe({address: HEALTHY})
    assert isinstance(seen.visit.connection, Unseen)
    assert seen.visit.connection.trouble is Trouble.NOT_PUBLIC
    assert (seen.visit.tries, seen.server.sessions) == (0, [])


@pytest.mark.parametrize("address", ["10.0.0.1", "fd00::1"])
async def test_an_address_that_is_not_public_is_visited_where_that_is_allowed(
    address: str,
) -> None:
    seen = await probe({address: HEALTHY}, settings=replace(SETTINGS, allow_private=True))
    assert isinstance(seen.visit.ehlo_after_tls, Reply)


@pytest.mark.parametrize(
    ("families", "left_out", "words"),
    [((4,), ADDRESS6, "IPv6 is left out by -4 or -6"), ((6,), ADDRESS, "IPv4 is left out")],
)
async def test_a_family_may_be_left_out(
    families: tuple[int, ...], left_out: str, words: str
) -> None:
    servers: dict[str, Scripts] = {ADDRESS: HEALTHY, ADDRESS6: HEALTHY}
    seen = await probe(servers, settings=replace(SETTINGS, families=families))
    for visit in seen.evidence.visits:
        if visit.address == left_out:
            assert isinstance(visit.connection, Unseen)
            assert visit.connection.trouble is Trouble.EXCLUDED
            assert visit.connection.detail.startswith(words)
        else:
            assert isinstance(visit.connection, Connection)
    assert seen.world.smtp[left_out].sessions == []


async def test_what_is_left_out_for_its_number_is_not_visited() -> None:
    servers: dict[str, Scripts] = {ADDRESS: HEALTHY, ADDRESS2: HEALTHY}
    seen = await probe(servers, settings=replace(SETTINGS, max_addresses=1))
    assert seen.evidence.domains[0].hosts[0].left_out == (ADDRESS2,)
    assert seen.visit.address == ADDRESS


async def test_progress_is_told_stage_by_stage() -> None:
    told: list[tuple[str, int, int]] = []
    async with mail_world({ADDRESS: HEALTHY, ADDRESS2: HEALTHY}) as world:
        run = world.run(NO_RELAY)
        run.progress = lambda stage: told.append((stage.name, stage.done, stage.total))
        await run.gather_in_loop()
    assert told == [
        ("looking up domains", 0, 1),
        ("looking up domains", 1, 1),
        ("visiting MX hosts", 0, 2),
        ("visiting MX hosts", 1, 2),
        ("visiting MX hosts", 2, 2),
    ]


async def test_times_of_the_run() -> None:
    evidence = (await probe_host(HEALTHY)).evidence
    assert evidence.observed_at <= evidence.finished_at
    assert evidence.observed_at.utcoffset() == evidence.finished_at.utcoffset()
    assert not evidence.interrupted
    assert not evidence.deadline_passed


def test_a_run_makes_a_loop_of_its_own() -> None:
    run = ProbeRun(targets=(), settings=replace(SETTINGS, resolvers=(plain(("127.0.0.1", 9)),)))
    evidence = run.gather()
    assert (evidence.domains, evidence.visits) == ((), ())


ERRORS = [
    (errno.ECONNREFUSED, ADDRESS, Trouble.REFUSED, "connection refused"),
    (errno.ECONNRESET, ADDRESS, Trouble.RESET, "connection reset by the other side"),
    (errno.ETIMEDOUT, ADDRESS, Trouble.TIMEOUT, "connection timed out"),
    (errno.EHOSTUNREACH, ADDRESS, Trouble.HOST_UNREACHABLE, "no route to host"),
    (errno.ENETUNREACH, ADDRESS6, Trouble.NO_ROUTE, "this machine has no route to IPv6"),
    (errno.EADDRNOTAVAIL, ADDRESS, Trouble.NO_ROUTE, "this machine has no IPv4 address"),
    (errno.EAFNOSUPPORT, ADDRESS6, Trouble.NO_ROUTE, "this machine does not speak IPv6"),
    (
        errno.EACCES,
        ADDRESS,
        Trouble.OWN_LIMIT,
        "this machine cannot open a connection: Permission denied",
    ),
    (errno.EPROTO, ADDRESS, Trouble.NETWORK, "Permission denied"),
]


@pytest.mark.parametrize(("number", "address", "trouble", "words"), ERRORS)
async def test_what_connect_says(
    monkeypatch: pytest.MonkeyPatch, number: int, address: str, trouble: Trouble, words: str
) -> None:
    async def fail(*_endpoint: object) -> None:
        # The operating system's words differ from one to the next; errno's are asked for.
        raise OSError(number, "Permission denied")

    monkeypatch.setattr("asyncio.open_connection", fail)
    seen = await probe({address: HEALTHY})
    assert seen.visit.connection == Unseen(trouble=trouble, detail=words)


async def test_a_connection_that_never_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_endpoint: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("asyncio.open_connection", hang)
    seen = await probe_host(HEALTHY, settings=replace(SETTINGS, connect_timeout=0.05))
    assert seen.visit.tries == SETTINGS.retries + 1
    assert seen.visit.connection == Unseen(
        trouble=Trouble.TIMEOUT, detail="no answer within 0.05 s (--connect-timeout)"
    )


def test_domains_take_turns_in_visits() -> None:
    targets = (replace(UNVISITED, domain="a.example"), replace(UNVISITED, domain="b.example"))
    run = ProbeRun(targets=targets, settings=SETTINGS)
    for domain, count in (("a.example", 3), ("b.example", 1)):
        hosts = [healthy_host(f"mx{number}.{domain}") for number in range(count)]
        run.record.domains[domain] = domain_of(*hosts, name=domain)
    visited = [visit.host for visit in run.seen().visits]
    assert visited == ["mx0.a.example", "mx0.b.example", "mx1.a.example", "mx2.a.example"]
