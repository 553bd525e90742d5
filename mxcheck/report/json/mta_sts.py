"""What was seen of MTA-STS and TLS-RPT, in the shape of the JSON report."""

from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import PolicyResponse
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.report.json.dns import lookup_json
from mxcheck.report.json.model_dns import UnseenJson
from mxcheck.report.json.model_mta_sts import MtaStsJson, StsPolicyJson, TlsRptJson
from mxcheck.report.seen import policy_body, was_asked
from mxcheck.wire.mta_sts import StsPolicy, StsRecord, parse_sts_policy, parse_sts_records
from mxcheck.wire.tls_rpt import TlsRptRecord, parse_tls_rpt_records
from mxcheck.wire.txt import texts_of


def mta_sts_json(domain: Domain) -> MtaStsJson | None:
    """A domain's MTA-STS; None where it was not looked at."""
    seen = domain.mta_sts
    if not was_asked(seen.record):
        return None
    record = parse_sts_records(texts_of(seen.record))
    return MtaStsJson(
        record=lookup_json(seen.record),
        id=record.id if isinstance(record, StsRecord) else None,
        policy=_policy(seen.policy) if isinstance(seen.policy, PolicyResponse) else None,
        unseen=_unseen(seen.policy) if isinstance(seen.policy, Unseen) else None,
        remembered=(
            _policy(seen.remembered) if isinstance(seen.remembered, PolicyResponse) else None
        ),
    )


def tls_rpt_json(domain: Domain) -> TlsRptJson | None:
    """A domain's TLS-RPT; None where it was not looked at."""
    if not was_asked(domain.tls_rpt):
        return None
    record = parse_tls_rpt_records(texts_of(domain.tls_rpt))
    return TlsRptJson(
        record=lookup_json(domain.tls_rpt),
        rua=record.rua if isinstance(record, TlsRptRecord) else (),
    )


def _policy(response: PolicyResponse) -> StsPolicyJson:
    policy = parse_sts_policy(response.body)
    valid = policy if isinstance(policy, StsPolicy) else None
    return StsPolicyJson(
        url=response.url,
        address=response.address,
        status=response.status,
        content_type=response.content_type or None,
        location=response.location or None,
        body=policy_body(response),
        mode=valid.mode if valid else None,
        max_age=valid.max_age if valid else None,
        mx=valid.mx_patterns if valid else (),
    )


def _unseen(policy: Unseen) -> UnseenJson | None:
    if policy.trouble is Trouble.NOT_ASKED:
        return None
    return UnseenJson(trouble=policy.trouble, detail=policy.detail)
