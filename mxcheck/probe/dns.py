"""Lookups: what the resolver answered, with every kind of "nothing" told apart."""

import asyncio
from dataclasses import dataclass

import dns.asyncresolver
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.nameserver
import dns.rcode
import dns.rdata
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.MX import MX

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.settings import ProbeSettings

EDNS_PAYLOAD = 1232  # bytes: DNS Flag Day 2020, stays below the usual MTU
TRY_SECONDS = 3.0
TRIES = 3
"""Within one lookup's time there is room for as many silent resolvers, or lost packets."""
LOOKUP_SECONDS = 10.0
"""At most; a shorter `timeout` of the settings holds."""
AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """Asks the given resolvers, or those of the system's own configuration."""

    client: dns.asyncresolver.Resolver
    retries: int
    delay: float
    slots: asyncio.Semaphore

    async def lookup(self, name: str, rdtype: str) -> Lookup:
        """The record set of a name; trouble that may pass is tried again."""
        async with self.slots:
            for number in range(self.retries + 1):
                if number:
                    await asyncio.sleep(self.delay * 2 ** (number - 1))
                result = await self._ask(name, rdtype)
                if not isinstance(result, Unseen):
                    break
        return result

    async def _ask(self, name: str, rdtype: str) -> Lookup:
        asked = f"{rdtype} {name}"
        try:
            answer = await self.client.resolve(
                f"{name}.", rdtype, raise_on_no_answer=False, search=False
            )
        except dns.resolver.NXDOMAIN as error:
            return _absent(Absence.NXDOMAIN, _response(error))
        except dns.resolver.NoNameservers as error:
            return _failed(asked, error)
        except dns.exception.Timeout:
            detail = f"the resolver did not answer {asked} in time"
            return Unseen(trouble=Trouble.TIMEOUT, detail=detail)
        except (dns.exception.DNSException, OSError, ValueError) as error:
            detail = f"{asked} cannot be looked up: {error}"
            return Unseen(trouble=Trouble.MALFORMED, detail=detail)
        if answer.rrset is None:
            return _absent(Absence.NODATA, answer.response)
        return Answer(
            owner=_text(answer.canonical_name),
            records=tuple(_record(rdata) for rdata in answer.rrset),
            aliases=_aliases(answer.response),
            ttl=answer.rrset.ttl,
            authenticated_data=bool(answer.response.flags & dns.flags.AD),
        )


def make_resolver(settings: ProbeSettings) -> Resolver | Unseen:
    """A resolver; Unseen with RESOLVER where the system names none."""
    resolvers = settings.resolvers
    try:
        client = dns.asyncresolver.Resolver(configure=not resolvers)
    except dns.resolver.NoResolverConfiguration as error:
        detail = f"the system's resolver configuration cannot be used: {error}"
        return Unseen(trouble=Trouble.RESOLVER, detail=detail)
    if resolvers:
        client.nameservers = [dns.nameserver.Do53Nameserver(*endpoint) for endpoint in resolvers]
    client.use_edns(0, dns.flags.DO, EDNS_PAYLOAD)
    client.flags = dns.flags.RD | dns.flags.AD
    client.lifetime = min(LOOKUP_SECONDS, settings.timeout)
    client.timeout = min(TRY_SECONDS, client.lifetime / TRIES)
    client.retry_servfail = False
    return Resolver(
        client=client,
        retries=settings.retries,
        delay=settings.retry_delay,
        slots=asyncio.Semaphore(AT_ONCE),
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
    )


def _failed(asked: str, error: dns.resolver.NoNameservers) -> Unseen:
    """What the resolvers said instead of an answer: the last one's word counts."""
    for _, _, _, problem, response in reversed(error.kwargs.get("errors") or ()):
        if response is not None:
            code = dns.rcode.to_text(response.rcode())
            trouble = Trouble.DNS_REFUSED if code == "REFUSED" else Trouble.SERVFAIL
            return Unseen(trouble=trouble, detail=f"the resolver answers {code} to {asked}")
        detail = f"the resolver cannot be asked for {asked}: {problem}"
        return Unseen(trouble=Trouble.RESOLVER, detail=detail)
    return Unseen(trouble=Trouble.RESOLVER, detail=f"there is no resolver to ask for {asked}")


def _aliases(response: dns.message.Message) -> tuple[str, ...]:
    """The names below which the answer holds a CNAME, in the order of the chain."""
    return tuple(
        _text(rrset[0].target) for rrset in response.answer if rrset.rdtype == dns.rdatatype.CNAME
    )


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _record(rdata: dns.rdata.Rdata) -> str:
    """A record's text; names as everywhere, in lower case and without the trailing dot."""
    if isinstance(rdata, MX):
        return f"{rdata.preference} {_text(rdata.exchange) or '.'}"
    return rdata.to_text()
