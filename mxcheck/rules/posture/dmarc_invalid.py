"""The DMARC record is malformed, or there are several.

## Why it matters

Receivers ignore a record that does not begin with exactly `v=DMARC1`, and all of them if there are
several at one name. Without a valid `p=`, or with an `sp=` or `np=` that is not valid, they act as
if it said `p=none` if it names a valid address for reports, and ignore it if it does not. A typo so
switches the protection off, while its owner believes that it is on. A wrong value in another tag
counts as its default.

RFC 9989 is stricter with duplicates than RFC 7489 was read: several records count as none, and the
search goes on above the domain.

## Repair

Let `_dmarc.example.com` have one TXT record. `v=DMARC1` is the first tag, in these capitals; tags
are separated by semicolons; `p=`, `sp=` and `np=` are `none`, `quarantine` or `reject`; addresses
for reports are URIs:

    v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com
"""

from mxcheck.evidence.items import Item
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
from mxcheck.rules.facts.dmarc import NO_RECORD, faulty_step, record_of, the_discovery, where
from mxcheck.rules.facts.dmarc_faults import record_fault
from mxcheck.rules.remedies.dmarc import first_record, publish, rewritten
from mxcheck.wire.dmarc.walk import Discovery, record_name


def find(case: DomainCase) -> Discovery | NotApplicable:
    """Find a record, or what is meant to be one; dmarc-missing owns a lookup that failed."""
    discovery = the_discovery(case)
    if isinstance(discovery, Unknown):
        return Missing(message=discovery.message)
    if discovery.record or faulty_step(discovery):
        return discovery
    return Missing(message=NO_RECORD)


def check(discovery: Discovery, case: DomainCase) -> Pass | Fail:
    """Judge the grammar of the record, and that it is the only one."""
    faulty = faulty_step(discovery)
    if faulty:
        step, ignored = faulty
        return Fail(
            message=f"receivers ignore what is at {record_name(step.domain)}: {ignored.reason}",
            remedy=publish(step.domain, first_record(case)),
        )
    record = record_of(discovery)
    fault = record_fault(record)
    if fault is None:
        return Pass(message=f"the record at {where(discovery)} is valid")
    return Fail(
        message=f"the DMARC record at {where(discovery)} has {fault.listed}; {fault.effect}",
        remedy=publish(discovery.location, rewritten(record, p=record.p or "none")),
        at_most=fault.at_most,
    )


RULE: Rule[DomainCase, Discovery] = Rule(
    id="dmarc-invalid",
    family=Family.POSTURE,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the DMARC record is malformed, or there are several",
    references=("RFC 9989 4.7", "RFC 9989 4.8", "RFC 9989 4.10", "RFC 9989 4.10.1"),
    reads=(Item.DMARC,),
    after=("dmarc-missing",),
    find=find,
    check=check,
)
