"""The MTA-STS record is malformed, or there are several.

## Why it matters

Senders treat a domain whose record they cannot read as one without MTA-STS, and fetch no policy.
Those that fetched one before obey it as long as its `max_age` lasts, and do not learn that it has
changed.

A text that does not begin with `v=STSv1;` is not a record to senders, nor is an alias that leads
nowhere; they discard it, and so it is a warning, since its owner believes to have a record. Whoever
takes over the name to which such an alias leads can have senders obey a policy of their own.

## Repair

Let `_mta-sts.example.com` have exactly one TXT record that begins with `v=STSv1;`:

    v=STSv1; id=20260131120000Z;

The `id` is 1 to 32 letters and digits, without hyphens or colons; spelling and case are fixed, and
quotes are those of the zone file alone. Of two records remove the old one. If the name is a CNAME,
it is the provider's record that counts; remove the CNAME when you leave the provider.
"""

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Missing, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.mta_sts import parse_sts_lookup, the_sts_lookup
from mxcheck.rules.remedies.text_record import record_remedy
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.malformed import Malformed, quoted
from mxcheck.wire.mta_sts import StsRecord
from mxcheck.wire.version_record import Discarded

EXAMPLE = "v=STSv1; id=20260131120000Z;"


def check(lookup: Answer | Absent, case: DomainCase) -> Pass | Fail | NotApplicable:
    """Judge the grammar of the record, and that it is the only one."""
    record, name = parse_sts_lookup(lookup, case), display_domain(case.domain.name)
    if record is None:
        return Missing(message="there is no MTA-STS record")
    if isinstance(record, StsRecord) and not record.other_ids:
        return Pass(message=f"the record of _mta-sts.{name} is valid")
    return Fail(
        message=f"the MTA-STS record at _mta-sts.{name} {_fault(record)}",
        remedy=record_remedy(f"_mta-sts.{case.domain.name}", EXAMPLE, lookup),
        at_most=Level.ERROR if isinstance(record, Malformed) else Level.WARNING,
    )


def _fault(record: StsRecord | Malformed | Discarded) -> str:
    match record:
        case Malformed():
            return f"is invalid: {record.reason}; senders treat the domain as one without MTA-STS"
        case Discarded():
            return f"is not one that senders see: {record.reason}"
        case StsRecord():
            first, last = quoted(record.id), quoted(record.other_ids[-1])
            return (
                f"has several ids: senders that follow RFC 8461 3.2 take the first, {first};"
                f" postfix-mta-sts-resolver and maddy take the last, {last}"
            )


RULE: Rule[DomainCase, Answer | Absent] = Rule(
    id="mta-sts-record-invalid",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the MTA-STS record is malformed, or there are several",
    references=("RFC 8461 3.1",),
    reads=(Item.NO_HOSTS, Item.STS_RECORD),
    after=("dnssec-bogus", "mx-missing", "mx-null", "mta-sts-missing"),
    find=the_sts_lookup,
    check=check,
)
