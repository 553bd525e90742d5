"""The plain DNS records of domains: one question each (`mxcheck.evidence.records`)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.records import PlainRecord, RecordLookup
from mxcheck.model.targets import Target
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.shares import do_each


@dataclass(slots=True)
class Records:
    """What a run has seen so far of the plain records that its targets want."""

    wanted: dict[str, tuple[PlainRecord, ...]] = field(default_factory=dict)
    seen: dict[tuple[str, PlainRecord], Lookup] = field(default_factory=dict)

    async def ask(self, targets: Sequence[Target], resolver: Resolver) -> None:
        """Look up every record that a target wants, all at once."""
        self.wanted = {
            target.domain: tuple(record for record in PlainRecord if record in target.wanted)
            for target in targets
        }
        await do_each(
            partial(self._ask, domain, record, resolver)
            for domain, records in self.wanted.items()
            for record in records
        )

    async def _ask(self, domain: str, record: PlainRecord, resolver: Resolver) -> None:
        name = record.name_at(domain)
        self.seen[domain, record] = await resolver.lookup(name, record.rdtype)

    def add_to(self, domain: Domain, ended: Unseen) -> Domain:
        """Return a domain with its records; `ended` is why what is missing was never seen."""
        records = tuple(
            RecordLookup(record=record, lookup=self.seen.get((domain.name, record), ended))
            for record in self.wanted.get(domain.name, ())
        )
        return replace(domain, records=records)
