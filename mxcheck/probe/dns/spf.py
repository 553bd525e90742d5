"""What the SPF records of domains lead to: the tree of each, and its evaluation for senders.

The rules evaluate the record over these lookups. So the probe evaluates it likewise, asks what that
lacks, and does so until nothing is lacking: it asks no name that no rule looks at.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from mxcheck.evidence.dns import Lookup, ReverseDns
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.spf import SpfLookup
from mxcheck.model.targets import Target
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.shares import SPF_SHARE, do_each, in_time, too_slow
from mxcheck.wire.spf.check import LookupOf, check_host
from mxcheck.wire.spf.client import greeting_client, sending_client
from mxcheck.wire.spf.tree import tree_of

MAX_LOOKUPS = 40
"""Questions about the tree of one domain; a record that receivers accept needs half of them."""
MAX_SENDER_LOOKUPS = 150
"""Questions about the evaluation for one sender: the limits of RFC 7208 4.6.4 allow as many."""

_Key: TypeAlias = tuple[str, str]
_Evaluate: TypeAlias = Callable[[LookupOf], object]
NamesOf: TypeAlias = Callable[[str], Awaitable[ReverseDns]]
"""Returns the names of an address."""


@dataclass(slots=True)
class SpfNotes:
    """What a run has seen so far of SPF, by name and type, each asked once.

    `wanted` is all that the records lead to, in this order; `unasked` says why some was not asked.
    """

    seen: dict[_Key, Lookup] = field(default_factory=dict)
    asking: dict[_Key, asyncio.Task[Lookup]] = field(default_factory=dict)
    wanted: dict[_Key, None] = field(default_factory=dict)
    unasked: dict[_Key, Unseen] = field(default_factory=dict)

    async def ask(
        self, targets: Sequence[Target], names_of: NamesOf, resolver: Resolver, deadline: float
    ) -> None:
        """Follow the record of each domain, and evaluate it for its senders, if rules read that."""
        asked = [one for one in targets if {Item.SPF, Item.SPF_OF_HELO} & one.wanted]
        for target in asked:
            if Item.SPF in target.wanted:
                # What an early end leaves out is on the record as not seen.
                self.wanted[target.domain, "TXT"] = None
        share = resolver.share(len(targets))
        await do_each(
            partial(self._ask_in_time, one, names_of, share, deadline * SPF_SHARE) for one in asked
        )

    async def _ask_in_time(
        self, target: Target, names_of: NamesOf, resolver: Resolver, seconds: float
    ) -> None:
        follower = _Follower(notes=self, resolver=resolver)
        late = too_slow(f"the lookups for the SPF record of {target.domain}", seconds)
        await in_time(seconds, follower.ask(target, names_of), None)
        for key in follower.lacking:
            self.unasked.setdefault(key, late)

    async def lookup(self, key: _Key, resolver: Resolver) -> None:
        """Look up a name; the first who wants it asks for all, and goes on if others come late."""
        if key not in self.asking:
            self.asking[key] = asyncio.create_task(resolver.lookup(*key))
        self.seen[key] = await asyncio.shield(self.asking[key])

    def lookups(self, ended: Unseen) -> tuple[SpfLookup, ...]:
        """Return all that was wanted; `ended` is why some of it was never seen."""
        return tuple(
            SpfLookup(
                name=key[0],
                rdtype=key[1],
                lookup=self.seen.get(key) or self.unasked.get(key, ended),
            )
            for key in self.wanted
        )


@dataclass(slots=True, kw_only=True)
class _Follower:
    """Follows the record of one domain; `lacking` is what it waits for."""

    notes: SpfNotes
    resolver: Resolver
    lacking: tuple[_Key, ...] = ()

    async def ask(self, target: Target, names_of: NamesOf) -> None:
        domain = target.domain
        if Item.SPF in target.wanted:
            await self._follow(partial(tree_of, domain), MAX_LOOKUPS)
        for sender in target.policy.senders:
            seen = await names_of(sender)
            if Item.SPF_OF_SENDERS in target.wanted:
                client = sending_client(sender, domain, seen)
                await self._follow(partial(check_host, client), MAX_SENDER_LOOKUPS)
            if Item.SPF_OF_HELO in target.wanted:
                client = greeting_client(sender, seen)
                await self._follow(partial(check_host, client), MAX_SENDER_LOOKUPS)

    async def _follow(self, evaluate: _Evaluate, most: int) -> None:
        """Evaluate, and ask what that lacks, until it lacks nothing or has asked too much."""
        left = most
        beyond: set[_Key] = set()
        while lacking := self._lacking(evaluate, beyond):
            self.lacking = lacking[:left]
            for key in lacking[left:]:
                beyond.add(key)
                self.notes.unasked.setdefault(key, _too_many(key, most))
            await asyncio.gather(*(self.notes.lookup(one, self.resolver) for one in self.lacking))
            left -= len(self.lacking)
            self.lacking = ()

    def _lacking(self, evaluate: _Evaluate, beyond: set[_Key]) -> tuple[_Key, ...]:
        """Return what an evaluation asks for and was not looked up, each once."""
        lacking: dict[_Key, None] = {}

        def lookup(name: str, rdtype: str) -> Lookup:
            key = (name, rdtype)
            self.notes.wanted[key] = None
            if key in self.notes.seen or key in beyond:
                return self.notes.seen.get(key, NOT_ASKED)
            lacking[key] = None
            return NOT_ASKED

        evaluate(lookup)
        return tuple(lacking)


def _too_many(key: _Key, most: int) -> Unseen:
    name, rdtype = key
    detail = f"{rdtype} {name}: the SPF record leads to more than {most} lookups"
    return Unseen(trouble=Trouble.BUDGET, detail=detail)
