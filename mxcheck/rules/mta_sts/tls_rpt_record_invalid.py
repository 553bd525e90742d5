"""The TLS-RPT record is malformed, or there are several.

## Why it matters

Senders that cannot read the record, or find two, send no reports: failures of MTA-STS and DANE stay
unseen, while everybody believes that they would be noticed.

## Repair

Let `_smtp._tls.example.com` have exactly one TXT record that begins with `v=TLSRPTv1;`:

    v=TLSRPTv1; rua=mailto:tls-reports@example.com,https://reports.example.net/v1

Each URI begins with `mailto:` or `https://`; several stand in one `rua`, divided by commas. Inside
a URI a comma is written `%2C`, a semicolon `%3B`, an exclamation mark `%21`; there are no size
limits (`!10m`) as in DMARC. Of two records join the URIs in one and remove the other.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.records import PlainRecord
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Missing, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.stages import why_no_hosts
from mxcheck.rules.facts.tls_rpt import parse_tls_rpt
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.tls_rpt import TlsRptRecord


def find(case: DomainCase) -> TlsRptRecord | Malformed | NotApplicable:
    """The record, or what was meant to be one.

    Trouble in the lookup is the matter of tls-rpt-missing, which is a warning unless TLS-RPT is
    required: no mail is lost for want of reports, so a run does not end with 3 because of it.
    """
    if not case.domain.hosts:
        return why_no_hosts(case)
    record = parse_tls_rpt(case)
    if record:
        return record
    lookup = case.domain.record(PlainRecord.TLS_RPT)
    message = "there is no TLS-RPT record"
    if isinstance(lookup, Unseen):
        message = f"whether there is a TLS-RPT record is not known: {lookup.detail}"
    return Missing(message=message)


def check(record: TlsRptRecord | Malformed, case: DomainCase) -> Pass | Fail:
    """Judge the grammar of the record, and that it is the only one."""
    name = display_domain(case.domain.name)
    if isinstance(record, TlsRptRecord):
        return Pass(message=f"the record of _smtp._tls.{name} is valid")
    return Fail(
        message=(
            f"the TLS-RPT record at _smtp._tls.{name} is invalid: {record.reason}; senders send no"
            " reports"
        ),
        remedy=(
            f"Publish exactly one TXT record at `_smtp._tls.{case.domain.name}`, such as"
            f" `v=TLSRPTv1; rua=mailto:tls-reports@{case.domain.name}`."
        ),
    )


RULE: Rule[DomainCase, TlsRptRecord | Malformed] = Rule(
    id="tls-rpt-record-invalid",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the TLS-RPT record is malformed, or there are several",
    references=("RFC 8460 3",),
    reads=(PlainRecord.TLS_RPT, Item.NO_HOSTS),
    after=("dnssec-bogus", "mx-missing", "mx-null", "tls-rpt-missing"),
    find=find,
    check=check,
)
