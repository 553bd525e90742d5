"""The domain does not exist, or has neither an MX record nor an address.

## Why it matters

Senders look up the MX records of the domain, and without any the domain's own address. Where there
is neither, they return the mail at once: nobody can write to the domain.

## Repair

Publish an MX record at the DNS provider (`example.com. MX 10 mx1.example.com.`), and an A or AAAA
record for the host that it names. Where the name does not exist at all, check its spelling in the
configuration, the registration, and the delegation. A domain that takes no mail says so with a null
MX (`example.com. MX 0 .`) and `expect = "no-mail"` in the policy.
"""

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    DomainCase,
    Fail,
    Family,
    Missing,
    NotApplicable,
    Pass,
    Rule,
    Scope,
    Unknown,
)
from mxcheck.rules.facts.dnssec import is_bogus
from mxcheck.rules.facts.stages import why_no_hosts
from mxcheck.rules.remedies.domain_alias import leads_nowhere
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.domain_name import display_domain

REMEDY = "Publish an MX record and an address for the host that it names, or correct the name."


def find(case: DomainCase) -> Lookup | Unknown | NotApplicable:
    """Return the MX answer, unless a lookup that decides the matter failed."""
    if is_bogus(case.domain.mx):
        return why_no_hosts(case)
    failed = [one for one in _lookups(case) if isinstance(one, Unseen)]
    if failed and not _has_address(case):
        if any(map(is_bogus, failed)):
            return Missing(message="its addresses fail DNSSEC validation")
        return Unknown(
            message=f"the lookup for {display_domain(case.domain.name)} failed: {failed[0].detail}",
            remedy=lookup_remedy(failed[0]),
        )
    return case.domain.mx


def check(mx: Answer | Absent, case: DomainCase) -> Pass | Fail:
    """Judge that mail for the domain has somewhere to go."""
    name = display_domain(case.domain.name)
    if isinstance(mx, Answer):
        return Pass(message=f"{name} has MX {', '.join(mx.records)}")
    if _has_address(case):
        return Pass(message=f"{name} has no MX record, but an address")
    if mx.aliases:
        return leads_nowhere(case.domain.name, mx)
    if mx.absence is Absence.NXDOMAIN:
        return Fail(message=f"{name} does not exist in DNS (NXDOMAIN)", remedy=REMEDY)
    return Fail(message=f"{name} has no MX, A or AAAA record: it cannot take mail", remedy=REMEDY)


def _lookups(case: DomainCase) -> list[Lookup]:
    addresses = [lookup for host in case.domain.hosts for lookup in (host.ipv4, host.ipv6)]
    return addresses if isinstance(case.domain.mx, Absent) else [case.domain.mx]


def _has_address(case: DomainCase) -> bool:
    return any(isinstance(lookup, Answer) for lookup in _lookups(case))


RULE: Rule[DomainCase, Answer | Absent] = Rule(
    id="mx-missing",
    family=Family.DNS,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the domain has neither an MX record nor an address",
    references=("RFC 5321 5.1",),
    reads=(Item.MX, Item.OWN_ADDRESSES),
    after=("dnssec-bogus",),
    find=find,
    check=check,
)
