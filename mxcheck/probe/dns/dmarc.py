"""The DMARC tree walk (RFC 9989 4.10), and who permits reports about a domain (RFC 9990 4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from mxcheck.evidence.dmarc import Dmarc
from mxcheck.evidence.dns import Lookup, TextLookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.targets import Target
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.dns.texts import Texts
from mxcheck.probe.shares import do_each
from mxcheck.wire.dmarc.reports import hosts_within, outside_hosts, permission_name
from mxcheck.wire.dmarc.walk import (
    Discovery,
    discover,
    found_in,
    is_last,
    record_name,
    walk_targets,
)


@dataclass(slots=True)
class DmarcNotes:
    """What a run has seen so far of DMARC: lookups by name, and the names of each domain."""

    seen: dict[str, Lookup] = field(default_factory=dict)
    walks: dict[str, list[str]] = field(default_factory=dict)
    permissions: dict[str, list[str]] = field(default_factory=dict)

    async def ask(self, targets: Sequence[Target], texts: Texts, resolver: Resolver) -> None:
        """Walk for each domain whose rules read it."""
        wanted = [target for target in targets if Item.DMARC in target.wanted]
        for target in wanted:
            # What an early end leaves out is on the record as not seen.
            self.walks[target.domain] = list(map(record_name, walk_targets(target.domain)))

        async def ask(target: Target) -> None:
            await self._ask(target, texts, resolver.share(len(targets)))

        await do_each(partial(ask, target) for target in wanted)

    async def _ask(self, target: Target, texts: Texts, resolver: Resolver) -> None:
        domain = target.domain
        self.walks[domain] = await self._walk(domain, texts, resolver)
        if Item.DMARC_REPORTS not in target.wanted:
            return
        discovery = self.discovery(domain)
        for host in hosts_within(discovery):
            names = await self._walk(host, texts, resolver)
            self.walks[domain] = list(dict.fromkeys([*self.walks[domain], *names]))
        outside = outside_hosts(discovery, self.seen.__getitem__)
        names = [permission_name(discovery.location, host) for host in outside]
        self.permissions[domain] = list(filter(None, names))
        for name in self.permissions[domain]:
            self.seen[name] = await texts.lookup(name, resolver)

    async def _walk(self, domain: str, texts: Texts, resolver: Resolver) -> list[str]:
        """Ask about a domain and those above it, and return the names that were asked."""
        names = []
        for name in map(record_name, walk_targets(domain)):
            names.append(name)
            self.seen[name] = await texts.lookup(name, resolver)
            if is_last(found_in(self.seen[name])):
                break
        return names

    def discovery(self, domain: str) -> Discovery:
        """Return what the walk of a domain showed, once it is done."""
        return discover(domain, self.seen.__getitem__)

    def add_to(self, domain: Domain, ended: Unseen) -> Domain:
        """Return a domain with these lookups; `ended` is why some of them were never made."""
        dmarc = Dmarc(
            walk=self._lookups(self.walks.get(domain.name, ()), ended),
            permissions=self._lookups(self.permissions.get(domain.name, ()), ended),
        )
        return replace(domain, dmarc=dmarc)

    def _lookups(self, names: Sequence[str], ended: Unseen) -> tuple[TextLookup, ...]:
        return tuple(TextLookup(name=name, lookup=self.seen.get(name, ended)) for name in names)
