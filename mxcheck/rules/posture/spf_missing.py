"""The domain has no SPF record.

## Why it matters

Receivers ask which addresses may send for the domain in MAIL FROM. Without a record anybody may,
and mail of the domain counts as unauthenticated: large receivers want SPF from everybody who sends
them mail, and put the rest into the spam folder, or refuse it. DMARC passes only if SPF or DKIM
does.

A text counts as the record if it begins with `v=spf1` and a space. The record of a domain does not
count for its subdomains.

## Repair

List what sends mail of the domain: your own servers (`mx`, `ip4:`, `ip6:`), and the services that
send for you (`include:`, as each of them tells its customers).

    example.com. TXT "v=spf1 mx include:_spf.example.net ~all"

Configure the addresses as `senders`, and this check tells whether each of them passes. When they
do, change `~all` to `-all`. A domain that sends no mail publishes `v=spf1 -all`.
"""

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.spf import REQUIREMENT
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.rules.remedies.spf import first_record, publish
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.malformed import quoted
from mxcheck.wire.spf.record import meant_texts, select_record
from mxcheck.wire.txt import texts_of


def find(case: DomainCase) -> Answer | Absent | Unknown:
    """Find the TXT records of the domain."""
    name = case.domain.name
    lookup = case.run.spf_lookup(name, "TXT")
    if isinstance(lookup, Unseen):
        message = f"whether {display_domain(name)} has an SPF record is not known: {lookup.detail}"
        return Unknown(message=message, remedy=lookup_remedy(lookup))
    return lookup


def check(seen: Answer | Absent, case: DomainCase) -> Pass | Fail:
    """Judge that one of them is an SPF record; spf-invalid judges what is in it."""
    name, texts = display_domain(case.domain.name), texts_of(seen)
    if select_record(texts) is not None:
        return Pass(message=f"{name} has an SPF record")
    meant = ", ".join(map(quoted, meant_texts(texts)))
    note = f"; receivers do not take {meant} for one" if meant else ""
    return Fail(
        message=f"{name} has no SPF record: no TXT record there begins with `v=spf1 `{note}",
        remedy=publish(case.domain.name, first_record(case)),
    )


RULE: Rule[DomainCase, Answer | Absent] = Rule(
    id="spf-missing",
    family=Family.POSTURE,
    scope=Scope.DOMAIN,
    level=Level.WARNING,
    title="the domain has no SPF record",
    references=("RFC 7208 3", "RFC 7208 4.5"),
    reads=(Item.SPF,),
    also_on_failure=(Item.MX,),
    absence_of=REQUIREMENT,
    find=find,
    check=check,
)
