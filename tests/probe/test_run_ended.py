import asyncio
import signal
from dataclasses import replace

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.demo.smtp_script import Act, Answer, Handshake, Paced, Script
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Reply, Visit
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from mxcheck.probe.shares import too_slow
from mxcheck.probe.smtp.relay import RelayTest
from mxcheck.probe.smtp.session import Session
from mxcheck.rules.smtp import smtp_unreachable
from tests.probe.harness import (
    ADDRESS,
    ADDRESS2,
    ADDRESS3,
    DOMAIN,
    HEALTHY,
    HOST,
    SETTINGS,
    TARGET,
    Scripts,
    mail_world,
    mx_zone,
    probe,
)
from tests.rules.ask import ask_visit, unknown

ONE_AFTER_THE_OTHER = replace(SETTINGS, concurrency=1)
SLOW = Target(domain="slow.example", policy=Policy())
TINY = replace(SETTINGS, deadline=1)
ZONE = "".join(
    mx_zone(address, host=f"mx{number}.example.com", preference=number)
    for number, address in enumerate((ADDRESS, ADDRESS2, ADDRESS3), start=1)
)
MX1, MX2, MX3 = (
    ("mx1.example.com", ADDRESS),
    ("mx2.example.com", ADDRESS2),
    ("mx3.example.com", ADDRESS3),
)


def trouble_of(stage: object) -> Trouble:
    assert isinstance(stage, Unseen)
    return stage.trouble


def ensure_whole(visit: Visit) -> None:
    assert isinstance(visit.ehlo_after_tls, Reply)
    assert len(visit.relay) == 4
    assert visit.transcript[-1].text == "221 2.0.0 Bye"


SILENCES: list[tuple[str, Script]] = [
    ("greeting", replace(HEALTHY, greeting=Act.SILENCE)),
    ("ehlo", replace(HEALTHY, ehlo=Act.SILENCE)),
    ("starttls", replace(HEALTHY, starttls=Act.SILENCE)),
    ("tls", replace(HEALTHY, tls=Handshake.STALL)),
]


async def test_the_deadline_ends_what_is_pending_and_nothing_else() -> None:
    silent = {f"203.0.114.{number}": script for number, (_, script) in enumerate(SILENCES, 50)}
    servers: dict[str, Scripts] = {ADDRESS: HEALTHY, ADDRESS2: None, **silent, ADDRESS3: HEALTHY}
    zone = ZONE + "".join(mx_zone(address, host=f"x{address[-2:]}.example") for address in silent)
    evidence = (await probe(servers, dns=zone, settings=TINY)).evidence
    assert (evidence.deadline_passed, evidence.interrupted) == (True, False)
    ensure_whole(evidence.visit(*MX1))
    ensure_whole(evidence.visit(*MX3))
    for address, (stage, _) in zip(silent, SILENCES, strict=True):
        ended = getattr(evidence.visit(f"x{address[-2:]}.example", address), stage)
        assert trouble_of(ended) is Trouble.DEADLINE
        assert ended.detail == "the run's deadline of 1 s came before that"


async def test_a_domain_that_is_slow_to_look_up_keeps_no_other_from_being_visited() -> None:
    dns = ScriptedDns(ZONE, faults={"slow.example": Fault.SILENCE})
    servers: dict[str, Scripts] = {ADDRESS: HEALTHY, ADDRESS2: HEALTHY, ADDRESS3: HEALTHY}
    seen = await probe(servers, TARGET, SLOW, dns=dns, settings=replace(TINY, deadline=1.5))
    slow = seen.evidence.domains[1].mx
    assert slow == too_slow("the lookups for slow.example", 0.5)
    assert trouble_of(slow) is Trouble.DEADLINE
    for endpoint in (MX1, MX2, MX3):
        ensure_whole(seen.evidence.visit(*endpoint))
    assert not seen.evidence.deadline_passed


async def test_a_host_that_is_slow_has_its_time_and_no_more() -> None:
    slow = replace(HEALTHY, ehlo=Act.SILENCE)
    servers: dict[str, Scripts] = {ADDRESS: slow, ADDRESS2: slow, ADDRESS3: HEALTHY}
    settings = replace(ONE_AFTER_THE_OTHER, host_timeout=1)
    zone = mx_zone(ADDRESS, ADDRESS2) + mx_zone(ADDRESS3, host="mx3.example.com")
    seen = await probe(servers, dns=zone, settings=settings)
    late = too_slow(f"the visits to {HOST}", 1)
    assert trouble_of(late) is Trouble.DEADLINE
    assert [seen.evidence.visit(HOST, one).ehlo for one in (ADDRESS, ADDRESS2)] == [late, late]
    ensure_whole(seen.evidence.visit(*MX3))
    assert not seen.evidence.deadline_passed


async def test_a_host_whose_time_is_up_is_not_visited_any_more() -> None:
    # Two are visited at once. The third may begin between the ends of both, the last may not.
    *slow, last = ADDRESS, ADDRESS2, ADDRESS3, "203.0.114.4"
    servers: dict[str, Scripts] = dict.fromkeys(slow, replace(HEALTHY, ehlo=Act.SILENCE))
    servers[last] = HEALTHY
    settings = replace(SETTINGS, host_timeout=1)
    seen = await probe(servers, dns=mx_zone(*slow, last), settings=settings)
    visit = seen.evidence.visit(HOST, last)
    assert (visit.connection, visit.tries) == (too_slow(f"the visits to {HOST}", 1), 0)
    assert seen.world.smtp[last].sessions == []


def interrupting(number: signal.Signals) -> Answer:
    """Words that never come, because the run is interrupted before."""

    async def interrupt() -> None:
        signal.raise_signal(number)
        await asyncio.get_running_loop().create_future()

    return Paced(parts=(b"220 too late\r\n",), pace=interrupt)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupt_keeps_what_was_there(number: signal.Signals) -> None:
    servers: dict[str, Scripts] = {
        ADDRESS: HEALTHY,
        ADDRESS2: replace(HEALTHY, ehlo=interrupting(number)),
        ADDRESS3: HEALTHY,
    }
    seen = await probe(servers, dns=ZONE, settings=ONE_AFTER_THE_OTHER)
    evidence = seen.evidence
    assert (evidence.interrupted, evidence.deadline_passed) == (True, False)
    ensure_whole(evidence.visit(*MX1))
    second = evidence.visit(*MX2)
    assert trouble_of(second.ehlo) is Trouble.INTERRUPTED
    assert not isinstance(second.greeting, Unseen)
    assert second.starttls == NOT_ASKED
    assert trouble_of(evidence.visit(*MX3).connection) is Trouble.INTERRUPTED
    assert seen.world.smtp[ADDRESS3].sessions == []


async def test_an_interrupt_during_the_lookups() -> None:
    dns = ScriptedDns(ZONE, faults={"slow.example": Fault.SILENCE})
    async with mail_world({ADDRESS: HEALTHY}, dns) as world:
        run = world.run(TARGET, SLOW)
        run.progress = lambda stage: signal.raise_signal(signal.SIGINT) if stage.done else None
        await run.gather_in_loop()
    evidence = run.seen()
    assert len(evidence.domains[0].hosts) == 3
    assert trouble_of(evidence.visit(*MX1).connection) is Trouble.INTERRUPTED


async def test_an_interrupt_while_control_hosts_are_asked() -> None:
    control = replace(HEALTHY, greeting=interrupting(signal.SIGINT))
    servers: dict[str, Scripts] = {ADDRESS: None, ADDRESS2: control}
    settings = replace(SETTINGS, canaries=((ADDRESS2, 25),))
    evidence = (await probe(servers, dns=mx_zone(ADDRESS), settings=settings)).evidence
    assert trouble_of(evidence.canaries[0].greeting) is Trouble.INTERRUPTED
    assert trouble_of(evidence.visits[0].connection) is Trouble.REFUSED


async def test_an_interrupt_before_control_hosts_have_answered_blames_no_server() -> None:
    servers: dict[str, Scripts] = {ADDRESS: None, ADDRESS2: None}
    settings = replace(SETTINGS, canaries=((ADDRESS3, 25),), concurrency=1)
    servers[ADDRESS3] = replace(HEALTHY, greeting=Act.SILENCE)
    async with mail_world(servers, mx_zone(ADDRESS, ADDRESS2)) as world:
        run = world.run(settings=settings)
        run.progress = lambda stage: (
            signal.raise_signal(signal.SIGINT)
            if stage.done and stage.name.startswith("visiting")
            else None
        )
        await run.gather_in_loop()
    evidence = run.seen()
    (call,) = evidence.canaries
    assert (call.host, call.family, call.address) == (ADDRESS3, 4, "")
    assert trouble_of(call.greeting) is Trouble.INTERRUPTED
    visit = evidence.visit(HOST, ADDRESS)
    assert trouble_of(visit.connection) is Trouble.REFUSED
    answer = ask_visit(smtp_unreachable.RULE, visit, canaries=evidence.canaries)
    unknown(HOST, "the run ended before the control hosts had answered")(answer)


async def test_a_run_that_is_cancelled_from_outside_says_so_and_keeps_what_it_has() -> None:
    silent = asyncio.Event()

    async def tell() -> None:
        silent.set()
        await asyncio.get_running_loop().create_future()

    quiet = replace(HEALTHY, greeting=Paced(parts=(b"220 never\r\n",), pace=tell))
    servers: dict[str, Scripts] = {ADDRESS: HEALTHY, ADDRESS2: quiet}
    async with mail_world(servers, ZONE) as world:
        run = world.run(settings=ONE_AFTER_THE_OTHER)
        task = asyncio.create_task(run.gather_in_loop())
        await silent.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    evidence = run.seen()
    assert not evidence.interrupted
    ensure_whole(evidence.visit(*MX1))
    assert evidence.visit(*MX2).greeting == NOT_ASKED


async def test_a_crash_in_one_visit_is_not_hidden_and_costs_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask = RelayTest.ask

    async def crash(self: RelayTest, session: Session) -> None:
        if session.plan.endpoint.address == ADDRESS2:
            raise ZeroDivisionError
        await ask(self, session)

    monkeypatch.setattr(RelayTest, "ask", crash)
    servers: dict[str, Scripts] = {ADDRESS: HEALTHY, ADDRESS2: HEALTHY, ADDRESS3: HEALTHY}
    async with mail_world(servers, ZONE) as world:
        run = world.run(settings=ONE_AFTER_THE_OTHER)
        with pytest.RaisesGroup(ZeroDivisionError, flatten_subgroups=True):
            await run.gather_in_loop()
    evidence = run.seen()
    ensure_whole(evidence.visit(*MX1))
    assert isinstance(evidence.visit(*MX2).ehlo_after_tls, Reply)
    assert evidence.visit(*MX2).relay == ()
    assert evidence.visit(*MX3).connection == NOT_ASKED


async def test_before_a_run_there_is_evidence_of_nothing() -> None:
    async with mail_world({}) as world:
        evidence = world.run(TARGET).seen()
    assert [domain.name for domain in evidence.domains] == [DOMAIN]
    assert evidence.domains[0].mx == NOT_ASKED
    assert evidence.visits == ()
