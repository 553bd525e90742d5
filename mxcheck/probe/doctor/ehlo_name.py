"""The name for EHLO, its addresses, and the names of the addresses that servers may see."""

import asyncio
import socket
from collections.abc import Sequence

from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.outcome import NOT_ASKED
from mxcheck.evidence.surroundings import EhloName, Route
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.dns.reverse import probe_reverse
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.own_name import own_name
from mxcheck.probe.tcp import Way
from mxcheck.wire.address import is_public

NO_NAME = EhloName(name="", host_name="", ipv4=NOT_ASKED, ipv6=NOT_ASKED)
MAX_ADDRESSES = 4


async def look_up_ehlo_name(
    routes: Sequence[Route], settings: ProbeSettings, resolver: Resolver, way: Way | None
) -> EhloName:
    """Return the name that servers hear, and what DNS says of it and of the addresses they see."""
    name = await own_name(settings, resolver, way)
    asked = name if name and not name.startswith("[") else ""
    ipv4: Lookup = NOT_ASKED
    ipv6: Lookup = NOT_ASKED
    if asked:
        ipv4, ipv6 = await asyncio.gather(
            resolver.lookup(asked, "A"), resolver.lookup(asked, "AAAA")
        )
    found = [one for lookup in (ipv4, ipv6) if isinstance(lookup, Answer) for one in lookup.records]
    own = [str(route.local_address) for route in routes] if way is None else [way.address]
    seen = [one for one in dict.fromkeys((*own, *found)) if is_public(one)][:MAX_ADDRESSES]
    reverse = await asyncio.gather(*(probe_reverse(one, resolver, settings) for one in seen))
    return EhloName(
        name=name,
        host_name=way.host if way else socket.gethostname(),
        is_given=bool(settings.ehlo_name),
        ipv4=ipv4,
        ipv6=ipv6,
        reverse=tuple(reverse),
    )
