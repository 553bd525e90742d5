"""The names of an address, and whether they lead back to it."""

import asyncio

import dns.reversename

from mxcheck.evidence.dns import Answer, ForwardLookup, ReverseDns
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.shares import NAMES_SHARE, in_time, too_slow
from mxcheck.wire.address import ip_version

MAX_NAMES = 8
"""PTR names of one address that are looked up; one is usual."""


async def probe_reverse(address: str, resolver: Resolver, settings: ProbeSettings) -> ReverseDns:
    """Look up the PTR records of an address, and the addresses of the names they give."""
    seconds = settings.deadline * NAMES_SHARE
    late = ReverseDns(address=address, ptr=too_slow(f"the lookups for {address}", seconds))
    return await in_time(seconds, _probe_reverse(address, resolver), late)


async def _probe_reverse(address: str, resolver: Resolver) -> ReverseDns:
    ptr = await resolver.lookup(reverse_name(address), "PTR")
    names = tuple(dict.fromkeys(ptr.records)) if isinstance(ptr, Answer) else ()
    rdtype = "A" if ip_version(address) == 4 else "AAAA"  # noqa: PLR2004
    looked_up = names[:MAX_NAMES]
    lookups = await asyncio.gather(*(resolver.lookup(name, rdtype) for name in looked_up))
    return ReverseDns(
        address=address,
        ptr=ptr,
        forward=tuple(
            ForwardLookup(name=name, addresses=lookup)
            for name, lookup in zip(looked_up, lookups, strict=True)
        ),
        left_out=names[MAX_NAMES:],
    )


def reverse_name(address: str) -> str:
    """Return the name of the PTR records of an address (RFC 1035 3.5, RFC 3596 2.5)."""
    return dns.reversename.from_address(address).to_text(omit_final_dot=True)
