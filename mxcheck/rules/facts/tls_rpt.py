"""Find a domain's TLS-RPT record, and whether anything calls for one."""

from mxcheck.evidence.dns import Absent, Answer
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.records import PlainRecord
from mxcheck.rules.base import DomainCase, Missing, NotApplicable, Unknown
from mxcheck.rules.facts.alias import dangling_note, dangling_target
from mxcheck.rules.facts.mta_sts import is_given, publishes_no_record, the_sts_record
from mxcheck.rules.facts.stages import why_no_hosts
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.mta_sts import StsRecord
from mxcheck.wire.tls_rpt import TlsRptRecord, parse_tls_rpt_records
from mxcheck.wire.txt import texts_of
from mxcheck.wire.version_record import Discarded


def the_tls_rpt_lookup(case: DomainCase) -> Answer | Absent | Unknown | NotApplicable:
    """Return what was answered to TXT of `_smtp._tls.DOMAIN`, for a domain that takes mail."""
    if not case.domain.hosts:
        return why_no_hosts(case)
    lookup = case.domain.record(PlainRecord.TLS_RPT)
    if isinstance(lookup, Unseen):
        name = display_domain(case.domain.name)
        return Unknown(
            message=f"whether {name} has a TLS-RPT record is not known: {lookup.detail}",
            remedy=lookup_remedy(lookup),
        )
    return lookup


def parse_tls_rpt(case: DomainCase) -> TlsRptRecord | Malformed | Discarded | None:
    """Return the record of the domain, or what was meant to be one and senders discard."""
    lookup = case.domain.record(PlainRecord.TLS_RPT)
    target = dangling_target(lookup)
    if target:
        domain, danger = case.domain.name, "can receive the reports"
        return Discarded(reason=dangling_note(f"_smtp._tls.{domain}", target, domain, danger))
    return parse_tls_rpt_records(texts_of(lookup))


def why_not_called_for(case: DomainCase) -> NotApplicable | None:
    """Return why nobody would send reports about the domain: neither MTA-STS nor DANE is used."""
    record = the_sts_record(case)
    if isinstance(record, StsRecord) or is_given(case) or _has_tlsa(case):
        return None
    if publishes_no_record(case):
        return NotApplicable(message="neither MTA-STS nor DANE is in use")
    return Missing(message=f"whether MTA-STS is in use is not known: {record.message}")


def _has_tlsa(case: DomainCase) -> bool:
    return any(isinstance(one.lookup, Answer) for host in case.domain.hosts for one in host.tlsa)
