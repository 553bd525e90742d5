"""The names of addresses: of MX hosts and of those that send mail of a domain (`senders`)."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from mxcheck.evidence.dns import ReverseDns
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.targets import Target
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.dns.reverse import probe_reverse
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.shares import do_each


@dataclass(slots=True)
class ReverseNames:
    """What a run has seen so far of the names of addresses, each asked about once."""

    seen: dict[str, ReverseDns] = field(default_factory=dict)
    asking: dict[str, asyncio.Task[ReverseDns]] = field(default_factory=dict)

    async def lookup(self, address: str, resolver: Resolver, settings: ProbeSettings) -> ReverseDns:
        """Return the names of an address; the first who wants them asks for all."""
        if address not in self.asking:
            probing = probe_reverse(address, resolver, settings)
            self.asking[address] = asyncio.create_task(probing)
        self.seen[address] = await asyncio.shield(self.asking[address])
        return self.seen[address]

    async def ask_senders(
        self, targets: Sequence[Target], resolver: Resolver, settings: ProbeSettings
    ) -> None:
        """Look up the names of all senders about which a rule asks."""

        async def ask(address: str) -> None:
            await self.lookup(address, resolver, settings)

        await do_each(partial(ask, address) for address in senders_to_name(targets))

    def of(self, addresses: Iterable[str], ended: Unseen) -> tuple[ReverseDns, ...]:
        """Return the names of addresses; `ended` is why some of them were never seen."""
        return tuple(
            self.seen.get(address, ReverseDns(address=address, ptr=ended))
            for address in dict.fromkeys(addresses)
        )


def senders_to_name(targets: Sequence[Target]) -> list[str]:
    """Return the senders whose names a rule asks about, each once."""
    asked = (one for one in targets if Item.SENDER_NAMES in one.wanted)
    return sorted({sender for target in asked for sender in target.policy.senders})
