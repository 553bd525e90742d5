"""What was seen of MTA-STS and TLS-RPT, in the shape of the JSON report."""

from datetime import datetime

from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import PolicyAnswer, PolicyFetch, PolicyResponse
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.overrides import OverridePolicy
from mxcheck.evidence.records import PlainRecord
from mxcheck.evidence.smtp import Connection
from mxcheck.report.json.certificate import certificate_json
from mxcheck.report.json.dns import lookup_json
from mxcheck.report.json.model_certificate import CertificateJson
from mxcheck.report.json.model_dns import UnseenJson
from mxcheck.report.json.model_mta_sts import (
    MtaStsJson,
    PolicyAddressJson,
    PolicyHostJson,
    StsPolicyJson,
    TlsRptJson,
)
from mxcheck.report.seen import policy_body, response_shown, was_asked, why_no_response
from mxcheck.wire.mta_sts import (
    StsPolicy,
    StsRecord,
    parse_sts_policy,
    parse_sts_records,
    policy_url,
)
from mxcheck.wire.tls_rpt import TlsRptRecord, parse_tls_rpt_records
from mxcheck.wire.txt import texts_of


def mta_sts_json(domain: Domain, at: datetime) -> MtaStsJson | None:
    """Return a domain's MTA-STS, as of the moment at which it is judged; None if not looked at."""
    seen = domain.mta_sts
    if not was_asked(seen.record):
        return None
    record = parse_sts_records(texts_of(seen.record))
    fetch = seen.policy if isinstance(seen.policy, PolicyFetch) else None
    return MtaStsJson(
        record=lookup_json(seen.record),
        id=record.id if isinstance(record, StsRecord) else None,
        policy=_policy(seen.policy, domain),
        unseen=_unseen(why_no_response(seen.policy)),
        remembered=_policy(seen.remembered, domain),
        policy_host=_policy_host(fetch, domain, at) if fetch else None,
    )


def tls_rpt_json(domain: Domain) -> TlsRptJson | None:
    """Return a domain's TLS-RPT; None if it was not looked at."""
    if not was_asked(domain.record(PlainRecord.TLS_RPT)):
        return None
    record = parse_tls_rpt_records(texts_of(domain.record(PlainRecord.TLS_RPT)))
    return TlsRptJson(
        record=lookup_json(domain.record(PlainRecord.TLS_RPT)),
        rua=record.rua if isinstance(record, TlsRptRecord) else (),
    )


def _policy(seen: PolicyFetch | OverridePolicy | Unseen, domain: Domain) -> StsPolicyJson | None:
    match seen:
        case OverridePolicy():
            response = PolicyResponse(status=200, content_type="text/plain", body=seen.body)
            return _response(response, url=seen.path, address="")
        case PolicyFetch():
            shown = response_shown(seen)
            return _answer(shown, domain) if shown else None
        case Unseen():
            return None


def _policy_host(fetch: PolicyFetch, domain: Domain, at: datetime) -> PolicyHostJson:
    return PolicyHostJson(
        a=lookup_json(fetch.ipv4),
        aaaa=lookup_json(fetch.ipv6),
        addresses=tuple(_address(answer, domain, at) for answer in fetch.answers),
        addresses_left_out=fetch.left_out,
    )


def _address(answer: PolicyAnswer, domain: Domain, at: datetime) -> PolicyAddressJson:
    connection, certificate = answer.connection, certificate_json(answer.chain, at)
    return PolicyAddressJson(
        address=answer.address,
        connect_ms=connection.connect_ms if isinstance(connection, Connection) else None,
        certificate=certificate if isinstance(certificate, CertificateJson) else None,
        policy=_answer(answer, domain),
        unseen=_unseen(answer.trouble),
    )


def _answer(answer: PolicyAnswer, domain: Domain) -> StsPolicyJson | None:
    if isinstance(answer.response, Unseen):
        return None
    return _response(answer.response, url=policy_url(domain.name), address=answer.address)


def _response(response: PolicyResponse, *, url: str, address: str) -> StsPolicyJson:
    policy = parse_sts_policy(response.body)
    valid = policy if isinstance(policy, StsPolicy) else None
    return StsPolicyJson(
        url=url,
        address=address,
        status=response.status,
        content_type=response.content_type or None,
        content_encoding=response.content_encoding or None,
        location=response.location or None,
        body=policy_body(response.body),
        mode=valid.mode if valid else None,
        max_age=valid.max_age if valid else None,
        mx=valid.mx_patterns if valid else (),
    )


def _unseen(trouble: Unseen | None) -> UnseenJson | None:
    if trouble is None or trouble.trouble is Trouble.NOT_ASKED:
        return None
    return UnseenJson(trouble=trouble.trouble, detail=trouble.detail)
