"""The TLSA records of an MX host, below each name that may be their base (RFC 7672 2.2.3)."""

import asyncio

from mxcheck.evidence.dns import Answer, Lookup, TlsaLookup
from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.probe.dns.resolver import Resolver


async def probe_tlsa(
    host: str, addresses: tuple[Lookup, ...], port: int, resolver: Resolver
) -> tuple[Lookup, tuple[TlsaLookup, ...]]:
    """Return what a host with addresses answers to CNAME, and its TLSA records for a port.

    CNAME is asked only where the address answers came through one; without any address nothing
    is asked (RFC 7672 2.2.2).
    """
    answers = [lookup for lookup in addresses if isinstance(lookup, Answer)]
    if not answers:
        return NOT_ASKED, ()
    expanded = {answer.owner for answer in answers if answer.aliases}
    alias = await resolver.lookup(host, "CNAME") if expanded else NOT_ASKED
    bases = dict.fromkeys([*sorted(expanded), host])
    # Servers of unsigned zones fail at TLSA (RFC 7672 2.2.2): retries are for hosts that may be
    # signed.
    patient = any(map(_may_be_secure, (*answers, alias)))
    lookups = (_below(base, port, resolver, patient=patient) for base in bases)
    return alias, tuple(await asyncio.gather(*lookups))


def _may_be_secure(lookup: Lookup) -> bool:
    return not isinstance(lookup, Unseen) and (
        lookup.signed or lookup.authenticated_data or bool(lookup.zone_unseen)
    )


async def _below(base: str, port: int, resolver: Resolver, *, patient: bool) -> TlsaLookup:
    name = f"_{port}._tcp.{base}"
    lookup = await (resolver if patient else resolver.once()).lookup(name, "TLSA")
    live: Lookup = NOT_ASKED
    if lookup.overrides:
        live = await resolver.below().once().lookup(name, "TLSA")
    return TlsaLookup(base=base, name=name, lookup=lookup, live=live)
