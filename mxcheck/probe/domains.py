"""From a domain to its MX hosts and their addresses (RFC 5321 5.1)."""

import asyncio
from itertools import chain, zip_longest

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup, Recheck
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.probe.dns import Resolver
from mxcheck.wire.address import parse_address
from mxcheck.wire.mx import NULL_MX, parse_mx


async def probe_domain(
    name: str, resolver: Resolver, max_addresses: int, *, recheck: bool = False
) -> Domain:
    """Look up a domain's MX hosts, or itself where it has no MX, and their addresses.

    With `recheck` an MX lookup that ends in SERVFAIL is looked into.
    """
    mx = await resolver.lookup(name, "MX")
    rechecked: Recheck | Unseen = NOT_ASKED
    if recheck and isinstance(mx, Unseen) and mx.trouble is Trouble.SERVFAIL:
        rechecked = await resolver.recheck(name, "MX")
        mx = mx if isinstance(rechecked.again, Unseen) else rechecked.again
    hosts = await asyncio.gather(
        *(
            _probe_host(host, preference, resolver, max_addresses)
            for host, preference in _hosts(name, mx).items()
        )
    )
    return Domain(name=name, mx=mx, hosts=tuple(hosts), mx_recheck=rechecked)


def _hosts(name: str, mx: Lookup) -> dict[str, int]:
    if isinstance(mx, Answer):
        return {host: preference for host, preference in parse_mx(mx).items() if host != NULL_MX}
    if isinstance(mx, Absent) and mx.absence is Absence.NODATA:
        # RFC 5321 5.1: without MX the domain is treated as its own MX, with preference 0.
        return {name: 0}
    return {}


async def _probe_host(name: str, preference: int, resolver: Resolver, max_addresses: int) -> MxHost:
    if parse_address(name):
        return MxHost(name=name, preference=preference)
    ipv4, ipv6 = await asyncio.gather(resolver.lookup(name, "A"), resolver.lookup(name, "AAAA"))
    # Alternating, so that a limit on their number leaves out neither family.
    pairs = zip_longest(_addresses(ipv4), _addresses(ipv6))
    addresses = tuple(address for address in chain.from_iterable(pairs) if address)
    return MxHost(
        name=name,
        preference=preference,
        ipv4=ipv4,
        ipv6=ipv6,
        addresses=addresses[:max_addresses],
        left_out=addresses[max_addresses:],
    )


def _addresses(lookup: Lookup) -> tuple[str, ...]:
    return tuple(sorted(lookup.records)) if isinstance(lookup, Answer) else ()
