"""The policies of domains: MTA-STS (RFC 8461 3), and where TLS reports go (RFC 8460 3)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.items import Item
from mxcheck.evidence.mta_sts import MtaSts, PolicyFetch
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.targets import Target
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.https.policy_host import PolicyClient, ended_early
from mxcheck.probe.overrides import Overrides
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.shares import do_each
from mxcheck.probe.smtp.notebook import PENDING
from mxcheck.wire.mta_sts import StsRecord, parse_sts_records
from mxcheck.wire.txt import texts_of


@dataclass(slots=True)
class Policies:
    """What a run has seen so far of its domains' policies, by domain."""

    mta_sts: dict[str, MtaSts] = field(default_factory=dict)

    async def ask(
        self,
        targets: Sequence[Target],
        resolver: Resolver,
        live: Resolver,
        settings: ProbeSettings,
    ) -> None:
        """Ask as far as rules do; policy hosts get as many connections at once as MX hosts.

        `live` is the resolver below the overrides, if there are any.
        """
        slots = asyncio.Semaphore(settings.concurrency)
        alone = replace(settings, overrides=Overrides())

        async def ask(target: Target) -> None:
            # Name servers that are slow for one domain leave room for the other domains.
            share, live_share = resolver.share(len(targets)), live.share(len(targets))
            questions = _AskMtaSts(
                policies=self,
                domain=target.domain,
                policy_wanted=Item.STS_POLICY in target.wanted,
                client=PolicyClient(resolver=share, settings=settings, slots=slots),
                live=PolicyClient(resolver=live_share, settings=alone, slots=slots),
            )
            await questions.run()

        asked = (target for target in targets if Item.STS_RECORD in target.wanted)
        await do_each(partial(ask, target) for target in asked)

    def add_to(self, domain: Domain, ended: Unseen) -> Domain:
        """Return a domain with its policies; `ended` tells why what is missing was never seen."""
        seen = self.mta_sts.get(domain.name, MtaSts(record=ended))
        if seen.policy is PENDING:
            seen = replace(seen, policy=ended)
        if seen.remembered is PENDING:
            seen = replace(seen, remembered=ended)
        if isinstance(seen.policy, PolicyFetch):
            seen = replace(seen, policy=ended_early(seen.policy, ended))
        if isinstance(seen.remembered, PolicyFetch):
            seen = replace(seen, remembered=ended_early(seen.remembered, ended))
        return replace(domain, mta_sts=seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class _AskMtaSts:
    """The questions about MTA-STS of one domain; `live` asks without any override."""

    policies: Policies
    domain: str
    policy_wanted: bool
    client: PolicyClient
    live: PolicyClient

    async def run(self) -> None:
        """Look up `_mta-sts.DOMAIN`, and fetch the policy if a valid record announces one.

        A policy that is given as an override needs neither.
        """
        record = await self._lookup(self.client)
        self._note(MtaSts(record=record))
        if not self.policy_wanted:
            return
        given = self.client.settings.overrides.policy_of(self.domain)
        if given:
            self._note(MtaSts(record=record, policy=given))
        elif _announced(record):
            self._note(MtaSts(record=record, policy=PENDING))
            await self.client.fetch(self.domain, self._note_policy)
        if record.overrides:
            await self._ask_what_is_remembered()

    async def _ask_what_is_remembered(self) -> None:
        """Fetch the live policy if the record that is given tells senders of no other."""
        seen = self.policies.mta_sts[self.domain]
        self._note(replace(seen, remembered=PENDING))
        record = await self._lookup(self.live)
        if isinstance(record, Unseen):
            self._note(replace(seen, remembered=record))
        elif _is_kept(_announced(record), seen):
            await self.live.fetch(self.domain, self._note_remembered)
        else:
            self._note(seen)

    async def _lookup(self, client: PolicyClient) -> Lookup:
        return await client.resolver.lookup(f"_mta-sts.{self.domain}", "TXT")

    def _note(self, seen: MtaSts) -> None:
        self.policies.mta_sts[self.domain] = seen

    def _note_policy(self, policy: PolicyFetch) -> None:
        self._note(replace(self.policies.mta_sts[self.domain], policy=policy))

    def _note_remembered(self, policy: PolicyFetch) -> None:
        self._note(replace(self.policies.mta_sts[self.domain], remembered=policy))


def _announced(record: Lookup) -> StsRecord | None:
    """Return the one valid record of an answer."""
    parsed = parse_sts_records(texts_of(record))
    return parsed if isinstance(parsed, StsRecord) else None


def _is_kept(live: StsRecord | None, seen: MtaSts) -> bool:
    """Return whether senders that fetched the live policy keep it (RFC 8461 3.1, 5.1).

    They fetch another one when they see another id.
    """
    if live is None:
        return False
    given = _announced(seen.record)
    return given is None or (given.id == live.id and bool(seen.policy.overrides))
