"""What each name server of a domain's zone answers about mail, asked itself (RFC 1034 4.2.2)."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import dns.exception
import dns.message

from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.items import Item
from mxcheck.evidence.name_servers import NameServerAnswer, NameServers
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.model.endpoint import Endpoint
from mxcheck.model.targets import Target
from mxcheck.probe.dns.domains import lookup_addresses
from mxcheck.probe.dns.nameservers import PlainNameserver
from mxcheck.probe.dns.resolver import EDNS_PAYLOAD, TRY_SECONDS, Resolver
from mxcheck.probe.dns.responses import from_authority
from mxcheck.probe.off_limits import off_limits
from mxcheck.probe.settings import DNS_PORT, ProbeSettings
from mxcheck.probe.shares import NAME_SERVERS_SHARE, do_each, done_in_time, too_slow
from mxcheck.probe.tcp import describe_error
from mxcheck.probe.turnstile import LATER
from mxcheck.wire.mx import mx_hosts
from mxcheck.wire.record_sets import Question, compare

MAX_SERVERS = 16
"""Name servers of one zone that are asked, each at one address of either family."""
MAX_TLSA = 4
"""MX hosts in the zone whose TLSA records are asked for."""
TRIES = 2
"""Of a question to a name server that is silent."""
PAUSES = 5
"""How many times the delay before a retry passes until differing answers are asked for again."""


_OF_ANOTHER_FAMILY = frozenset({Trouble.NO_ROUTE, Trouble.EXCLUDED, Trouble.NOT_PUBLIC})
"""Why one address of a server cannot be asked, however often it is tried."""


@dataclass(slots=True)
class NameServerNotes:
    """What a run has seen so far of the name servers of its domains."""

    wanted: frozenset[str] = frozenset()
    seen: dict[str, NameServers | Unseen] = field(default_factory=dict)

    async def ask(
        self, targets: Sequence[Target], resolver: Resolver, settings: ProbeSettings
    ) -> None:
        """Ask the name servers of every target that wants it."""
        names = [target.domain for target in targets if Item.NAME_SERVERS in target.wanted]
        self.wanted = frozenset(names)
        seconds = settings.deadline * NAME_SERVERS_SHARE
        await do_each(
            # Name servers that are slow for one domain leave room for the other domains.
            partial(self._ask_in, seconds, name, resolver.share(len(targets)), settings)
            for name in names
        )

    async def _ask_in(
        self, seconds: float, domain: str, resolver: Resolver, settings: ProbeSettings
    ) -> None:
        if not await done_in_time(seconds, self._ask(domain, resolver, settings)):
            late = too_slow(f"asking the name servers of {domain}", seconds)
            self.seen.setdefault(domain, late)

    async def _ask(self, domain: str, resolver: Resolver, settings: ProbeSettings) -> None:
        found = await _find_zone(domain, resolver)
        if isinstance(found, Unseen):
            self.seen[domain] = found
            return
        zone, names = found
        located = await asyncio.gather(
            *(_locate(name, resolver, settings) for name in names[:MAX_SERVERS])
        )
        ends = [end for each in located for end in each]
        asker = _Asker(domain=domain, zone=zone, resolver=resolver, settings=settings)
        seen = NameServers(
            zone=zone, first=await asker.ask_all(ends), left_out=tuple(names[MAX_SERVERS:])
        )
        self.seen[domain] = seen
        if _is_settled(seen.first):
            return
        # A change that is on its way reaches every server soon (RFC 1996).
        await asyncio.sleep(settings.retry_delay * PAUSES)
        self.seen[domain] = replace(seen, again=await asker.ask_all(ends))

    def add_to(self, domain: Domain, ended: Unseen) -> Domain:
        """Return a domain with these answers; `ended` is why they were never seen."""
        if domain.name not in self.wanted:
            return domain
        return replace(domain, name_servers=self.seen.get(domain.name, ended))


async def _find_zone(domain: str, resolver: Resolver) -> tuple[str, list[str]] | Unseen:
    """Return the closest zone at or above a domain, and its name servers."""
    name = domain
    while "." in name:
        lookup = await resolver.lookup(name, "NS")
        if isinstance(lookup, Unseen):
            return Unseen(trouble=lookup.trouble, detail=lookup.detail)
        # No alias is at the top of a zone (RFC 1034 3.6.2).
        if isinstance(lookup, Answer) and not lookup.aliases:
            return name, sorted({record.lower().rstrip(".") for record in lookup.records})
        name = name.partition(".")[2]
    return "", []


End = tuple[str, str, Unseen | None]
"""The name of a name server, an address of it, and why that is not asked."""


async def _locate(name: str, resolver: Resolver, settings: ProbeSettings) -> list[End]:
    """Return one address of each family; without any, why there is none."""
    lookups = await asyncio.gather(
        lookup_addresses(name, "A", resolver, settings),
        lookup_addresses(name, "AAAA", resolver, settings),
    )
    addresses = [min(one.records) for one in lookups if isinstance(one, Answer)]
    if addresses:
        asked = [Endpoint(host=name, address=one, port=DNS_PORT) for one in addresses]
        return [(name, one.address, off_limits(one, settings)) for one in asked]
    lost = next((one for one in lookups if isinstance(one, Unseen)), None)
    none = Unseen(trouble=Trouble.NO_ADDRESS, detail="it has no address")
    return [(name, "", lost or none)]


def _is_settled(answers: Iterable[NameServerAnswer]) -> bool:
    """Return whether every question has one answer, from every server that can be asked here."""
    answers = tuple(answers)
    mx = [one for one in answers if one.rdtype == "MX"]
    heard = {one.server for one in mx if not isinstance(one.lookup, Unseen)}
    lost = {one.lookup.trouble for one in answers if isinstance(one.lookup, Unseen)}
    same = all(len(sets) == 1 for sets in compare(answers).values())
    return same and heard == {one.server for one in mx} and lost <= _OF_ANOTHER_FAMILY


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker:
    """Asks name servers about one domain."""

    domain: str
    zone: str
    resolver: Resolver
    settings: ProbeSettings

    async def ask_all(self, ends: Sequence[End]) -> tuple[NameServerAnswer, ...]:
        """Ask for MX; those that answer are asked for the rest of what senders look up."""
        mx = await self._ask_each(ends, [("MX", self.domain)])
        heard = [(one.server, one.address, None) for one in mx if not _is_unseen(one)]
        rest = [("TXT", f"_mta-sts.{self.domain}"), *self._tlsa(mx)]
        return (*mx, *await self._ask_each(heard, rest))

    def _tlsa(self, mx: Iterable[NameServerAnswer]) -> list[Question]:
        """Return the questions about MX hosts that are in the zone."""
        named = (host for one in mx for host in mx_hosts(self.domain, one.lookup))
        hosts = sorted({host for host in named if f".{host}".endswith(f".{self.zone}")})
        return [("TLSA", f"_{self.settings.port}._tcp.{host}") for host in hosts[:MAX_TLSA]]

    async def _ask_each(
        self, ends: Sequence[End], questions: Sequence[Question]
    ) -> list[NameServerAnswer]:
        asked = [(end, question) for question in questions for end in ends]
        lookups = await asyncio.gather(*(self._ask(end, question) for end, question in asked))
        return [
            NameServerAnswer(server=server, address=address, name=name, rdtype=rdtype, lookup=seen)
            for ((server, address, _), (rdtype, name)), seen in zip(asked, lookups, strict=True)
        ]

    async def _ask(self, end: End, question: Question) -> Lookup:
        _, address, unasked = end
        if unasked:
            return unasked
        seen = await self._ask_once(address, question)
        for _ in range(TRIES - 1):
            if not (isinstance(seen, Unseen) and seen.trouble is Trouble.TIMEOUT):
                break
            seen = await self._ask_once(address, question)
        return seen

    async def _ask_once(self, address: str, question: Question) -> Lookup:
        rdtype, name = question
        host, port = self.settings.routes.get((address, DNS_PORT), (address, DNS_PORT))
        query = dns.message.make_query(f"{name}.", rdtype, flags=0, payload=EDNS_PAYLOAD)
        seconds = min(TRY_SECONDS, self.settings.timeout)
        asked = f"{rdtype} {name}"
        try:
            async with self.resolver.slots.turn(LATER):
                server = PlainNameserver(address, host, port)
                return from_authority(asked, await server.async_query(query, seconds))
        except dns.exception.Timeout:
            detail = f"it does not answer {asked} within {seconds:g} s"
            return Unseen(trouble=Trouble.TIMEOUT, detail=detail)
        except OSError as error:
            return describe_error(error, address)
        except (dns.exception.DNSException, ValueError) as error:
            detail = f"its answer to {asked} is malformed: {str(error) or type(error).__name__}"
            return Unseen(trouble=Trouble.MALFORMED, detail=detail)


def _is_unseen(one: NameServerAnswer) -> bool:
    return isinstance(one.lookup, Unseen)
