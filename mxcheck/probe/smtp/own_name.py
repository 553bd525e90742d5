"""The name of this machine, for EHLO."""

import asyncio
import socket

from mxcheck.evidence.dns import Answer
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.settings import ProbeSettings


async def own_name(settings: ProbeSettings, resolver: Resolver) -> str:
    """Return the name for EHLO: this machine's if DNS knows it (RFC 5321 4.1.1.1), or ""."""
    if settings.ehlo_name:
        return settings.ehlo_name
    name = socket.gethostname()
    if "." not in name or not name.isascii():
        return ""
    lookups = await asyncio.gather(resolver.lookup(name, "A"), resolver.lookup(name, "AAAA"))
    return name if any(isinstance(lookup, Answer) for lookup in lookups) else ""


def address_literal(address: str) -> str:
    """Return an IP address as an address literal (RFC 5321 4.1.3)."""
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"
