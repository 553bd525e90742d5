"""The JSON report, schema version 1."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date

import mxcheck
from mxcheck.evidence.domain import Domain, Evidence, MxHost
from mxcheck.policy import DEFAULT_CERT_DAYS, Policy
from mxcheck.report.escape import for_json
from mxcheck.report.json_endpoint import endpoint_json, lookup_json
from mxcheck.report.json_model import (
    DnsJson,
    DomainJson,
    HostDnsJson,
    MxJson,
    ReportJson,
    ResultJson,
    SubjectJson,
    ToolJson,
    WaivedJson,
)
from mxcheck.report.seen import moment
from mxcheck.verdict import DomainVerdict, Result, Verdict


def render_json(verdict: Verdict) -> str:
    """The JSON report, in ASCII alone, with a line feed at its end."""
    document = _inert(report_json(verdict))
    text = json.dumps(document, ensure_ascii=True, indent=2)
    # A report on stdout is part of a CI log, where "##[name]" in a line may be taken for a command.
    return text.replace("##", r"#\u0023") + "\n"


def report_json(verdict: Verdict) -> ReportJson:
    """The whole run in the shape of the report."""
    evidence = verdict.evidence
    return ReportJson(
        tool=ToolJson(name="mxcheck", version=mxcheck.__version__),
        started_at=moment(evidence.observed_at),
        finished_at=moment(evidence.finished_at),
        verdict=verdict.conclusion,
        exit_code=verdict.exit_code,
        notes=verdict.notes,
        waiver_notes=verdict.waiver_notes,
        policy=_policy(verdict.policy),
        counts=verdict.counts(),
        domains=tuple(_domain(domain, evidence) for domain in verdict.domains),
    )


def _policy(policy: Policy) -> dict[str, object]:
    applied = {field.name: getattr(policy, field.name) for field in fields(policy)}
    if policy.min_cert_days is None:
        applied["min_cert_days"] = DEFAULT_CERT_DAYS
    return applied


def _domain(verdict: DomainVerdict, evidence: Evidence) -> DomainJson:
    domain = verdict.domain
    return DomainJson(
        domain=domain.name,
        verdict=verdict.conclusion,
        mx=tuple(_mx(host, domain, evidence) for host in domain.hosts),
        dns=DnsJson(mx=lookup_json(domain.mx), hosts=tuple(map(_host_dns, domain.hosts))),
        results=tuple(map(_result, verdict.results)),
    )


def _mx(host: MxHost, domain: Domain, evidence: Evidence) -> MxJson:
    visits = (evidence.visit(host.name, address) for address in host.addresses)
    return MxJson(
        host=host.name,
        preference=host.preference,
        endpoints=tuple(
            endpoint_json(visit, domain.name, evidence.observed_at) for visit in visits
        ),
        addresses_left_out=host.left_out,
    )


def _host_dns(host: MxHost) -> HostDnsJson:
    return HostDnsJson(host=host.name, a=lookup_json(host.ipv4), aaaa=lookup_json(host.ipv6))


def _result(result: Result) -> ResultJson:
    waiver = result.waiver
    return ResultJson(
        rule=result.rule.id,
        level=result.level,
        outcome=result.outcome,
        subject=SubjectJson(mx=result.subject.mx, address=result.subject.address),
        message=result.message,
        remedy=result.remedy,
        waived=WaivedJson(until=waiver.until.isoformat(), reason=waiver.reason) if waiver else None,
        blocks=result.blocks,
    )


def _inert(value: object) -> object:
    match value:
        case str():
            return for_json(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {for_json(str(key)): _inert(item) for key, item in value.items()}
        case tuple():
            return [_inert(item) for item in value]
        case _ if is_dataclass(value):
            return {field.name: _inert(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value
