"""Record every connection that is made, and let some of them fail."""

import asyncio
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from mxcheck.model.endpoint import HostPort

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_open_connection = asyncio.open_connection


@dataclass(frozen=True, slots=True, kw_only=True)
class NoWay:
    """How connect() ends, as often as `times`: with this error, or never where it is 0."""

    error: int = 0
    times: int = 99

    def __str__(self) -> str:
        name = os.strerror(self.error) if self.error else "no answer"
        return name if self.times > 3 else f"{name}, {self.times} times"


@dataclass(slots=True, kw_only=True)
class Dials:
    """In place of `asyncio.open_connection`: `made` are the connections asked for, by endpoint.

    `known` are the servers that are there to be connected to.
    """

    troubles: dict[HostPort, NoWay] = field(default_factory=dict)
    made: Counter[HostPort] = field(default_factory=Counter)
    known: set[HostPort] = field(default_factory=set)

    def know(self, *ends: HostPort) -> None:
        """These are new servers, be it at the ports of others that are gone."""
        self.known |= set(ends)
        for end in ends:
            self.made[end] = 0
            self.troubles.pop(end, None)

    async def open_connection(self, host: str, port: int, **more: Any) -> Stream:  # noqa: ANN401
        self.made[host, port] += 1
        trouble = self.troubles.get((host, port))
        if trouble is None or self.made[host, port] > trouble.times:
            return await _open_connection(host, port, **more)
        if trouble.error:
            raise OSError(trouble.error, os.strerror(trouble.error))
        await asyncio.get_running_loop().create_future()
        raise AssertionError
