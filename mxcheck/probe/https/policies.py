"""The policies of domains: MTA-STS (RFC 8461 3), and where TLS reports go (RFC 8460 3)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import MtaSts, PolicyResponse
from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.model.targets import Target
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.https.policy_host import fetch_policy
from mxcheck.probe.overrides import Overrides
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.notebook import PENDING
from mxcheck.wire.mta_sts import StsRecord, parse_sts_records
from mxcheck.wire.txt import texts_of


@dataclass(slots=True)
class Policies:
    """What a run has seen so far of its domains' policies, by domain."""

    mta_sts: dict[str, MtaSts] = field(default_factory=dict)
    tls_rpt: dict[str, Lookup] = field(default_factory=dict)

    async def ask(
        self,
        targets: Sequence[Target],
        resolver: Resolver,
        live: Resolver,
        settings: ProbeSettings,
    ) -> None:
        """Ask as far as rules do; as many policies are fetched at once as visits are made.

        `live` is the resolver below the overlay, if there is one.
        """
        slots = asyncio.Semaphore(settings.concurrency)
        async with asyncio.TaskGroup() as group:
            for name in (target.domain for target in targets if target.tls_rpt):
                group.create_task(self._ask_tls_rpt(name, resolver))
            for name in (target.domain for target in targets if target.mta_sts):
                group.create_task(self._ask_mta_sts(name, resolver, live, settings, slots))

    async def _ask_tls_rpt(self, domain: str, resolver: Resolver) -> None:
        self.tls_rpt[domain] = await resolver.lookup(f"_smtp._tls.{domain}", "TXT")

    async def _ask_mta_sts(
        self,
        domain: str,
        resolver: Resolver,
        live: Resolver,
        settings: ProbeSettings,
        slots: asyncio.Semaphore,
    ) -> None:
        """Look up `_mta-sts.DOMAIN`, and fetch the policy where a valid record announces one.

        A policy that is given needs neither.
        """
        record = await resolver.lookup(_record_name(domain), "TXT")
        self.mta_sts[domain] = MtaSts(record=record)
        given = settings.overrides.policy_of(domain)
        if given:
            self.mta_sts[domain] = MtaSts(record=record, policy=given.as_response())
        elif _announced(record):
            self.mta_sts[domain] = MtaSts(record=record, policy=PENDING)
            async with slots:
                policy = await fetch_policy(domain, resolver, settings)
            self.mta_sts[domain] = MtaSts(record=record, policy=policy)
        if record.overrides:
            await self._ask_what_is_remembered(domain, live, settings, slots)

    async def _ask_what_is_remembered(
        self, domain: str, live: Resolver, settings: ProbeSettings, slots: asyncio.Semaphore
    ) -> None:
        """Fetch the live policy where the record that is given tells senders of no other."""
        seen = self.mta_sts[domain]
        self.mta_sts[domain] = replace(seen, remembered=PENDING)
        record = await live.lookup(_record_name(domain), "TXT")
        remembered: PolicyResponse | Unseen = NOT_ASKED
        if isinstance(record, Unseen):
            remembered = record
        elif _is_kept(_announced(record), seen):
            async with slots:
                alone = replace(settings, overrides=Overrides())
                remembered = await fetch_policy(domain, live, alone)
        self.mta_sts[domain] = replace(seen, remembered=remembered)

    def add_to(self, domain: Domain, ended: Unseen) -> Domain:
        """A domain with its policies; `ended` is why what is missing was never seen."""
        seen = self.mta_sts.get(domain.name, MtaSts(record=ended))
        if seen.policy is PENDING:
            seen = replace(seen, policy=ended)
        if seen.remembered is PENDING:
            seen = replace(seen, remembered=ended)
        return replace(domain, mta_sts=seen, tls_rpt=self.tls_rpt.get(domain.name, ended))


def _record_name(domain: str) -> str:
    return f"_mta-sts.{domain}"


def _announced(record: Lookup) -> StsRecord | None:
    """The one valid record of an answer."""
    parsed = parse_sts_records(texts_of(record))
    return parsed if isinstance(parsed, StsRecord) else None


def _is_kept(live: StsRecord | None, seen: MtaSts) -> bool:
    """Whether senders that fetched the live policy go on holding to it (RFC 8461 3.1, 5.1).

    They fetch another one when they see another id.
    """
    if live is None:
        return False
    given = _announced(seen.record)
    return given is None or (given.id == live.id and bool(seen.policy.overrides))
