"""What a run tells of itself while it works."""

from dataclasses import replace

from mxcheck.demo.smtp_script import Act
from mxcheck.probe.progress import HEARTBEAT_SECONDS, Stage
from tests.faults.timeless import TimelessLoop
from tests.probe.harness import ADDRESS, ADDRESS2, DOMAIN, HEALTHY, HOST, SETTINGS, mail_world


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
