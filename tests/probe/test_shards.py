"""Several machines share a run: each looks up all domains, and no MX host is visited twice."""

from dataclasses import replace

from mxcheck.evidence.shard import Shard, number_of
from mxcheck.model.targets import Target
from tests.probe.harness import (
    HEALTHY,
    SETTINGS,
    TARGET,
    mail_world,
    mx_zone,
)
from tests.saved.sharded import name_for

COUNT = 3
HOSTS = [name_for(number, COUNT) for number in range(1, COUNT + 1)]
DOMAINS = ("one.example", "two.example")


def zone() -> str:
    """Two domains that share all MX hosts, each of which has two addresses."""
    text = ""
    for index, host in enumerate(HOSTS):
        first, *others = DOMAINS
        text += mx_zone(*addresses(index), domain=first, host=host, preference=index)
        text += "".join(f"{other}. MX {index} {host}.\n" for other in others)
    return text


def addresses(index: int) -> tuple[str, str]:
    return f"203.0.114.{10 + index}", f"203.0.114.{20 + index}"


async def test_each_shard_visits_its_own_hosts_and_looks_up_all_domains() -> None:
    servers = {one: HEALTHY for index in range(COUNT) for one in addresses(index)}
    targets = [Target(domain=domain, policy=TARGET.policy) for domain in DOMAINS]
    async with mail_world(servers, zone()) as world:
        for number in range(1, COUNT + 1):
            before = {address: len(server.sessions) for address, server in world.smtp.items()}
            shard = Shard(number=number, count=COUNT)
            run = world.run(*targets, settings=replace(SETTINGS, shard=shard))
            await run.gather_in_loop()
            seen = run.seen()
            mine = addresses(HOSTS.index(name_for(number, COUNT)))
            visited = {at for at, server in world.smtp.items() if len(server.sessions) > before[at]}
            assert visited == set(mine) == {visit.address for visit in seen.visits}
            assert [domain.name for domain in seen.domains] == list(DOMAINS)
            assert [len(domain.hosts) for domain in seen.domains] == [COUNT, COUNT]
            assert seen.shard == shard


async def test_a_run_that_is_not_a_shard_visits_all() -> None:
    servers = {one: HEALTHY for index in range(COUNT) for one in addresses(index)}
    async with mail_world(servers, zone()) as world:
        run = world.run(Target(domain=DOMAINS[0], policy=TARGET.policy))
        await run.gather_in_loop()
    assert {number_of(visit.host, COUNT) for visit in run.seen().visits} == {1, 2, 3}
    assert run.seen().shard is None
