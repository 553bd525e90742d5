"""Runs where outbound port 25 is closed, with the default settings: how long they take."""

import asyncio
import errno
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from mxcheck.app import Checking
from mxcheck.config.load import Config
from mxcheck.config.output import Screen
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Connection
from mxcheck.judge.verdict import Outcome, Verdict
from mxcheck.model.endpoint import HostPort
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from mxcheck.probe.settings import SMTP_PORT, ProbeSettings
from mxcheck.rules.base import Cause
from tests.faults.dialling import Dials, NoWay
from tests.faults.timeless import run_timeless
from tests.probe.harness import ADDRESS, HEALTHY, ROOT, mx_zone, plain
from tests.saving import as_evidence

CANARIES = ("203.0.114.200", "203.0.114.201")
USERS_SETTINGS = ProbeSettings(
    ehlo_name="probe.example.net",
    canaries=tuple((address, SMTP_PORT) for address in CANARIES),
    ca_pem=ROOT.certificate_pem,
    trust_ad=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A domain for each tuple of addresses; none of these answers, nor do the dead canaries.

    A healthy server is at the addresses in `late`, once the first tries have failed.
    """

    hosts: tuple[tuple[str, ...], ...]
    dead: tuple[str, ...] = CANARIES
    late: Mapping[str, NoWay] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The domains."""
        return [f"d{number}.example" for number in range(len(self.hosts))]

    @property
    def zone(self) -> str:
        """Their records."""
        return "".join(
            mx_zone(*addresses, domain=name, host=f"mx.{name}")
            for name, addresses in zip(self.names, self.hosts, strict=True)
        )

    def routes(self, server: HostPort, dials: Dials) -> dict[HostPort, HostPort]:
        """Lead to the server where one is; elsewhere nothing answers."""
        silent = {*self.dead, *(address for host in self.hosts for address in host)}
        for address in silent - self.late.keys():
            dials.troubles[address, SMTP_PORT] = NoWay()
        for way in self.late.values():
            dials.troubles[server] = way
        return {
            (address, SMTP_PORT): server for address in ({*CANARIES} - silent) | self.late.keys()
        }


def run(world: World, dials: Dials) -> tuple[Verdict, float]:
    """Return the verdict, and the seconds that the run took by the loop's clock."""

    async def check() -> tuple[Verdict, float]:
        async with ScriptedDns(world.zone) as dns, ScriptedSmtp(HEALTHY) as server:
            config = Config(
                policy=Policy(),
                targets=tuple(Target(domain=name, policy=Policy()) for name in world.names),
                probe=replace(
                    USERS_SETTINGS,
                    routes=world.routes(server.address, dials),
                    resolvers=(plain(dns.address),),
                ),
                screen=Screen(quiet=True),
            )
            checking = Checking(config)
            await checking.probe.gather_in_loop()
            seconds = asyncio.get_running_loop().time()
            return checking.judge(as_evidence(checking.probe.seen())), seconds

    return run_timeless(check())


def addresses(number: int, each: int = 1) -> tuple[tuple[str, ...], ...]:
    flat = [f"203.0.{115 + n // 250}.{1 + n % 250}" for n in range(number * each)]
    return tuple(tuple(flat[n : n + each]) for n in range(0, number * each, each))


def dialled(dials: Dials) -> list[int]:
    return [dials.made[address, SMTP_PORT] for address in CANARIES]


@pytest.mark.parametrize(
    "hosts",
    [addresses(1), addresses(1, each=9), addresses(250), addresses(50, each=5)],
    ids=["one address", "one host of many", "more than go at once", "50 domains"],
)
def test_where_the_port_is_closed_any_number_of_domains_takes_20_seconds(
    hosts: tuple[tuple[str, ...], ...], dials: Dials
) -> None:
    verdict, seconds = run(World(hosts=hosts), dials)
    assert seconds <= 21
    assert dialled(dials) == [1, 1]
    blocking = [one for domain in verdict.domains for one in domain.results if one.blocks]
    assert len(blocking) == sum(map(len, hosts))
    assert {one.outcome for one in blocking} == {Outcome.UNKNOWN}
    assert all(Cause.CLOSED_PORT in one.message for one in blocking)
    assert verdict.exit_code == 3


def test_what_was_not_tried_says_so(dials: Dials) -> None:
    verdict, _ = run(World(hosts=addresses(250)), dials)
    troubles = [
        visit.connection.trouble
        for visit in verdict.evidence.runs[0].visits
        if isinstance(visit.connection, Unseen)
    ]
    assert set(troubles[:100]) == {Trouble.TIMEOUT}
    assert set(troubles[200:]) == {Trouble.GIVEN_UP}


def test_if_a_canary_answers_the_tries_go_on(dials: Dials) -> None:
    verdict, seconds = run(World(hosts=addresses(3), dead=CANARIES[:1]), dials)
    assert [visit.tries for visit in verdict.evidence.runs[0].visits] == [3, 3, 3]
    assert 30 < seconds < 40
    assert verdict.exit_code == 1


@pytest.mark.parametrize(
    ("way", "asked"),
    [(NoWay(error=errno.ECONNREFUSED, times=1), 0), (NoWay(times=1), 1)],
    ids=["before control hosts are asked", "while they are asked"],
)
def test_an_address_that_is_reached_in_time_makes_the_others_failures(
    way: NoWay, asked: int, dials: Dials
) -> None:
    world = World(hosts=((ADDRESS,), *addresses(2)), late={ADDRESS: way})
    verdict, _ = run(world, dials)
    first, *others = verdict.evidence.runs[0].visits
    assert isinstance(first.connection, Connection)
    assert [visit.tries for visit in others] == [3, 3]
    assert dialled(dials) == [asked, asked]
    assert verdict.evidence.runs[0].canaries == ()
    assert verdict.exit_code == 1
