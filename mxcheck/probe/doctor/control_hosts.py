"""Whether the control hosts can be reached, which tells whether outbound port 25 is open."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import CanaryCall
from mxcheck.evidence.surroundings import Route
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.shares import in_time
from mxcheck.probe.smtp.canaries import CanaryKey, calls_in, probe_canary
from mxcheck.probe.tcp import Dialer


async def ask_control_hosts(
    routes: Sequence[Route],
    settings: ProbeSettings,
    resolver: Resolver,
    dialer: Dialer,
    seconds: float,
) -> tuple[CanaryCall, ...]:
    """Greet each control host once in each family that has a route, or in both with a way out."""
    late = Unseen(trouble=Trouble.DEADLINE, detail=f"it took longer than {seconds:.0f} s")
    families = [
        route.family
        for route in routes
        if dialer.way or not isinstance(route.local_address, Unseen)
    ]
    calls: dict[CanaryKey, CanaryCall] = {}
    for family in families:
        calls |= calls_in(family, settings)

    async def ask(key: CanaryKey, call: CanaryCall) -> CanaryCall:
        (_, port), _ = key
        asking = probe_canary(call, port, resolver, settings, dialer)
        return await in_time(seconds, asking, replace(call, greeting=late, ehlo=NOT_ASKED))

    return tuple(await asyncio.gather(*(ask(key, call) for key, call in calls.items())))
