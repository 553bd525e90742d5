"""The JSON report, schema version 1."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date

import mxcheck
from mxcheck.evidence.domain import Domain, Evidence, MxHost
from mxcheck.judge.verdict import DomainVerdict, Result, Verdict
from mxcheck.model.policy import DEFAULT_CERT_DAYS, Policy
from mxcheck.report.escape import for_json
from mxcheck.report.json.certificate import certificate_json
from mxcheck.report.json.dane import dane_json
from mxcheck.report.json.dns import dns_json, resolver_json
from mxcheck.report.json.encode import json_text
from mxcheck.report.json.endpoint import endpoint_json
from mxcheck.report.json.model import (
    DomainJson,
    MxJson,
    ReportJson,
    ResultJson,
    SubjectJson,
    ToolJson,
    WaivedJson,
)
from mxcheck.report.json.model_certificate import CertificateJson
from mxcheck.report.json.mta_sts import mta_sts_json, tls_rpt_json
from mxcheck.report.seen import moment


def render_json(verdict: Verdict) -> str:
    """Render the JSON report, in ASCII only, with a final line feed."""
    return json_text(_inert(report_json(verdict)))


def report_json(verdict: Verdict) -> ReportJson:
    """Build the report of the whole run."""
    evidence = verdict.evidence
    return ReportJson(
        tool=ToolJson(name="mxcheck", version=mxcheck.__version__),
        started_at=moment(evidence.observed_at),
        finished_at=moment(evidence.finished_at),
        verdict=verdict.conclusion,
        exit_code=verdict.exit_code,
        notes=verdict.notes,
        waiver_notes=verdict.waiver_notes,
        what_ifs=tuple(one.name for one in evidence.overrides),
        policy=_policy(verdict.policy),
        counts=verdict.counts(),
        resolvers=tuple(map(resolver_json, evidence.resolvers)),
        domains=_domains(verdict),
    )


def _policy(policy: Policy) -> dict[str, object]:
    applied = {field.name: getattr(policy, field.name) for field in fields(policy)}
    if policy.min_cert_days is None and policy.min_cert_lifetime is None:
        applied["min_cert_days"] = DEFAULT_CERT_DAYS
    return applied


def _domains(verdict: Verdict) -> tuple[DomainJson, ...]:
    """Build every domain; a transcript of a shared visit is with the first of them only."""
    shown: set[tuple[str, str]] = set()
    return tuple(_domain(domain, verdict.evidence, shown) for domain in verdict.domains)


def _domain(verdict: DomainVerdict, evidence: Evidence, shown: set[tuple[str, str]]) -> DomainJson:
    domain = verdict.domain
    return DomainJson(
        domain=domain.name,
        verdict=verdict.conclusion,
        policy=_policy(verdict.policy),
        mx=tuple(_mx(host, domain, evidence, shown) for host in domain.hosts),
        dns=dns_json(domain, evidence),
        dane=dane_json(domain),
        mta_sts=mta_sts_json(domain, evidence.observed_at),
        tls_rpt=tls_rpt_json(domain),
        results=tuple(map(_result, verdict.results)),
    )


def _mx(host: MxHost, domain: Domain, evidence: Evidence, shown: set[tuple[str, str]]) -> MxJson:
    given = certificate_json(host.chain.chain if host.chain else (), evidence.observed_at)
    endpoints = []
    for address in host.addresses:
        visit = evidence.visit(host.name, address)
        if (host.name, address) in shown:
            visit = replace(visit, transcript=())
        shown.add((host.name, address))
        endpoints.append(endpoint_json(visit, domain.name, evidence.observed_at))
    return MxJson(
        host=host.name,
        preference=host.preference,
        endpoints=tuple(endpoints),
        addresses_left_out=host.left_out,
        given_certificate=given if isinstance(given, CertificateJson) else None,
    )


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
        result_type=result.result_type,
        what_ifs=result.overrides,
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
