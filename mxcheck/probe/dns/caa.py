"""The CAA records above the names in the certificates that MX hosts present (RFC 8659 3)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from mxcheck.evidence.dns import Absent, CaaLookup, Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import TlsSession
from mxcheck.model.targets import Target
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.shares import do_each
from mxcheck.wire.certified_names import names_for

MAX_NAMES = 32
"""Names of one domain whose CAA records are looked up; a certificate may list a thousand."""


_Sent = dict[str, list[tuple[bytes, ...]]]
"""The chains (DER, leaf first) that MX hosts presented, by host."""


@dataclass(slots=True)
class CaaSets:
    """What a run has seen so far of CAA records; each name is asked about once."""

    seen: dict[str, Lookup] = field(default_factory=dict)
    climbed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asking: dict[str, asyncio.Task[Lookup]] = field(default_factory=dict)

    async def ask(
        self,
        targets: Sequence[Target],
        domains: Mapping[str, Domain],
        visits: Sequence[Visit],
        resolver: Resolver,
    ) -> None:
        """Look up what limits who may issue the certificates of the targets' hosts."""
        names = [target.domain for target in targets if Item.CAA_SETS in target.wanted]
        sent: _Sent = {}
        for visit in visits:
            own = [visit.tls.chain] if isinstance(visit.tls, TlsSession) else []
            sent.setdefault(visit.host, []).extend((*own, *(one.chain for one in visit.shown)))
        await do_each(
            partial(self._ask_all, domains[name], sent, resolver)
            for name in names
            if name in domains
        )

    async def _ask_all(self, domain: Domain, sent: _Sent, resolver: Resolver) -> None:
        names = sorted(_certified(domain, sent))[:MAX_NAMES]
        climbed = await asyncio.gather(*(self._climb(name, resolver) for name in names))
        self.climbed[domain.name] = tuple(dict.fromkeys(name for way in climbed for name in way))

    async def _climb(self, name: str, resolver: Resolver) -> list[str]:
        """Ask at a name and above it, up to the first that has CAA records, or fails."""
        way = []
        while name:
            way.append(name)
            if not isinstance(await self._lookup(name, resolver), Absent):
                break
            name = name.partition(".")[2]
        return way

    async def _lookup(self, name: str, resolver: Resolver) -> Lookup:
        if name not in self.asking:
            self.asking[name] = asyncio.create_task(resolver.lookup(name, "CAA"))
        self.seen[name] = await self.asking[name]
        return self.seen[name]

    def add_to(self, domain: Domain, ended: Unseen) -> Domain:
        """Return a domain with these lookups; `ended` is why some of them were never made."""
        names = self.climbed.get(domain.name, ())
        lookups = (CaaLookup(name=name, lookup=self.seen.get(name, ended)) for name in names)
        return replace(domain, caa=tuple(lookups))


def _certified(domain: Domain, sent: _Sent) -> set[str]:
    """Return the names to begin with, from the chains (DER, leaf first) that hosts present."""
    return {
        name.removeprefix("*.")
        for host in domain.hosts
        for chain in ([host.chain.chain] if host.chain else sent.get(host.name, ()))
        for name in names_for(chain, host.name, domain.name)
    }
