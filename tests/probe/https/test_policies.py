"""A run's MTA-STS and TLS-RPT: asked beside the visits, and kept when the run ends early."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.demo.https_server import ScriptedHttps, Site, http_response
from mxcheck.demo.smtp_script import Act, Paced
from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.domain import Domain, Run
from mxcheck.evidence.items import Item
from mxcheck.evidence.mta_sts import NO_MTA_STS, PolicyFetch, PolicyResponse
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.records import PlainRecord
from mxcheck.evidence.smtp import Reply
from mxcheck.model.targets import Target
from mxcheck.probe.https.policy_host import HTTPS_PORT
from mxcheck.probe.progress import Stage
from mxcheck.probe.run import ProbeRun
from mxcheck.probe.settings import ProbeSettings
from tests.probe.harness import (
    ADDRESS,
    ADDRESS2,
    DOMAIN,
    HEALTHY,
    ROOT,
    TARGET,
    UNVISITED,
    Gauge,
    mail_world,
    mx_zone,
)
from tests.probe.https.policy_world import GOOD, POLICY, POLICY_HOST, TRUSTING, site, tls_of
from tests.wanting import wanting, without

BOTH = wanting(TARGET, Item.STS_POLICY, PlainRecord.TLS_RPT)
RECORD = '"v=STSv1; id=1;"'
RPT = '"v=TLSRPTv1; rua=mailto:tls@example.com"'
ZONE = f"""\
{mx_zone(ADDRESS)}
_mta-sts.{DOMAIN}. TXT {RECORD}
_smtp._tls.{DOMAIN}. TXT {RPT}
{POLICY_HOST}. A {ADDRESS2}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    run: ProbeRun
    evidence: Run
    https: ScriptedHttps
    queries: list[tuple[str, str]]

    @property
    def domain(self) -> Domain:
        return self.evidence.domains[0]


async def probe_policies(
    *targets: Target,
    policy: Site = GOOD,
    dns: str | ScriptedDns = ZONE,
    settings: ProbeSettings = TRUSTING,
    prepare: Callable[[ProbeRun], object] = lambda _: None,
) -> Seen:
    """One run, with a healthy MX host at ADDRESS and a policy host at ADDRESS2."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(mail_world({ADDRESS: HEALTHY}, dns))
        https = await stack.enter_async_context(ScriptedHttps(policy))
        run = world.run(*(targets or (BOTH,)), settings=settings)
        routes = {**run.settings.routes, (ADDRESS2, HTTPS_PORT): https.address}
        run.settings = replace(run.settings, routes=routes)
        prepare(run)
        await run.gather_in_loop()
        return Seen(run=run, evidence=run.seen(), https=https, queries=world.dns.queries)


def paced(pace: Callable[[], Awaitable[object]]) -> Site:
    return site(Paced(parts=(http_response(POLICY),), pace=pace))


def trouble_of(stage: object) -> Trouble:
    assert isinstance(stage, Unseen)
    return stage.trouble


def response_of(policy: object) -> PolicyResponse | Unseen:
    """Return what the only address of a policy host answered."""
    assert isinstance(policy, PolicyFetch), policy
    [answer] = policy.answers
    return answer.trouble or answer.response


def ensure_visited(evidence: Run) -> None:
    (visit,) = evidence.visits
    assert isinstance(visit.ehlo_after_tls, Reply)
    assert len(visit.relay) == 4


async def test_record_policy_and_reports_are_seen() -> None:
    seen = await probe_policies()
    assert isinstance(seen.domain.mta_sts.record, Answer)
    assert seen.domain.mta_sts.record.records == (RECORD,)
    reports = seen.domain.record(PlainRecord.TLS_RPT)
    assert isinstance(reports, Answer)
    assert reports.records == (RPT,)
    response = response_of(seen.domain.mta_sts.policy)
    assert isinstance(response, PolicyResponse)
    assert response.body == POLICY
    ensure_visited(seen.evidence)


async def test_nothing_is_asked_that_no_rule_asks_about() -> None:
    seen = await probe_policies(TARGET)
    assert seen.domain.mta_sts == NO_MTA_STS
    assert seen.domain.record(PlainRecord.TLS_RPT) == NOT_ASKED
    assert {name for name, _ in seen.queries} == {DOMAIN, f"mx1.{DOMAIN}"}
    assert seen.https.requests == []


@pytest.mark.parametrize(
    "zone",
    [
        mx_zone(ADDRESS),
        ZONE.replace("v=STSv1", "v=STSv2"),
        ZONE.replace("id=1", "id=not-a-number"),
        ZONE + f'_mta-sts.{DOMAIN}. TXT "v=STSv1; id=2;"\n',
    ],
)
async def test_no_policy_is_fetched_unless_one_is_announced(zone: str) -> None:
    seen = await probe_policies(dns=zone)
    assert isinstance(seen.domain.mta_sts.record, Answer | Absent)
    assert seen.domain.mta_sts.policy == NOT_ASKED
    assert (POLICY_HOST, "A") not in seen.queries
    assert seen.https.requests == []


async def test_a_record_that_cannot_be_looked_up() -> None:
    dns = ScriptedDns(ZONE, faults={f"_mta-sts.{DOMAIN}": Fault.SERVFAIL})
    seen = await probe_policies(dns=dns)
    assert trouble_of(seen.domain.mta_sts.record) is Trouble.SERVFAIL
    assert seen.domain.mta_sts.policy == NOT_ASKED


async def test_a_slow_policy_host_delays_no_visit() -> None:
    visited = asyncio.Event()

    def watch(run: ProbeRun) -> None:
        def progress(stage: Stage) -> None:
            if stage.name.startswith("visiting") and stage.done:
                visited.set()

        run.progress = progress

    seen = await probe_policies(policy=paced(visited.wait), prepare=watch)
    ensure_visited(seen.evidence)
    assert isinstance(response_of(seen.domain.mta_sts.policy), PolicyResponse)


async def test_the_deadline_ends_the_fetch_and_nothing_that_was_seen_is_lost() -> None:
    settings = replace(TRUSTING, deadline=0.8)
    seen = await probe_policies(policy=site(Act.SILENCE), settings=settings)
    assert seen.evidence.deadline_passed
    assert isinstance(seen.domain.mta_sts.record, Answer)
    assert trouble_of(response_of(seen.domain.mta_sts.policy)) is Trouble.DEADLINE
    assert isinstance(seen.domain.record(PlainRecord.TLS_RPT), Answer)
    ensure_visited(seen.evidence)


async def test_an_interrupt_during_the_fetch() -> None:
    async def interrupt() -> None:
        signal.raise_signal(signal.SIGINT)
        await asyncio.get_running_loop().create_future()

    seen = await probe_policies(without(BOTH, Item.VISIT, Item.RELAY), policy=paced(interrupt))
    assert seen.evidence.interrupted
    assert isinstance(seen.domain.mta_sts.record, Answer)
    assert trouble_of(response_of(seen.domain.mta_sts.policy)) is Trouble.INTERRUPTED


async def test_an_interrupt_before_anything_was_answered() -> None:
    names = (f"_mta-sts.{DOMAIN}", f"_smtp._tls.{DOMAIN}")
    dns = ScriptedDns(ZONE, faults=dict.fromkeys(names, Fault.SILENCE))

    def interrupt(run: ProbeRun) -> None:
        run.progress = lambda stage: (
            signal.raise_signal(signal.SIGINT)
            if stage.done and stage.name.startswith("looking")
            else None
        )

    seen = await probe_policies(dns=dns, prepare=interrupt)
    assert trouble_of(seen.domain.mta_sts.record) is Trouble.INTERRUPTED
    assert seen.domain.mta_sts.policy == NOT_ASKED
    assert trouble_of(seen.domain.record(PlainRecord.TLS_RPT)) is Trouble.INTERRUPTED


async def test_no_more_fetches_at_once_than_visits() -> None:
    gauge = Gauge()

    async def hold() -> None:
        gauge.enter()
        await asyncio.sleep(0.01)
        gauge.leave()

    names = [f"{letter}.example" for letter in "abcde"]
    tls = tls_of(ROOT.issue(names=[f"mta-sts.{name}" for name in names]))
    zone = "".join(
        f"_mta-sts.{name}. TXT {RECORD}\nmta-sts.{name}. A {ADDRESS2}\n" for name in names
    )
    targets = [wanting(replace(UNVISITED, domain=name), Item.STS_POLICY) for name in names]
    seen = await probe_policies(
        *targets,
        policy=replace(paced(hold), tls=tls),
        dns=zone,
        settings=replace(TRUSTING, concurrency=2),
    )
    assert all(
        isinstance(response_of(each.mta_sts.policy), PolicyResponse)
        for each in seen.evidence.domains
    )
    assert gauge.peak == 2
