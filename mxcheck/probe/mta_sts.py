"""The policies of domains: MTA-STS (RFC 8461 3), and where TLS reports go (RFC 8460 3)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.outcome import Unseen
from mxcheck.probe.dns import Resolver
from mxcheck.probe.notebook import PENDING
from mxcheck.probe.policy_host import fetch_policy
from mxcheck.probe.settings import ProbeSettings
from mxcheck.targets import Target
from mxcheck.wire.mta_sts import StsRecord, parse_sts_records
from mxcheck.wire.txt import texts_of


@dataclass(slots=True)
class Policies:
    """What a run has seen so far of its domains' policies, by domain."""

    mta_sts: dict[str, MtaSts] = field(default_factory=dict)
    tls_rpt: dict[str, Lookup] = field(default_factory=dict)

    async def ask(
        self, targets: Sequence[Target], resolver: Resolver, settings: ProbeSettings
    ) -> None:
        """Ask as far as rules do; as many policies are fetched at once as visits are made."""
        slots = asyncio.Semaphore(settings.concurrency)
        async with asyncio.TaskGroup() as group:
            for name in (target.domain for target in targets if target.tls_rpt):
                group.create_task(self._ask_tls_rpt(name, resolver))
            for name in (target.domain for target in targets if target.mta_sts):
                group.create_task(self._ask_mta_sts(name, resolver, settings, slots))

    async def _ask_tls_rpt(self, domain: str, resolver: Resolver) -> None:
        self.tls_rpt[domain] = await resolver.lookup(f"_smtp._tls.{domain}", "TXT")

    async def _ask_mta_sts(
        self, domain: str, resolver: Resolver, settings: ProbeSettings, slots: asyncio.Semaphore
    ) -> None:
        """Look up `_mta-sts.DOMAIN`, and fetch the policy where a valid record announces one.

        A policy that is given needs neither.
        """
        record = await resolver.lookup(f"_mta-sts.{domain}", "TXT")
        self.mta_sts[domain] = MtaSts(record=record)
        given = settings.what_ifs.policy_of(domain)
        if given:
            self.mta_sts[domain] = MtaSts(record=record, policy=given.as_response())
        elif _announces_policy(record):
            self.mta_sts[domain] = MtaSts(record=record, policy=PENDING)
            async with slots:
                policy = await fetch_policy(domain, resolver, settings)
            self.mta_sts[domain] = MtaSts(record=record, policy=policy)

    def add_to(self, domain: Domain, ended: Unseen) -> Domain:
        """A domain with its policies; `ended` is why what is missing was never seen."""
        seen = self.mta_sts.get(domain.name, MtaSts(record=ended))
        if seen.policy is PENDING:
            seen = replace(seen, policy=ended)
        return replace(domain, mta_sts=seen, tls_rpt=self.tls_rpt.get(domain.name, ended))


def _announces_policy(record: Lookup) -> bool:
    return isinstance(parse_sts_records(texts_of(record)), StsRecord)
