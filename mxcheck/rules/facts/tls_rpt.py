"""Where rules find a domain's TLS-RPT record, and whether anything calls for one."""

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.records import PlainRecord
from mxcheck.rules.base import DomainCase, Missing, NotApplicable
from mxcheck.rules.facts.mta_sts import is_given, publishes_no_record, the_sts_record
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.mta_sts import StsRecord
from mxcheck.wire.tls_rpt import TlsRptRecord, parse_tls_rpt_records
from mxcheck.wire.txt import texts_of


def parse_tls_rpt(case: DomainCase) -> TlsRptRecord | Malformed | None:
    """The record of the domain, as far as it was seen."""
    return parse_tls_rpt_records(texts_of(case.domain.record(PlainRecord.TLS_RPT)))


def why_not_called_for(case: DomainCase) -> NotApplicable | None:
    """Why nobody would send reports about the domain: they are about MTA-STS and DANE."""
    record = the_sts_record(case)
    given = is_given(case)
    if isinstance(record, StsRecord) or given or _has_tlsa(case):
        return None
    if publishes_no_record(case):
        return NotApplicable(message="neither MTA-STS nor DANE is in use")
    return Missing(message=f"whether MTA-STS is in use is not known: {record.message}")


def _has_tlsa(case: DomainCase) -> bool:
    return any(isinstance(one.lookup, Answer) for host in case.domain.hosts for one in host.tlsa)
