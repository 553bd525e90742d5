"""Shares of the time of a run, so that slow servers do not use up the time of the others."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

from mxcheck.evidence.outcome import Trouble, Unseen

DOMAINS_SHARE = 1 / 3
"""Part of the deadline for the lookups of a domain. All domains are looked up before visits."""
NAMES_SHARE = 1 / 6
"""Part of the deadline for the names of an address, after that and before visits."""
NAME_SERVERS_SHARE = 1 / 3
"""Part of the deadline for asking the name servers of a domain; nothing waits for them."""

AT_ONCE = 1000
"""Lookups that are under way at the same time, at most: each takes some 10 KB of memory."""

Work = Callable[[], Awaitable[None]]
"""A piece of work, which is begun by calling it."""

SeenT = TypeVar("SeenT")
ItemT = TypeVar("ItemT")


async def in_time(seconds: float, work: Awaitable[SeenT], late: SeenT) -> SeenT:
    """Return what some work returns; if it takes longer, cancel it and return `late`."""
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await work
    except TimeoutError:
        if not limit.expired():
            raise
        return late


async def done_in_time(seconds: float, work: Awaitable[None]) -> bool:
    """Return whether some work ended in time; if it takes longer, cancel it."""

    async def done() -> bool:
        await work
        return True

    return await in_time(seconds, done(), late=False)


async def do_each(work: Iterable[Work], at_once: int = AT_ONCE) -> None:
    """Do every piece of work, so many at once; each is begun in the order given."""
    left = iter(work)

    async def do_some() -> None:
        for one in left:
            await one()

    first = list(islice(left, at_once))
    left = chain(first, left)
    async with asyncio.TaskGroup() as group:
        for _ in first:
            group.create_task(do_some())


def too_slow(what: str, seconds: float) -> Unseen:
    """Return what to say of work that took too long."""
    detail = f"{what} took longer than {seconds:g} s in all"
    return Unseen(trouble=Trouble.DEADLINE, detail=detail)


def in_turns(queues: Sequence[Sequence[ItemT]]) -> Iterator[ItemT]:
    """Yield the first of each queue, then the second of each: a long one delays no other."""
    for location in range(max(map(len, queues), default=0)):
        yield from (queue[location] for queue in queues if location < len(queue))
