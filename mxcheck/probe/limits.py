"""How many visits go on at the same time: in the whole run, to one MX host, to one address."""

import asyncio
from collections.abc import Awaitable, Callable

from mxcheck.probe.visit import HOST_AT_ONCE, Visitor


class Limits:
    """The limits of one run.

    Those on an address count beside those on a host: many MX names may lead to one address, as
    where each customer has a name of its own.
    """

    def __init__(self, concurrency: int) -> None:
        self._run = asyncio.Semaphore(concurrency)
        self._addresses: dict[str, asyncio.Semaphore] = {}

    async def in_turn(self, visitor: Visitor, work: Callable[[], Awaitable[None]]) -> None:
        """Do some work of a visitor once every limit leaves room for it."""
        address = visitor.plan.address
        slots = self._addresses.setdefault(address, asyncio.Semaphore(HOST_AT_ONCE))
        async with visitor.host.slots, slots, self._run:
            await work()
