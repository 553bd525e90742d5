import asyncio

import pytest

from mxcheck.probe.turnstile import Rank, Turnstile


async def order_of(*ranks: Rank) -> list[int]:
    """Return in which order those are let in that came in this order, behind one another."""
    gate, entered = Turnstile(1), list[int]()

    async def come(number: int, rank: Rank) -> None:
        async with gate.turn(rank):
            entered.append(number)
            await asyncio.sleep(0)

    await gate.enter()
    async with asyncio.TaskGroup() as group:
        for number, rank in enumerate(ranks):
            group.create_task(come(number, rank))
            await asyncio.sleep(0)
        gate.leave()
    return entered


@pytest.mark.parametrize(
    ("ranks", "order"),
    [
        ([(0, 0), (0, 0), (0, 0)], [0, 1, 2]),
        ([(1, 0), (0, 0), (1, 0), (0, 0)], [1, 3, 0, 2]),
        ([(2, 0), (0, 1), (0, 0), (1, 0)], [2, 1, 3, 0]),
        ([], []),
    ],
)
async def test_first_tries_go_first(ranks: list[Rank], order: list[int]) -> None:
    assert await order_of(*ranks) == order


async def test_no_more_go_on_at_once_than_there_are_places() -> None:
    gate, now, peak = Turnstile(3), 0, 0

    async def come() -> None:
        nonlocal now, peak
        async with gate.turn():
            now += 1
            peak = max(peak, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(come() for _ in range(10)))
    assert (now, peak) == (0, 3)


@pytest.mark.parametrize("handed_over", [False, True])
async def test_whoever_gives_up_waiting_takes_no_place(handed_over: bool) -> None:  # noqa: FBT001
    gate = Turnstile(1)
    await gate.enter()
    impatient = asyncio.create_task(gate.enter())
    await asyncio.sleep(0)
    if handed_over:
        gate.leave()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    if not handed_over:
        gate.leave()
    await asyncio.wait_for(gate.enter(), 1)
