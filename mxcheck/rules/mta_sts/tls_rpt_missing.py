"""The domain uses MTA-STS or DANE, and does not ask for TLS reports.

## Why it matters

Senders that refuse a server because of its certificate, its TLSA record or its MTA-STS policy tell
nobody: the mail just does not come. With TLS-RPT they send a report each day, in which Google,
Microsoft and others count what failed and say why.

## Repair

Publish a TXT record at `_smtp._tls.example.com`, with a mailbox or a service that reads JSON:

    v=TLSRPTv1; rua=mailto:tls-reports@example.com

The mailbox may be at another domain. `rua=https://…` takes reports by POST. Separate several by
commas.
"""

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.items import OF_MTA_STS, Item
from mxcheck.evidence.records import PlainRecord
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
from mxcheck.rules.facts.tls_rpt import parse_tls_rpt, the_tls_rpt_lookup, why_not_called_for
from mxcheck.rules.remedies.text_record import record_remedy
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.tls_rpt import TlsRptRecord

EXAMPLE = "v=TLSRPTv1; rua=mailto:tls-reports@{}"


def find(case: DomainCase) -> Answer | Absent | Unknown | NotApplicable:
    """Find the record, if something calls for one: MTA-STS, DANE, or the user."""
    uncalled = why_not_called_for(case)
    if case.domain.hosts and uncalled and not _is_required(case):
        return uncalled
    return the_tls_rpt_lookup(case)


def _is_required(case: DomainCase) -> bool:
    return RULE.absence_of in case.policy.require


def check(lookup: Answer | Absent, case: DomainCase) -> Pass | Fail | NotApplicable:
    """Judge that there is a record; one that senders cannot read is not what is required."""
    record, name = parse_tls_rpt(case), display_domain(case.domain.name)
    if isinstance(record, TlsRptRecord):
        return Pass(message=f"TLS reports go to {', '.join(record.rua)}")
    if record and not _is_required(case):
        message = "there is a record, but it is invalid"
        return Missing(message=message)
    alias = f" (an alias of {lookup.aliases[-1]})" if lookup.aliases else ""
    found = f" that senders can read: {record.reason}" if record else alias
    return Fail(
        message=(
            f"{name} has no TLS-RPT record at _smtp._tls.{name}{found}; senders whose MTA-STS or"
            " DANE checks fail tell nobody"
        ),
        remedy=record_remedy(
            f"_smtp._tls.{case.domain.name}", EXAMPLE.format(case.domain.name), lookup
        ),
    )


RULE: Rule[DomainCase, Answer | Absent] = Rule(
    id="tls-rpt-missing",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.WARNING,
    title="the domain does not ask for TLS reports",
    references=("RFC 8460 3",),
    reads=(PlainRecord.TLS_RPT, *OF_MTA_STS, Item.TLSA),
    after=("dnssec-bogus", "mx-missing", "mx-null", "mta-sts-missing", "tls-rpt-record-invalid"),
    absence_of="tls-rpt",
    find=find,
    check=check,
)
