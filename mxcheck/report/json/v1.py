"""The JSON report, schema version 1."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date

import mxcheck
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.judge.verdict import DomainVerdict, Result, Verdict
from mxcheck.model.policy import DEFAULT_CERT_DAYS, Policy
from mxcheck.report.escape import for_json
from mxcheck.report.json.certificate import certificate_json
from mxcheck.report.json.dane import dane_json
from mxcheck.report.json.dns import dns_json, resolver_json
from mxcheck.report.json.encode import stream_text
from mxcheck.report.json.endpoint import endpoint_json
from mxcheck.report.json.model import (
    DomainJson,
    MxJson,
    ReportJson,
    ResultJson,
    RunJson,
    SubjectJson,
    ToolJson,
    WaivedJson,
)
from mxcheck.report.json.model_certificate import CertificateJson
from mxcheck.report.json.mta_sts import mta_sts_json, tls_rpt_json
from mxcheck.report.json.posture import dkim_json, dmarc_json
from mxcheck.report.seen import moment

_DOMAINS = "@domains"


def render_json(verdict: Verdict) -> Iterator[str]:
    """Render the JSON report, in ASCII only, with a final line feed; one domain at a time."""
    document = _inert(report_json(verdict, domains=()))
    assert isinstance(document, dict)  # noqa: S101 - it was made from a dataclass
    document["domains"] = [_DOMAINS]
    return stream_text(document, _DOMAINS, map(_inert, domains_json(verdict)))


def report_json(verdict: Verdict, domains: tuple[DomainJson, ...]) -> ReportJson:
    """Build the report of the whole run, with these domains in it."""
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
        runs=tuple(map(_run, evidence.runs)),
        domains=domains,
    )


def _run(run: Run) -> RunJson:
    return RunJson(
        started_at=moment(run.observed_at),
        finished_at=moment(run.finished_at),
        resolvers=tuple(one.name for one in run.resolvers),
        via=run.via,
    )


def _policy(policy: Policy) -> dict[str, object]:
    applied = {field.name: getattr(policy, field.name) for field in fields(policy)}
    if policy.min_cert_days is None and policy.min_cert_lifetime is None:
        applied["min_cert_days"] = DEFAULT_CERT_DAYS
    return applied


def domains_json(verdict: Verdict) -> Iterator[DomainJson]:
    """Build every domain; a transcript of a shared visit is with the first of them only."""
    shown: set[tuple[str, str]] = set()
    for domain in verdict.domains:
        yield _domain(domain, shown)


def _domain(verdict: DomainVerdict, shown: set[tuple[str, str]]) -> DomainJson:
    domain, run = verdict.domain, verdict.run
    return DomainJson(
        domain=verdict.name,
        verdict=verdict.conclusion,
        policy=_policy(verdict.policy),
        mx=tuple(_mx(host, domain, run, shown) for host in domain.hosts),
        dns=dns_json(domain, run),
        dane=dane_json(domain),
        mta_sts=mta_sts_json(domain, run.observed_at),
        tls_rpt=tls_rpt_json(domain),
        dmarc=dmarc_json(domain),
        dkim=dkim_json(domain),
        results=tuple(map(_result, verdict.results)),
    )


def _mx(host: MxHost, domain: Domain, run: Run, shown: set[tuple[str, str]]) -> MxJson:
    given = certificate_json(host.chain.chain if host.chain else (), run.observed_at)
    endpoints = []
    for address in host.addresses:
        visit = run.visit(host.name, address)
        if (host.name, address) in shown:
            visit = replace(visit, transcript=())
        shown.add((host.name, address))
        endpoints.append(endpoint_json(visit, domain.name, run.observed_at))
    return MxJson(
        host=host.name,
        preference=host.preference,
        endpoints=tuple(endpoints),
        addresses_left_out=host.left_out,
        given_certificate=given if isinstance(given, CertificateJson) else None,
    )


def _result(result: Result) -> ResultJson:
    waiver, parts = result.waiver, result.subject.named
    return ResultJson(
        rule=result.rule.id,
        level=result.level,
        outcome=result.outcome,
        subject=SubjectJson(
            mx=parts.get("mx"),
            address=parts.get("address"),
            sender=parts.get("sender"),
            selector=parts.get("selector"),
        ),
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
