"""A wall clock that is set while a run goes on: no time is negative, and no verdict another."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from types import SimpleNamespace

import dns.asyncresolver
import dns.resolver
import pytest

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.evidence.smtp import Connection, Greeting
from mxcheck.probe import record as probe_record
from mxcheck.probe.settings import SMTP_PORT
from tests.faults.conftest import EPOCH
from tests.faults.runs import Judged, judged_run
from tests.faults.smtp import FaultySmtp
from tests.faults.timeless import ensure_none, run_timeless
from tests.probe.harness import ADDRESS, mx_zone
from tests.report.rendering import render_junit

HOUR = 3600
READINGS = 60
"""In a run the clock of the wall is read less often than that."""


class Wall:
    """The clock of the wall, which is set `by` so many seconds at its n-th reading."""

    def __init__(self, *, at: int, by: int) -> None:
        self.at, self.by, self.readings = at, by, 0

    def time(self) -> float:
        self.readings += 1
        step = self.by if self.readings >= self.at else 0
        return EPOCH + asyncio.get_running_loop().time() + step


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_the_clock_is_set_at_any_moment(by: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = []
    for at in range(1, READINGS):
        wall = Wall(at=at, by=by)
        for module in (dns.resolver, dns.asyncresolver):
            monkeypatch.setattr(module, "time", SimpleNamespace(time=wall.time))
        wrong += [f"set by {by} s at reading {at}: {said}" for said in _problems(checked())]
    assert wall.readings < READINGS
    ensure_none(wrong)


@pytest.mark.parametrize("by", [-HOUR, HOUR])
def test_the_moment_of_a_run_is_taken_once(by: int, monkeypatch: pytest.MonkeyPatch) -> None:
    began = datetime.now(UTC)
    moments = iter((began, *(began + timedelta(seconds=by) for _ in range(9))))

    class Stepping(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Stepping":
            moment = next(moments).astimezone(tz)
            return cls.combine(moment.date(), moment.time(), tzinfo=tz)

    monkeypatch.setattr(probe_record, "datetime", Stepping)
    seen = checked()
    assert seen.evidence.observed_at == began
    assert timedelta() <= seen.evidence.finished_at - began < timedelta(minutes=1)
    ensure_none(_problems(seen))


def checked() -> Judged:
    async def run() -> Judged:
        server = FaultySmtp(lambda _number, _phase: None)
        async with ScriptedDns(mx_zone(ADDRESS)) as dns_server, server:
            return await judged_run(dns_server.address, {(ADDRESS, SMTP_PORT): server.address})

    return run_timeless(run())


def _problems(seen: Judged) -> Iterator[str]:
    if seen.verdict.exit_code:
        yield f"it exits {seen.verdict.exit_code}"
    visit = seen.visit()
    assert isinstance(visit.connection, Connection)
    assert isinstance(visit.greeting, Greeting)
    times = (visit.connection.connect_ms, visit.greeting.greeting_ms)
    if min(*times, *(line.at_ms for line in visit.transcript)) < 0:
        yield f"negative times: {times}"
    if 'time="-' in render_junit(seen.verdict):
        yield "negative times in JUnit"
    if seen.evidence.finished_at < seen.evidence.observed_at or seen.evidence.deadline_passed:
        yield "it ends before it begins, or its deadline has passed"
