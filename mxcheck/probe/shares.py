"""How the time of a run is shared out, so that slow servers do not use up that of the others."""

import asyncio
from collections.abc import Awaitable, Iterator, Sequence
from typing import TypeVar

from mxcheck.evidence.outcome import Trouble, Unseen

DOMAINS_SHARE = 1 / 3
"""Of the deadline: the lookups of a domain. All domains are looked up at once, before visits."""
NAMES_SHARE = 1 / 6
"""Of the deadline: those of the names of an address, after that and before visits."""

SeenT = TypeVar("SeenT")
ItemT = TypeVar("ItemT")


async def in_time(seconds: float, work: Awaitable[SeenT], late: SeenT) -> SeenT:
    """What comes of some work; `late` where it takes longer, and is cancelled."""
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await work
    except TimeoutError:
        if not limit.expired():
            raise
        return late


async def done_in_time(seconds: float, work: Awaitable[None]) -> bool:
    """Whether some work came to its end; where it takes longer it is cancelled."""

    async def done() -> bool:
        await work
        return True

    return await in_time(seconds, done(), late=False)


def too_slow(what: str, seconds: float) -> Unseen:
    """What is to be said of work that was late."""
    detail = f"{what} took longer than {seconds:g} s in all"
    return Unseen(trouble=Trouble.DEADLINE, detail=detail)


def in_turns(queues: Sequence[Sequence[ItemT]]) -> Iterator[ItemT]:
    """The first of each queue, then the second of each: a long one keeps nobody waiting."""
    for location in range(max(map(len, queues), default=0)):
        yield from (queue[location] for queue in queues if location < len(queue))
