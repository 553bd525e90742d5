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
from mxcheck.rules.facts.stages import has_addresses, is_implicit
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.address import parse_address


def find(case: MxCase) -> MxHost | Unknown | NotApplicable:
    """The host, unless it is no name, or a lookup failed."""
    host = case.host
    if parse_address(host.name):
        return Missing(message="the MX value is an address")
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


def check(host: MxHost, _case: MxCase) -> Pass | Fail:
    """Judge that senders find an address for the host."""
    found = [*_records(host.ipv4), *_records(host.ipv6)]
    if found:
        return Pass(message=f"{host.name} has the addresses {', '.join(found)}")
    missing = isinstance(host.ipv4, Absent) and host.ipv4.absence is Absence.NXDOMAIN
    seen = "does not exist in DNS (NXDOMAIN)" if missing else "has no A and no AAAA record"
    return Fail(
        message=f"the MX host {host.name} {seen}: senders cannot reach it",
        remedy="Publish an A or AAAA record for the host, or correct or remove the MX record.",
    )


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
    after=("dnssec-bogus", "mx-is-address", "mx-missing"),
    find=find,
    check=check,
)
