"""DMARC is enforced for the domain, but not for its subdomains.

## Why it matters

`sp=` is the policy for subdomains that have no record of their own, `np=` for those that do not
exist. If one of them is `none`, anybody can send as `billing.example.com`, and receivers deliver
it, although the domain itself is protected. Without these tags `p=` counts for all.

`np=` came with RFC 9091 and RFC 9989; receivers that follow RFC 7489 use `sp=` for both.

## Repair

Remove `sp=none` and `np=none` from the record, or set `np=reject`: names that do not exist send no
mail. Give subdomains that are not ready a record of their own with `p=none`.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.dmarc import enforces, record_of, the_record, where
from mxcheck.rules.remedies.dmarc import publish, rewritten
from mxcheck.wire.dmarc.record import Request
from mxcheck.wire.dmarc.walk import Discovery


def find(case: DomainCase) -> Discovery | NotApplicable:
    """Find the record, if it is that of the organization and enforced for its own domain."""
    discovery = the_record(case)
    if isinstance(discovery, NotApplicable):
        return discovery
    if discovery.location != discovery.organization:
        return NotApplicable(message="sp and np count in the record of the organization alone")
    if not enforces(record_of(discovery).request()):
        return NotApplicable(message="the policy is not enforced for the domain itself either")
    return discovery


def check(discovery: Discovery, case: DomainCase) -> Pass | Fail:
    """Judge that the policy for subdomains asks for something too."""
    del case
    record = record_of(discovery)
    tags = {"sp": record.sp, "np": record.np}
    open_tags = [name for name, value in tags.items() if value is Request.NONE]
    if not open_tags:
        return Pass(message=f"the record at {where(discovery)} is enforced for subdomains too")
    listed = " and ".join(f"{name}=none" for name in open_tags)
    return Fail(
        message=(
            f"the DMARC record at {where(discovery)} has p={record.p}, but {listed}: anybody can"
            f" send from names below {discovery.location}"
        ),
        remedy=publish(discovery.location, rewritten(record, **dict.fromkeys(open_tags))),
    )


RULE: Rule[DomainCase, Discovery] = Rule(
    id="dmarc-subdomains-open",
    family=Family.POSTURE,
    scope=Scope.DOMAIN,
    level=Level.OFF,
    title="DMARC is enforced for the domain, but not for its subdomains",
    references=("RFC 9989 4.7", "RFC 9989 4.10.1"),
    reads=(Item.DMARC,),
    after=("dmarc-missing", "dmarc-invalid"),
    find=find,
    check=check,
)
