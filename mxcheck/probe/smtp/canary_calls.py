"""The calls of control hosts in a run: each is made once, whoever asks for it first."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from mxcheck.evidence.smtp import CanaryCall
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.canaries import CanaryKey, calls_in, probe_canary
from mxcheck.probe.tcp import Dialer


@dataclass(slots=True, kw_only=True)
class CanaryCalls:
    """Makes calls in tasks of a group, and writes what they showed into `made`."""

    settings: ProbeSettings
    resolver: Resolver
    dialer: Dialer
    tasks: asyncio.TaskGroup
    made: dict[CanaryKey, CanaryCall]
    under_way: dict[CanaryKey, asyncio.Task[None]] = field(default_factory=dict)

    async def in_family(self, family: int) -> tuple[CanaryCall, ...]:
        """Ask the control hosts in an address family, and return what they said."""
        calls = calls_in(family, self.settings)
        self.begin(calls)
        for key in calls:
            await self.end_of(key)
        return tuple(self.made[key] for key in calls)

    def begin(self, calls: Mapping[CanaryKey, CanaryCall]) -> None:
        """Begin those of these pending calls that were not begun before."""
        for key, call in calls.items():
            if key not in self.under_way:
                self.made[key] = call
                self.under_way[key] = self.tasks.create_task(self._make(key))

    async def end_of(self, key: CanaryKey) -> None:
        """Wait until a call has ended, and leave it alone if the waiting is ended before."""
        await asyncio.wait((self.under_way[key],))

    def cancel(self) -> None:
        """End the calls that are still under way."""
        for task in self.under_way.values():
            task.cancel()

    async def _make(self, key: CanaryKey) -> None:
        (_, port), _ = key
        self.made[key] = await probe_canary(
            self.made[key], port, self.resolver, self.settings, self.dialer
        )
