"""Time that is given to a server, on a loop that is free and on one that is not."""

import asyncio

import pytest

from mxcheck.probe.time_budget import time_budget
from tests.faults.timeless import TimelessLoop, run_timeless


async def waits(given: float, needed: float) -> bool:
    """Whether something that needs that long comes within the time."""
    try:
        async with time_budget(given):
            await asyncio.sleep(needed)
    except TimeoutError:
        return False
    return True


@pytest.mark.parametrize(("needed", "comes"), [(29, True), (31, False)])
def test_it_is_over_when_time_is_up(needed: float, *, comes: bool) -> None:
    assert run_timeless(waits(30, needed)) is comes


def test_a_timeout_of_the_work_itself_is_handed_on() -> None:
    async def work() -> None:
        async with time_budget(30):
            raise TimeoutError("of another kind")

    with pytest.raises(TimeoutError, match="of another kind"):
        run_timeless(work())


@pytest.mark.parametrize(("late", "comes"), [(20, True), (0, False)])
def test_what_the_loop_is_late_by_does_not_count(late: float, *, comes: bool) -> None:
    async def work() -> bool:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, TimelessLoop)
        loop.call_later(1, loop.fall_behind, late)
        return await waits(8, 25)

    assert run_timeless(work()) is comes


def test_what_arrived_while_the_loop_was_busy_is_heard() -> None:
    """It falls behind until the time is up, and the answer came meanwhile."""

    async def work() -> bool:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, TimelessLoop)
        answer = loop.create_future()
        for seconds in (1, 3, 5, 7):
            loop.call_later(seconds, loop.fall_behind, 0.999)
        loop.call_later(8, answer.set_result, True)  # noqa: FBT003 - asyncio's interface
        async with time_budget(8):
            return bool(await answer)

    assert run_timeless(work())
