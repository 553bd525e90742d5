"""How many visits go on at once, in the run, to one MX host, to one address, and for how long."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from mxcheck.probe.shares import done_in_time, too_slow
from mxcheck.probe.smtp.visit import HOST_AT_ONCE, Visitor


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
            await _in_time(visitor, work)


async def _in_time(visitor: Visitor, work: Callable[[], Awaitable[None]]) -> None:
    """Do some work of a visitor while its host has time left."""
    host, begun = visitor.host, time.monotonic()
    late = too_slow(f"the visits to {visitor.plan.host}", host.seconds)
    if host.seconds_left <= 0 or not await done_in_time(host.seconds_left, work()):
        visitor.end(late)
    # So many visits go on at once: each uses up no more than its part of the host's time.
    host.seconds_left -= (time.monotonic() - begun) / HOST_AT_ONCE
