"""What a run tells of itself while it works."""

from asyncio import sleep
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Act, Paced
from mxcheck.probe.progress import HEARTBEAT_SECONDS, Stage
from tests.faults.timeless import TimelessLoop
from tests.probe.harness import (
    ADDRESS,
    ADDRESS2,
    ADDRESS3,
    DOMAIN,
    HEALTHY,
    HOST,
    NO_RELAY,
    SETTINGS,
    mail_world,
)


async def _silent_host(told: list[Stage], heard: list[Stage]) -> None:
    settings = replace(SETTINGS, greeting_timeout=HEARTBEAT_SECONDS * 2.5, retries=0)
    silent = replace(HEALTHY, greeting=Act.SILENCE)
    async with mail_world({ADDRESS: HEALTHY, ADDRESS2: silent}) as world:
        run = world.run(settings=replace(settings, deadline=HEARTBEAT_SECONDS * 10))
        run.progress, run.heartbeat = told.append, heard.append
        await run.gather_in_loop()


def test_what_is_waited_for_is_told_again_every_thirty_seconds() -> None:
    told: list[Stage] = []
    heard: list[Stage] = []
    loop = TimelessLoop()
    try:
        loop.run_until_complete(_silent_host(told, heard))
    finally:
        loop.close()
    waiting = Stage(name="visiting MX hosts", done=1, total=2, waiting=(HOST,))
    assert told[0].waiting == (DOMAIN,)
    assert waiting in told
    assert heard == [waiting, waiting]


async def _three_slow_hosts(late: list[tuple[float, float]], deadline: float) -> None:
    settings = replace(SETTINGS, concurrency=1, retries=0, greeting_timeout=60, deadline=deadline)
    slow = replace(HEALTHY, greeting=Paced(parts=(b"220 ok\r\n",), pace=lambda: sleep(20)))
    async with mail_world({ADDRESS: slow, ADDRESS2: slow, ADDRESS3: slow}) as world:
        run = world.run(NO_RELAY, settings=settings)
        run.late = lambda estimate, deadline: late.append((estimate, deadline))
        await run.gather_in_loop()


@pytest.mark.parametrize(("deadline", "expected"), [(50, [(60, 50)]), (200, [])])
def test_a_run_that_will_not_end_in_time_is_told_once(
    deadline: float, expected: list[tuple[float, float]]
) -> None:
    late: list[tuple[float, float]] = []
    loop = TimelessLoop()
    try:
        loop.run_until_complete(_three_slow_hosts(late, deadline))
    finally:
        loop.close()
    assert [(round(estimate, -1), limit) for estimate, limit in late] == expected
