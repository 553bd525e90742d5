"""Lookups: what the resolver answered, with every kind of "nothing" told apart."""

import asyncio
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Self

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset
from dns.rdtypes.ANY.RRSIG import RRSIG

from mxcheck.evidence.dns import (
    Absence,
    Absent,
    Answer,
    AskedResolver,
    Lookup,
    Recheck,
)
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.dns.resolvers import Reachable, reach_resolvers
from mxcheck.probe.settings import ProbeSettings
from mxcheck.wire.record_text import name_text, record_text

EDNS_PAYLOAD = 1232  # bytes: DNS Flag Day 2020, stays below the usual MTU
TRY_SECONDS = 3.0
TRIES = 3
"""Within one lookup's time there is room for as many silent resolvers, or lost packets."""
LOOKUP_SECONDS = 10.0
"""At most; a shorter `timeout` of the settings holds."""
AT_ONCE = 50
ROOT = ""

_TROUBLE_OF_RCODE = {
    dns.rcode.SERVFAIL: Trouble.SERVFAIL,
    dns.rcode.REFUSED: Trouble.DNS_REFUSED,
}

Failure = tuple[str, bool, int, Exception | str, dns.message.Message | None]
"""What dnspython keeps of a try: whom, whether by TCP, the port, what went wrong, what came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Asks the given resolvers, or those of the system's own configuration."""

    client: dns.asyncresolver.Resolver
    reachable: tuple[Reachable, ...]
    retries: int
    delay: float
    slots: asyncio.Semaphore
    own_slots: asyncio.Semaphore

    async def lookup(self, name: str, rdtype: str) -> Lookup:
        """The record set of a name; trouble that may pass is tried again."""
        async with self.own_slots, self.slots:
            for number in range(self.retries + 1):
                if number:
                    await asyncio.sleep(self.delay * 2 ** (number - 1))
                result = await self._ask(name, rdtype)
                if not isinstance(result, Unseen):
                    break
        return result

    def below(self) -> "Resolver":
        """The resolver without overrides."""
        return self

    def once(self) -> "Resolver":
        """The same resolvers, not asked again where there is trouble."""
        return replace(self, retries=0)

    def share(self, parts: int) -> Self:
        """The same resolvers, for one of so many askers: it has its part of the lookups at once."""
        return replace(self, own_slots=asyncio.Semaphore(max(1, AT_ONCE // parts)))

    def unchecking(self) -> Self:
        """The same resolvers, asked not to validate (the CD bit, RFC 4035 3.2.2)."""
        client = copy(self.client)
        client.flags = (client.flags or 0) | dns.flags.CD
        return replace(self, client=client)

    async def recheck(self, name: str, rdtype: str) -> Recheck:
        """Ask once more after SERVFAIL: without validation, and where that shows something, with.

        RFC 4035 5.5: a resolver that validates answers SERVFAIL to what is bogus, except where
        the CD bit is set.
        """
        unchecked = await self.unchecking().lookup(name, rdtype)
        if isinstance(unchecked, Unseen):
            return Recheck(unchecked=unchecked)
        return Recheck(unchecked=unchecked, again=await self.lookup(name, rdtype))

    def named(self) -> tuple[AskedResolver, ...]:
        """The resolvers, as evidence."""
        return tuple(
            AskedResolver(name=each.nameserver.name, trusted_by=each.trusted_by)
            for each in self.reachable
        )

    async def ask_root(self) -> tuple[AskedResolver, ...]:
        """The resolvers, each with what it says to `. SOA`; of several, each is asked once."""
        answers = await asyncio.gather(
            *(self._alone(each).lookup(ROOT, "SOA") for each in self.reachable)
        )
        return tuple(
            replace(one, root_soa=answer) for one, answer in zip(self.named(), answers, strict=True)
        )

    async def close(self) -> None:
        """Let go of the connections to the resolvers."""
        for each in self.reachable:
            await each.nameserver.close()

    def _alone(self, reachable: Reachable) -> "Resolver":
        """One of the resolvers without the others, which make up for it where it is dead."""
        client = copy(self.client)
        client.nameservers = [reachable.nameserver]
        return replace(self, client=client, retries=self.retries if len(self.reachable) == 1 else 0)

    async def _resolve(self, name: str, rdtype: str) -> dns.resolver.Answer:
        """What dnspython comes back with.

        It measures by the clock of the wall: where that is set meanwhile it gives up much too
        soon, and is asked once more.
        """
        begun = asyncio.get_running_loop().time()
        try:
            return await self._once(name, rdtype)
        except dns.exception.Timeout:
            if asyncio.get_running_loop().time() - begun > self.client.lifetime / 2:
                raise
        return await self._once(name, rdtype)

    async def _once(self, name: str, rdtype: str) -> dns.resolver.Answer:
        return await self.client.resolve(name, rdtype, raise_on_no_answer=False, search=False)

    async def _ask(self, name: str, rdtype: str) -> Lookup:
        asked = f"{rdtype} {name or '.'}"
        try:
            answer = await self._resolve(f"{name}.", rdtype)
        except dns.resolver.NXDOMAIN as error:
            return _absent(Absence.NXDOMAIN, _response(error))
        except (dns.resolver.NoNameservers, dns.resolver.LifetimeTimeout) as error:
            return _failed(asked, error.kwargs.get("errors") or ())
        except (dns.exception.DNSException, OSError, ValueError) as error:
            detail = f"{asked} cannot be looked up: {error}"
            return Unseen(trouble=Trouble.MALFORMED, detail=detail)
        if answer.rrset is None:
            return _absent(Absence.NODATA, answer.response)
        return Answer(
            owner=name_text(answer.canonical_name),
            records=tuple(record_text(rdata) for rdata in answer.rrset),
            aliases=_aliases(answer.response),
            ttl=_ttl(answer.rrset, answer.response),
            authenticated_data=bool(answer.response.flags & dns.flags.AD),
            signed=_is_signed(answer.response),
            wildcard=_wildcard(answer.rrset, answer.response),
        )


def make_resolver(settings: ProbeSettings) -> Resolver | Unseen:
    """A resolver; Unseen with RESOLVER where the system names none."""
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
        slots=asyncio.Semaphore(AT_ONCE),
        own_slots=asyncio.Semaphore(AT_ONCE),
    )


def _response(error: dns.resolver.NXDOMAIN) -> dns.message.Message | None:
    responses = error.kwargs.get("responses") or {}
    return next(iter(responses.values()), None)


def _absent(absence: Absence, response: dns.message.Message | None) -> Absent:
    if response is None:
        return Absent(absence=absence)
    return Absent(
        absence=absence,
        aliases=_aliases(response),
        authenticated_data=bool(response.flags & dns.flags.AD),
        signed=_is_signed(response),
    )


def _failed(asked: str, failures: Sequence[Failure]) -> Unseen:
    """What came instead of an answer: the last word of a resolver, else why there was none."""
    for name, _, _, problem, response in reversed(failures):
        if response is not None:
            return _no_answer(name, asked, problem, response)
    if not failures:
        detail = f"no resolver answered {asked} in time"
        return Unseen(trouble=Trouble.TIMEOUT, detail=detail)
    name, _, _, problem, _ = failures[-1]
    match problem:
        case dns.exception.Timeout():
            detail = f"the resolver {name} did not answer {asked} in time"
            return Unseen(trouble=Trouble.TIMEOUT, detail=detail)
        case dns.exception.FormError():
            return _malformed(asked, problem)
        case _:
            detail = f"the resolver {name} cannot be asked for {asked}: {_reason(problem)}"
            return Unseen(trouble=Trouble.RESOLVER, detail=detail)


def _no_answer(
    name: str, asked: str, problem: Exception | str, response: dns.message.Message
) -> Unseen:
    rcode = response.rcode()
    if isinstance(problem, dns.message.ChainTooLong):
        detail = (
            f"the answer to {asked} leads through {dns.message.MAX_CHAIN} aliases (CNAME) or more,"
            " or in a circle"
        )
        return Unseen(trouble=Trouble.ALIAS_CHAIN, detail=detail)
    if rcode in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        return _malformed(asked, problem)
    trouble = _TROUBLE_OF_RCODE.get(rcode, Trouble.DNS_ERROR)
    detail = f"the resolver {name} answers {dns.rcode.to_text(rcode)} to {asked}"
    return Unseen(trouble=trouble, detail=detail)


def _malformed(asked: str, problem: Exception | str) -> Unseen:
    detail = f"the answer to {asked} is malformed: {_reason(problem)}"
    return Unseen(trouble=Trouble.MALFORMED, detail=detail)


def _reason(problem: Exception | str) -> str:
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror
    return str(problem) or type(problem).__name__


def _aliases(response: dns.message.Message) -> tuple[str, ...]:
    """The names below which the answer holds a CNAME, in the order of the chain."""
    chain = (rrset for rrset in response.answer if rrset.rdtype == dns.rdatatype.CNAME)
    return tuple(name_text(rrset[0].target) for rrset in chain)


def _ttl(rrset: dns.rrset.RRset, response: dns.message.Message) -> int:
    """The TTL in the zone, as its signatures tell it (RFC 4034 3.1.4); else what is left of it."""
    return max([rrset.ttl, *(one.original_ttl for one in _signatures(rrset, response))])


def _wildcard(rrset: dns.rrset.RRset, response: dns.message.Message) -> str:
    """The wildcard from which the records were made, as a signature tells it (RFC 4034 3.1.3)."""
    own = len(rrset.name.labels) - 1  # without the root
    for one in _signatures(rrset, response):
        if one.labels < own - rrset.name.is_wild():
            _, encloser = rrset.name.split(one.labels + 1)
            return name_text(dns.name.Name((b"*", *encloser.labels)))
    return ""


def _signatures(rrset: dns.rrset.RRset, response: dns.message.Message) -> Iterator[RRSIG]:
    for signatures in response.answer:
        for one in signatures:
            covered = (signatures.name, getattr(one, "type_covered", None))
            if isinstance(one, RRSIG) and covered == (rrset.name, rrset.rdtype):
                yield one


def _is_signed(response: dns.message.Message) -> bool:
    sections = (*response.answer, *response.authority)
    return any(rrset.rdtype == dns.rdatatype.RRSIG for rrset in sections)
