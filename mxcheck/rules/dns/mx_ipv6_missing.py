"""No MX host has an IPv6 address.

## Why it matters

A sender that has IPv6 alone cannot deliver, and some networks and authorities ask for it. Senders
with IPv4 deliver as ever, so this rule is off unless it is asked for.

## Repair

Give a mail server an IPv6 address, let it listen there, and publish the AAAA record; then see that
the address has a reverse name (`reverse-dns-mismatch`), since some receivers insist on it.

- Postfix: `inet_protocols = all`. Exim: `disable_ipv6 = false` and `local_interfaces`.
- OpenSMTPD: `listen on` with the address. Exchange: a receive connector bound to it.
- At a mail provider: use the host names that it gives for IPv6, if it has any.
"""

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.stages import why_no_hosts
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.mx import hosts_left_out


def find(case: DomainCase) -> tuple[str, ...] | Unknown | NotApplicable:
    """Return the MX hosts that have an AAAA record, unless what decides it was not seen."""
    hosts, name = case.domain.hosts, display_domain(case.domain.name)
    if not hosts:
        return why_no_hosts(case)
    found = tuple(host.name for host in hosts if isinstance(host.ipv6, Answer))
    lookups = [host.ipv6 for host in hosts if isinstance(host.ipv6, Unseen)]
    lost = [lookup for lookup in lookups if lookup.trouble is not Trouble.NOT_ASKED]
    unknown = f"whether an MX host of {name} has an IPv6 address is not known"
    if lost and not found:
        return Unknown(message=f"{unknown}: {lost[0].detail}", remedy=lookup_remedy(lost[0]))
    if hosts_left_out(case.domain) and not found:
        return Unknown(message=f"{unknown}: it has more hosts than are looked at")
    return found


def check(found: tuple[str, ...], case: DomainCase) -> Pass | Fail:
    """Judge that an MX host has an IPv6 address."""
    if found:
        return Pass(message=f"these MX hosts have IPv6 addresses: {', '.join(found)}")
    hosts = ", ".join(host.name for host in case.domain.hosts)
    return Fail(
        message=f"no MX host of {display_domain(case.domain.name)} has an AAAA record: {hosts}",
        remedy="Give a mail server an IPv6 address, and publish it as AAAA record of the MX host.",
    )


RULE: Rule[DomainCase, tuple[str, ...]] = Rule(
    id="mx-ipv6-missing",
    family=Family.DNS,
    scope=Scope.DOMAIN,
    level=Level.OFF,
    title="no MX host has an IPv6 address",
    references=("RFC 5321 5.2", "RFC 3596 2.1"),
    reads=(Item.NO_HOSTS, Item.MX, Item.ADDRESSES),
    after=("dnssec-bogus", "mx-missing", "mx-null"),
    find=find,
    check=check,
)
