"""The TLS-RPT record is malformed, or there are several.

## Why it matters

Senders that cannot read the record, or find two, send no reports: failures of MTA-STS and DANE stay
unseen, while everybody believes that they would be noticed. If the record is an alias that leads
nowhere, whoever takes over its target can receive the reports.

## Repair

Let `_smtp._tls.example.com` have exactly one TXT record that begins with `v=TLSRPTv1;`:

    v=TLSRPTv1; rua=mailto:tls-reports@example.com,https://reports.example.net/v1

Each URI begins with `mailto:` (without slashes) or `https://` and a host that everybody can reach;
several are in one `rua`, separated by commas. Inside a URI a comma is written `%2C`, a semicolon
`%3B`, an exclamation mark `%21`; there are no size limits (`!10m`) as in DMARC. Of two records join
the URIs in one and remove the other.
"""

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.items import Item
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
from mxcheck.rules.facts.tls_rpt import parse_tls_rpt, the_tls_rpt_lookup
from mxcheck.rules.mta_sts.tls_rpt_missing import EXAMPLE
from mxcheck.rules.remedies.text_record import record_remedy
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.tls_rpt import TlsRptRecord
from mxcheck.wire.version_record import Discarded


def find(case: DomainCase) -> Answer | Absent | NotApplicable:
    """Find the lookup that showed a record, or what was meant to be one.

    Trouble in the lookup is for tls-rpt-missing, which is a warning unless TLS-RPT is required: no
    mail is lost because reports are missing, so a run does not end with 3 for that.
    """
    lookup = the_tls_rpt_lookup(case)
    if isinstance(lookup, Unknown):
        return Missing(message=lookup.message)
    if isinstance(lookup, NotApplicable) or parse_tls_rpt(case):
        return lookup
    return Missing(message="there is no TLS-RPT record")


def check(lookup: Answer | Absent, case: DomainCase) -> Pass | Fail:
    """Judge the grammar of the record, and that it is the only one."""
    record, name = parse_tls_rpt(case), display_domain(case.domain.name)
    if isinstance(record, TlsRptRecord) or record is None:
        return Pass(message=f"the record of _smtp._tls.{name} is valid")
    fault = "is not one that senders see" if isinstance(record, Discarded) else "is invalid"
    return Fail(
        message=(
            f"the TLS-RPT record at _smtp._tls.{name} {fault}: {record.reason}; senders send no"
            " reports"
        ),
        remedy=record_remedy(
            f"_smtp._tls.{case.domain.name}", EXAMPLE.format(case.domain.name), lookup
        ),
    )


RULE: Rule[DomainCase, Answer | Absent] = Rule(
    id="tls-rpt-record-invalid",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.WARNING,
    title="the TLS-RPT record is malformed, or there are several",
    references=("RFC 8460 3",),
    reads=(PlainRecord.TLS_RPT, Item.NO_HOSTS),
    after=("dnssec-bogus", "mx-missing", "mx-null", "tls-rpt-missing"),
    find=find,
    check=check,
)
