"""Lookups: what the resolver answered, with every kind of "nothing" told apart."""

import asyncio
from collections import defaultdict
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Self

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.resolver

from mxcheck.evidence.dns import Absence, Absent, Answer, AskedResolver, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.resolvers import Reachable, reach_resolvers
from mxcheck.probe.dns.responses import (
    ServerFailure,
    absent,
    answered,
    failed,
    placed,
    response_of,
    withheld,
)
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.turnstile import Turnstile

EDNS_PAYLOAD = 1232  # bytes: DNS Flag Day 2020, stays below the usual MTU
TRY_SECONDS = 3.0
TRIES = 3
"""Within one lookup's time there is room for as many silent resolvers, or lost packets."""
LOOKUP_SECONDS = 10.0
"""At most; a shorter `timeout` of the settings holds."""
AT_ONCE = 50
ROOT = ""


@dataclass(slots=True)
class RootAnswers:
    """What each resolver says to `. SOA`, by its name; each is asked once in a run."""

    seen: dict[str, Lookup] = field(default_factory=dict)
    asking: defaultdict[str, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Asks the given resolvers, or those of the system's own configuration.

    `slots` limits the questions that are open at once in the run, and `own_slots` the lookups of
    one asker. `can_wait` says that the lookups are less urgent than those of others. `root` tells
    which resolvers know the root.
    """

    client: dns.asyncresolver.Resolver
    reachable: tuple[Reachable, ...]
    retries: int
    delay: float
    slots: Turnstile
    own_slots: asyncio.Semaphore
    explains: bool = True
    can_wait: bool = False
    root: RootAnswers = field(default_factory=RootAnswers)

    async def lookup(self, name: str, rdtype: str) -> Lookup:
        """Return the record set of a name; trouble that may pass is tried again.

        SERVFAIL is looked into, so that its cause can be named. That a name does not exist is not
        believed of a resolver that says so of the root (RFC 8020 2).
        """
        async with self.own_slots:
            result = await self._persistently(name, rdtype)
            if isinstance(result, ServerFailure):
                return await self._explained(result, name, rdtype)
        if name == ROOT or not _is_denial(result):
            return result
        return await self._who_denies_root(f"{rdtype} {name}") or result

    async def _who_denies_root(self, asked: str) -> Unseen | None:
        """Return the trouble if the first resolver that answers denies that the root exists."""
        for each in self.reachable:
            root_soa = await self._root_soa(each)
            if _is_denial(root_soa):
                who = each.nameserver.name
                detail = (
                    f"the resolver {who} says that not even the root of DNS exists, so its answer"
                    f" to {asked} shows nothing"
                )
                return Unseen(trouble=Trouble.RESOLVER, detail=detail)
            if not isinstance(root_soa, Unseen):
                return None
        return None

    async def _persistently(self, name: str, rdtype: str) -> Lookup:
        result = await self._ask(name, rdtype)
        for number in range(self.retries):
            if not isinstance(result, Unseen):
                break
            await asyncio.sleep(self.delay * 2**number)
            again = await self._ask(name, rdtype, tried=number + 1)
            # A resolver explains the first failure best, and answers the next from its cache.
            both_fail = isinstance(result, ServerFailure) and isinstance(again, ServerFailure)
            result = result if both_fail else again
        return result

    async def _explained(self, failure: ServerFailure, name: str, rdtype: str) -> Lookup:
        """Return what further questions show of the cause of a SERVFAIL.

        A resolver that validates answers SERVFAIL to what is bogus unless the CD bit is set (RFC
        4035 5.5).
        """
        plain = Unseen(trouble=failure.trouble, detail=failure.detail)
        if not self.explains:
            return plain
        unchecked = await self._ask(name, rdtype, checking=False, tried=1)
        if isinstance(unchecked, Unseen):
            return await self._traced(plain, name, rdtype)
        again = await self._persistently(name, rdtype)
        if not isinstance(again, Unseen):
            return again
        return withheld(failure, unchecked) if isinstance(again, ServerFailure) else plain

    async def _traced(self, failure: Unseen, name: str, rdtype: str) -> Unseen:
        """Say of a SERVFAIL whether it is about the type alone, the zone, or a chain of aliases."""
        chain = [name]
        while len(chain) <= dns.message.MAX_CHAIN:
            alias = await self._ask(chain[-1], "CNAME", checking=False, tried=1)
            if not isinstance(alias, Answer):
                return placed(failure, chain, rdtype, alias)
            chain += alias.records[:1]
            if chain[-1] in chain[:-1]:
                break
        detail = f"{rdtype} {name}: the aliases (CNAME) lead in a circle or too far: "
        return Unseen(trouble=Trouble.ALIAS_CHAIN, detail=detail + " to ".join(chain))

    def below(self) -> "Resolver":
        """Return the resolver without overrides."""
        return self

    def once(self) -> "Resolver":
        """Return the same resolvers, which are not asked again when there is trouble."""
        return replace(self, retries=0, explains=False)

    def share(self, parts: int) -> Self:
        """Return the same resolvers for one of so many askers: it has its part of the lookups."""
        return replace(self, own_slots=asyncio.Semaphore(max(1, AT_ONCE // parts)))

    def patient(self) -> Self:
        """Return the same resolvers, for lookups that let the others go first."""
        return replace(self, can_wait=True)

    def named(self) -> tuple[AskedResolver, ...]:
        """Return the resolvers, as evidence."""
        return tuple(
            AskedResolver(name=each.nameserver.name, trusted_by=each.trusted_by)
            for each in self.reachable
        )

    async def ask_root(self) -> tuple[AskedResolver, ...]:
        """Return the resolvers, each with what it says to `. SOA`.

        Of several, each is asked once.
        """
        answers = await asyncio.gather(*map(self._root_soa, self.reachable))
        return tuple(
            replace(one, root_soa=answer) for one, answer in zip(self.named(), answers, strict=True)
        )

    async def _root_soa(self, reachable: Reachable) -> Lookup:
        name = reachable.nameserver.name
        async with self.root.asking[name]:
            if name not in self.root.seen:
                self.root.seen[name] = await self._alone(reachable).lookup(ROOT, "SOA")
            return self.root.seen[name]

    async def close(self) -> None:
        """Let go of the connections to the resolvers."""
        for each in self.reachable:
            await each.nameserver.close()

    def _alone(self, reachable: Reachable) -> "Resolver":
        """Return one of the resolvers without the others, which make up for it where it is dead."""
        client = copy(self.client)
        client.nameservers = [reachable.nameserver]
        return replace(self, client=client, retries=self.retries if len(self.reachable) == 1 else 0)

    async def _ask(
        self, name: str, rdtype: str, *, checking: bool = True, tried: int = 0
    ) -> Lookup:
        """Ask once; without `checking` the resolver is not to validate (CD, RFC 4035 3.2.2).

        No slot is kept between two tries, and first tries go before second ones: a name server that
        is silent keeps no other domain waiting for long.
        """
        async with self.slots.turn((tried, int(self.can_wait))):
            return await self._ask_now(name, rdtype, checking=checking)

    async def _ask_now(self, name: str, rdtype: str, *, checking: bool) -> Lookup:
        asked = f"{rdtype} {name or '.'}"
        client = self.client if checking else _unchecking(self.client)
        try:
            answer = await _resolve(client, f"{name}.", rdtype)
        except dns.resolver.NXDOMAIN as error:
            return absent(Absence.NXDOMAIN, response_of(error))
        except (dns.resolver.NoNameservers, dns.resolver.LifetimeTimeout) as error:
            return failed(asked, error.kwargs.get("errors") or ())
        except (dns.exception.DNSException, OSError, ValueError) as error:
            detail = f"{asked} cannot be looked up: {error}"
            return Unseen(trouble=Trouble.MALFORMED, detail=detail)
        return answered(answer)


def _is_denial(seen: Lookup) -> bool:
    return isinstance(seen, Absent) and seen.absence is Absence.NXDOMAIN


async def _resolve(
    client: dns.asyncresolver.Resolver, name: str, rdtype: str
) -> dns.resolver.Answer:
    """Return what dnspython returns.

    It measures time by the wall clock: if that is set meanwhile, dnspython gives up much too soon
    and is asked once more.
    """
    loop = asyncio.get_running_loop()
    begun = loop.time()
    try:
        return await client.resolve(name, rdtype, raise_on_no_answer=False, search=False)
    except dns.exception.Timeout:
        if loop.time() - begun > client.lifetime / 2:
            raise
    return await client.resolve(name, rdtype, raise_on_no_answer=False, search=False)


def _unchecking(client: dns.asyncresolver.Resolver) -> dns.asyncresolver.Resolver:
    unchecking = copy(client)
    unchecking.flags = (client.flags or 0) | dns.flags.CD
    return unchecking


def make_resolver(settings: ProbeSettings) -> Resolver | Unseen:
    """Return a resolver; Unseen with RESOLVER where the system names none."""
    reachable = reach_resolvers(settings)
    if isinstance(reachable, Unseen):
        return reachable
    client = dns.asyncresolver.Resolver(configure=False)
    client.nameservers = [each.nameserver for each in reachable]
    client.use_edns(0, dns.flags.DO, EDNS_PAYLOAD)
    client.flags = dns.flags.RD | dns.flags.AD
    client.lifetime = min(LOOKUP_SECONDS, settings.timeout)
    client.timeout = min(TRY_SECONDS, client.lifetime / TRIES)
    return Resolver(
        client=client,
        reachable=reachable,
        retries=settings.retries,
        delay=settings.retry_delay,
        slots=Turnstile(AT_ONCE),
        own_slots=asyncio.Semaphore(AT_ONCE),
    )
