"""The part of the JSON report about DANE."""

from mxcheck.evidence.dns import TlsaLookup
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.report.json.dns import lookup_json, recheck_json
from mxcheck.report.json.model_dane import CandidateJson, DaneJson, HostDaneJson, TlsaJson
from mxcheck.report.seen import was_asked
from mxcheck.wire.tlsa import MalformedTlsa, Published, parse_tlsa_records, why_unusable


def dane_json(domain: Domain) -> DaneJson | None:
    """Describe the TLSA records of the MX hosts; None if they were not looked up."""
    if not any(host.tlsa for host in domain.hosts):
        return None
    return DaneJson(hosts=tuple(map(_host, domain.hosts)))


def _host(host: MxHost) -> HostDaneJson:
    return HostDaneJson(
        host=host.name,
        alias=lookup_json(host.alias) if was_asked(host.alias) else None,
        candidates=tuple(map(_candidate, host.tlsa)),
    )


def _candidate(seen: TlsaLookup) -> CandidateJson:
    return CandidateJson(
        base=seen.base,
        name=seen.name,
        lookup=lookup_json(seen.lookup),
        recheck=recheck_json(seen.lookup),
        records=tuple(map(_record, parse_tlsa_records(seen.lookup))),
    )


def _record(record: Published) -> TlsaJson:
    unusable = why_unusable(record) or None
    if isinstance(record, MalformedTlsa):
        return TlsaJson(
            usage=None, selector=None, matching_type=None, data=record.text, unusable=unusable
        )
    return TlsaJson(
        usage=record.usage,
        selector=record.selector,
        matching_type=record.matching_type,
        data=record.data.hex(),
        unusable=unusable,
    )
