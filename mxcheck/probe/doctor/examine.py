"""Everything that `mxcheck doctor` looks at, side by side, within a fixed time."""

import asyncio
import platform
import ssl
from contextlib import AsyncExitStack
from dataclasses import replace

from mxcheck.evidence.dns import AskedResolver
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.surroundings import OpenedWay, Surroundings
from mxcheck.probe.dns.resolver import Resolver, make_resolver
from mxcheck.probe.doctor.control_hosts import ask_control_hosts
from mxcheck.probe.doctor.ehlo_name import NO_NAME, look_up_ehlo_name
from mxcheck.probe.doctor.routes import find_route
from mxcheck.probe.doctor.way import open_named_way
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.shares import in_time
from mxcheck.probe.tcp import Dialer

SECONDS = 14.0
"""For everything; with Python's own start it takes 15 s at most."""
WAY_SECONDS = 6.0
"""For the way out, before anything can be asked through it."""
CONNECT_SECONDS = 7.0
LATE = Unseen(trouble=Trouble.DEADLINE, detail=f"it took longer than {SECONDS:g} s")


def examine(settings: ProbeSettings) -> Surroundings:
    """Look at this machine's surroundings, in an event loop of its own."""
    return asyncio.run(examine_in_loop(settings))


async def examine_in_loop(settings: ProbeSettings, seconds: float = SECONDS) -> Surroundings:
    """Look at this machine's surroundings within some seconds."""
    quick = replace(
        settings, retries=0, connect_timeout=min(settings.connect_timeout, CONNECT_SECONDS)
    )
    seen = Surroundings(
        python=platform.python_version(),
        openssl=ssl.OPENSSL_VERSION,
        port=settings.port,
        resolvers=(),
        routes=tuple(map(find_route, settings.families)),
        way=None,
        canaries=(),
        ehlo=NO_NAME,
    )
    resolver = make_resolver(quick)
    if isinstance(resolver, Unseen):
        return replace(seen, resolvers=resolver)
    end = asyncio.get_running_loop().time() + seconds
    try:
        resolvers, seen = await asyncio.gather(
            in_time(seconds, resolver.ask_root(), _late(resolver)),
            _through_way(seen, quick, resolver, end),
        )
    finally:
        await resolver.close()
    return replace(seen, resolvers=resolvers)


async def _through_way(
    seen: Surroundings, settings: ProbeSettings, resolver: Resolver, end: float
) -> Surroundings:
    async with AsyncExitStack() as stack:
        way = await open_named_way(stack, settings, WAY_SECONDS)
        if isinstance(way, OpenedWay):
            return replace(seen, way=way)
        opened = OpenedWay(name=str(settings.via)) if settings.via else None
        dialer = Dialer(timeout=settings.connect_timeout, routes=settings.routes, way=way)
        left = end - asyncio.get_running_loop().time()
        canaries, ehlo = await asyncio.gather(
            ask_control_hosts(seen.routes, settings, resolver, dialer, left),
            in_time(left, look_up_ehlo_name(seen.routes, settings, resolver, way), NO_NAME),
        )
    return replace(seen, way=opened, canaries=canaries, ehlo=ehlo)


def _late(resolver: Resolver) -> tuple[AskedResolver, ...]:
    return tuple(replace(one, root_soa=LATE) for one in resolver.named())
