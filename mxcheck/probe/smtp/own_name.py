"""The name of the machine that connects, for EHLO."""

import asyncio
import socket

from mxcheck.evidence.dns import Answer
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.tcp import Way
from mxcheck.wire.address import parse_address


async def own_name(settings: ProbeSettings, resolver: Resolver, way: Way | None) -> str:
    """Return the name for EHLO if DNS knows it (RFC 5321 4.1.1.1), or "".

    Without `--ehlo-name` it is that of this machine, or of the one at the end of the way out.
    """
    if settings.ehlo_name:
        return settings.ehlo_name
    name = way.host if way else socket.gethostname()
    if "." not in name or not name.isascii() or parse_address(name):
        return ""
    lookups = await asyncio.gather(resolver.lookup(name, "A"), resolver.lookup(name, "AAAA"))
    return name if any(isinstance(lookup, Answer) for lookup in lookups) else ""


def address_literal(address: str) -> str:
    """Return an IP address as an address literal (RFC 5321 4.1.3)."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
