import asyncio
from functools import partial

import pytest

from mxcheck.probe.shares import do_each, in_turns


@pytest.mark.parametrize(
    ("queues", "order"),
    [
        ([], ""),
        (["abc"], "abc"),
        (["abc", "", "d", "ef"], "adebfc"),
    ],
)
def test_a_long_queue_keeps_nobody_waiting(queues: list[str], order: str) -> None:
    assert "".join(in_turns(queues)) == order


async def test_so_many_pieces_of_work_go_on_at_once_and_all_are_done() -> None:
    begun: list[int] = []
    going_on = 0
    most = 0

    async def work(number: int) -> None:
        nonlocal going_on, most
        begun.append(number)
        going_on += 1
        most = max(most, going_on)
        await asyncio.sleep(0)
        going_on -= 1

    await do_each((partial(work, number) for number in range(10)), at_once=3)
    assert begun == list(range(10))
    assert most == 3
    await do_each(())


async def test_what_is_not_begun_leaves_nothing_behind_if_a_piece_fails() -> None:
    async def fail() -> None:
        raise OSError

    async def wait() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(ExceptionGroup):
        await do_each([wait, fail, wait], at_once=2)
