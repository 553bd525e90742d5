"""The MTA-STS record is malformed, or there are several.

## Why it matters

Senders take a domain whose record they cannot read for one without MTA-STS, and fetch no policy.
Those that fetched one before hold to it for as long as its `max_age` lasts, and do not learn that
it has changed.

## Repair

Let `_mta-sts.example.com` have exactly one TXT record that begins with `v=STSv1;`:

    v=STSv1; id=20260131120000Z;

The `id` is 1 to 32 letters and digits, without hyphens or colons; spelling and case are fixed. Of
two records remove the old one. Where the name is a CNAME, it is the provider's record that counts.
"""

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Missing, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.mta_sts import parse_sts_lookup, the_sts_lookup
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.mta_sts import StsRecord


def check(lookup: Answer | Absent, case: DomainCase) -> Pass | Fail | NotApplicable:
    """Judge the grammar of the record, and that it is the only one."""
    record = parse_sts_lookup(lookup)
    if record is None:
        return Missing(message="there is no MTA-STS record")
    name = display_domain(case.domain.name)
    if isinstance(record, StsRecord):
        return Pass(message=f"the record of _mta-sts.{name} is valid")
    return Fail(
        message=(
            f"the MTA-STS record at _mta-sts.{name} is invalid: {record.reason}; senders take the"
            " domain for one without MTA-STS"
        ),
        remedy=(
            f"Publish exactly one TXT record at `_mta-sts.{case.domain.name}`, such as"
            " `v=STSv1; id=20260131120000Z;`, with an id of letters and digits."
        ),
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
