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

from mxcheck.evidence.dns import Absent, Answer, Lookup
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, MxCase, Pass, Rule, Scope
from mxcheck.rules.facts.addresses import dangling_alias, describe_lack, the_looked_up_host

REMEDY = "Publish an A or AAAA record for the host, or correct or remove the MX record."
OF_INVALID = (
    "Remove the MX record: no name below .invalid ever has an address (RFC 6761 6.4). A provider"
    " may have asked for it as a proof that the domain is yours, which is needed only once."
)


def check(host: MxHost, case: MxCase) -> Pass | Fail:
    """Judge that senders find an address for the host."""
    found = [*_records(host.ipv4), *_records(host.ipv6)]
    if found:
        return Pass(message=f"{host.name} has the addresses {', '.join(found)}")
    lookup = host.ipv4 if isinstance(host.ipv4, Absent) else host.ipv6
    if isinstance(lookup, Absent) and lookup.aliases:
        return dangling_alias(host, lookup, case)
    return Fail(
        message=f"the MX host {host.name} {describe_lack(lookup)}: senders cannot reach it",
        remedy=OF_INVALID if host.name.endswith(".invalid") else REMEDY,
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
    after=("dnssec-bogus", "mx-is-address", "mx-name-invalid", "mx-missing"),
    find=the_looked_up_host,
    check=check,
)
