"""The MX host is an alias (CNAME) of another host.

## Why it matters

An MX record must name a host that has addresses itself. Most senders follow the alias, some do not;
those that do may take the other name for the server's, compare it with the certificate, the MTA-STS
policy or the TLSA record, and refuse to deliver. And a relay that looks for its own name among the
MX hosts, and finds an alias there instead, may send mail round in a loop.

## Repair

Name in the MX record, at the DNS provider, the host to which the alias leads, or give the MX host A
and AAAA records of its own in place of the CNAME record. Then see that the certificate, the `mx`
lines of an MTA-STS policy and the TLSA records speak of the name that the MX record gives.

Where the alias leads to a mail provider, name the provider's host in the MX record: its addresses
may change.
"""

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail, Family, MxCase, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.stages import has_addresses, is_implicit, why_no_addresses


def find(case: MxCase) -> MxHost | NotApplicable:
    """Return the host that an MX record names, where it resolves to an address."""
    if is_implicit(case):
        # RFC 5321 5.1: the domain itself may be an alias.
        return NotApplicable(message="there is no MX record")
    return case.host if has_addresses(case.host) else why_no_addresses(case)


def check(host: MxHost, case: MxCase) -> Pass | Fail:
    """Judge that the way from the host to its addresses leads through no CNAME."""
    aliases = _aliases(host.ipv4) or _aliases(host.ipv6)
    if not aliases:
        return Pass(message=f"{host.name} is not an alias")
    way = ", then ".join(aliases)
    return Fail(
        message=f"the MX host {host.name} of {case.domain.name} is an alias (CNAME) of {way}",
        remedy=(
            f"Publish `{case.domain.name}. MX {host.preference} {aliases[-1]}.`, or give"
            f" {host.name} A and AAAA records in place of its CNAME."
        ),
    )


def _aliases(lookup: Lookup) -> tuple[str, ...]:
    return () if isinstance(lookup, Unseen) else lookup.aliases


RULE = Rule(
    id="mx-is-alias",
    family=Family.DNS,
    scope=Scope.MX,
    level=Level.WARNING,
    title="the MX host is an alias",
    references=("RFC 2181 10.3", "RFC 5321 5.1"),
    reads=(Item.MX, Item.ADDRESSES),
    after=("mx-unresolvable",),
    find=find,
    check=check,
)
