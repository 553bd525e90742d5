"""`mxcheck demo`: the real check, run against the embedded mail servers."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

from mxcheck.app import Checking
from mxcheck.config.load import Config
from mxcheck.config.output import Screen
from mxcheck.console.output import show
from mxcheck.console.streams import print_text
from mxcheck.demo.building import DemoDomain
from mxcheck.demo.loopback import LOOPBACK
from mxcheck.demo.world import World, demo_world
from mxcheck.evidence.runs import Evidence
from mxcheck.judge.verdict import DomainVerdict, Outcome, Verdict
from mxcheck.model.exit_codes import EXIT_BUG, EXIT_PASS
from mxcheck.model.policy import Level, Policy
from mxcheck.model.targets import Target
from mxcheck.probe.settings import PlainResolver, ProbeSettings

INTRODUCTION = """\
The demo checks mail servers that it runs itself: DNS, SMTP and HTTPS on loopback, which appear at
addresses of the documentation ranges. Nothing leaves this machine.
"""
ALL_AS_EXPECTED = "Every verdict is as expected: the demo exits 0, where a check would exit 1."
NOT_AS_EXPECTED = "Not every verdict is as expected; please report this."


def run_demo(screen: Screen) -> int:
    """Check the demo's domains and print the report; return 0 if every verdict is as expected."""
    verdict, domains = judge_world(screen)
    print_text(INTRODUCTION)
    show(verdict, screen)
    outcomes = list(_compare(verdict, domains))
    for line, _ in outcomes:
        print_text(line)
    all_as_expected = all(as_expected for _, as_expected in outcomes)
    print_text(ALL_AS_EXPECTED if all_as_expected else NOT_AS_EXPECTED)
    return EXIT_PASS if all_as_expected else EXIT_BUG


def judge_world(screen: Screen) -> tuple[Verdict, tuple[DemoDomain, ...]]:
    """Return the verdict on the demo's domains, and how they were built."""
    return asyncio.run(_check_world(screen))


async def _check_world(screen: Screen) -> tuple[Verdict, tuple[DemoDomain, ...]]:
    async with demo_world(datetime.now(UTC)) as world:
        run = Checking(_configuration(world, screen))
        await run.probe.gather_in_loop()
        return run.judge(Evidence(runs=(run.probe.seen(),))), world.domains


def _configuration(world: World, screen: Screen) -> Config:
    policy = Policy(allow_private=True)
    return Config(
        policy=policy,
        targets=tuple(Target(domain=domain.name, policy=policy) for domain in world.domains),
        probe=ProbeSettings(
            resolvers=(PlainResolver(address=LOOPBACK, port=world.resolver[1]),),
            trust_ad=True,
            routes=world.routes,
            ca_pem=world.ca_pem,
            allow_private=True,
            canaries=(),
            connect_timeout=5,
            timeout=5,
            retry_delay=0.1,
        ),
        ca_pem=world.ca_pem,
        screen=screen,
    )


def _compare(verdict: Verdict, domains: tuple[DemoDomain, ...]) -> Iterator[tuple[str, bool]]:
    """Yield a line for each domain: its fault, and whether the verdict is as expected."""
    for seen, built in zip(verdict.domains, domains, strict=True):
        failed, unknown = _ids(seen, Outcome.FAIL), _ids(seen, Outcome.UNKNOWN)
        as_expected = failed == built.expected and unknown == built.expected_unknown
        found = ", ".join(sorted(failed | unknown)) or "nothing"
        mark = "as expected" if as_expected else "NOT AS EXPECTED"
        yield f"{mark}: {built.name}: {built.story} Found: {found}.", as_expected


def _ids(verdict: DomainVerdict, outcome: Outcome) -> frozenset[str]:
    return frozenset(
        result.rule.id
        for result in verdict.results
        if result.outcome is outcome and result.level is Level.ERROR
    )
