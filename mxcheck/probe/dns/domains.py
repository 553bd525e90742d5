"""From a domain to its MX hosts and their addresses (RFC 5321 5.1)."""

import asyncio
from dataclasses import replace
from itertools import chain, zip_longest

from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.model.targets import Target
from mxcheck.probe.connect_to import redirect
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.dns.tlsa import probe_tlsa
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.shares import DOMAINS_SHARE, in_time, too_slow
from mxcheck.wire.address import parse_address
from mxcheck.wire.host_name import why_no_host_name
from mxcheck.wire.mx import mx_hosts

MAX_HOSTS = 16
"""MX hosts of a domain that are looked at: those that senders try first."""
_FAMILY = {"A": 4, "AAAA": 6}
HOSTS_AT_ONCE = 4
"""Of one domain: its lookups, if they are slow, leave room for those of the others."""


async def probe_domain(target: Target, resolver: Resolver, settings: ProbeSettings) -> Domain:
    """Look up a domain's MX hosts, or itself where it has no MX, and their addresses.

    TLSA records are looked up if the target calls for it.
    """
    seconds = settings.deadline * DOMAINS_SHARE
    late = too_slow(f"the lookups for {target.domain}", seconds)
    looked_up = _probe_domain(target, resolver, settings)
    return await in_time(seconds, looked_up, Domain(name=target.domain, mx=late))


async def _probe_domain(target: Target, resolver: Resolver, settings: ProbeSettings) -> Domain:
    name = target.domain
    mx = await resolver.lookup(name, "MX")
    slots = asyncio.Semaphore(HOSTS_AT_ONCE)

    async def in_turn(host: str, preference: int) -> MxHost:
        async with slots:
            return await _probe_host(host, preference, target, resolver, settings)

    hosts = list(mx_hosts(name, mx).items())[:MAX_HOSTS]
    looked_up = await asyncio.gather(*(in_turn(*host) for host in hosts))
    return Domain(name=name, mx=mx, hosts=tuple(looked_up))


async def lookup_addresses(
    name: str, rdtype: str, resolver: Resolver, settings: ProbeSettings
) -> Lookup:
    """Return the addresses of one family.

    What fails of a family that is left out was not wanted.
    """
    lookup = await resolver.lookup(name, rdtype)
    if isinstance(lookup, Unseen) and _FAMILY[rdtype] not in settings.families:
        return replace(lookup, trouble=Trouble.EXCLUDED)
    return lookup


async def _probe_host(
    name: str, preference: int, target: Target, resolver: Resolver, settings: ProbeSettings
) -> MxHost:
    if parse_address(name) or why_no_host_name(name):
        return MxHost(name=name, preference=preference)
    live = await asyncio.gather(
        lookup_addresses(name, "A", resolver, settings),
        lookup_addresses(name, "AAAA", resolver, settings),
    )
    ends = settings.overrides.ends_of(name, settings.port)
    ipv4, ipv6 = redirect(name, live, ends)
    alias, tlsa = (
        await probe_tlsa(name, (ipv4, ipv6), settings.port, resolver)
        if Item.TLSA in target.wanted
        else (NOT_ASKED, ())
    )
    # Alternating, so that a limit on their number leaves out neither family.
    pairs = zip_longest(_addresses(ipv4), _addresses(ipv6))
    addresses = tuple(address for address in chain.from_iterable(pairs) if address)
    limit = settings.max_addresses
    return MxHost(
        name=name,
        preference=preference,
        ipv4=ipv4,
        ipv6=ipv6,
        alias=alias,
        tlsa=tlsa,
        addresses=addresses[:limit],
        left_out=addresses[limit:],
        chain=settings.overrides.chain_of(name) if Item.GIVEN_CHAIN in target.wanted else None,
    )


def _addresses(lookup: Lookup) -> tuple[str, ...]:
    return tuple(sorted(lookup.records)) if isinstance(lookup, Answer) else ()
