"""An MX host has neither an A nor an AAAA record.

## Why it matters

Senders cannot use such an MX. If it is the only one, mail stays in their queues and comes back
after days; if it is one of several, its share of the load, or the backup, is missing.

## Repair

Publish an A or AAAA record for the host at its DNS provider, correct the spelling in the MX record,
or remove the MX record. Where the lookup of one address family fails, or where there are more
addresses than are looked at (`--max-addresses`), the others may be sound, but what was not seen is
unknown: see that the name servers answer to both A and AAAA, or leave one family out (`-4`, `-6`).
The usual causes are a server that was retired, and a missing trailing dot
in a zone file (`mx1.example.com` becomes `mx1.example.com.example.com`).

A host that is an alias (CNAME) of a name that does not exist is worse: whoever obtains that name,
for example by registering the domain or by opening an account at the provider, receives the mail.
Remove the CNAME record; no other record can exist beside it.
"""

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    Fail,
    Family,
    Missing,
    MxCase,
    NotApplicable,
    Pass,
    Rule,
    Scope,
    Unknown,
)
from mxcheck.rules.facts.dnssec import is_bogus
from mxcheck.rules.facts.stages import has_addresses, is_implicit, why_nameless
from mxcheck.rules.remedies.lookup import lookup_remedy

REMEDY = "Publish an A or AAAA record for the host, or correct or remove the MX record."
OF_INVALID = (
    "Remove the MX record: no name below .invalid ever has an address (RFC 6761 6.4). A provider"
    " may have asked for it as a proof that the domain is yours, which is needed only once."
)


def find(case: MxCase) -> MxHost | Unknown | NotApplicable:
    """The host, unless it is no name, or a lookup failed."""
    host = case.host
    if nameless := why_nameless(host):
        return nameless
    if is_implicit(case) and not has_addresses(host):
        return Missing(message="there is no MX record")
    for record, lookup, without in (("A", host.ipv4, "-6"), ("AAAA", host.ipv6, "-4")):
        if is_bogus(lookup):
            message = f"the {record} answer for {host.name} fails DNSSEC validation"
            return Missing(message=message)
        if isinstance(lookup, Unseen) and lookup.trouble is not Trouble.EXCLUDED:
            or_not = f" Where no {record} is wanted of it, {without} leaves that family out."
            return Unknown(
                message=f"the {record} lookup for {host.name} failed: {lookup.detail}",
                remedy=lookup_remedy(lookup) + (or_not if has_addresses(host) else ""),
            )
    if host.left_out:
        return Unknown(
            message=f"{host.name} has more addresses than are looked at, so that these were not:"
            f" {', '.join(host.left_out)}",
            remedy="Raise --max-addresses.",
        )
    return host


def check(host: MxHost, case: MxCase) -> Pass | Fail:
    """Judge that senders find an address for the host."""
    found = [*_records(host.ipv4), *_records(host.ipv6)]
    if found:
        return Pass(message=f"{host.name} has the addresses {', '.join(found)}")
    lookup = host.ipv4 if isinstance(host.ipv4, Absent) else host.ipv6
    if isinstance(lookup, Absent) and lookup.aliases:
        return _dangling(host, lookup, case)
    return Fail(
        message=f"the MX host {host.name} {_lack(lookup)}: senders cannot reach it",
        remedy=OF_INVALID if host.name.endswith(".invalid") else REMEDY,
    )


def _dangling(host: MxHost, lookup: Absent, case: MxCase) -> Fail:
    """Return what is wrong with an alias that leads to no address."""
    target, domain = lookup.aliases[-1], case.domain.name
    takeover = ""
    if lookup.absence is Absence.NXDOMAIN and not f".{target}".endswith(f".{domain}"):
        takeover = f"; whoever obtains the name {target} receives the mail for {domain}"
    way = ", then ".join(lookup.aliases)
    return Fail(
        message=f"the MX host {host.name} is an alias (CNAME) of {way}, which {_lack(lookup)}:"
        f" senders cannot reach it{takeover}",
        remedy=f"Remove the CNAME record of {host.name}, and the MX record unless the host is to"
        " have addresses of its own, or name in the MX record a host that exists.",
    )


def _lack(lookup: Lookup) -> str:
    missing = isinstance(lookup, Absent) and lookup.absence is Absence.NXDOMAIN
    return "does not exist in DNS (NXDOMAIN)" if missing else "has no A and no AAAA record"


def _records(lookup: Lookup) -> tuple[str, ...]:
    return lookup.records if isinstance(lookup, Answer) else ()


RULE = Rule(
    id="mx-unresolvable",
    family=Family.DNS,
    scope=Scope.MX,
    level=Level.ERROR,
    title="the MX host has no address",
    references=("RFC 5321 5.1",),
    reads=(Item.MX, Item.ADDRESSES),
    after=("dnssec-bogus", "mx-is-address", "mx-name-invalid", "mx-missing"),
    find=find,
    check=check,
)
