"""Details of the text report: the MTA-STS and TLS-RPT records and the policy of a domain."""

from collections.abc import Iterator

from mxcheck.evidence.dns import Absent, Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import PolicyResponse
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.report.seen import policy_body, was_asked
from mxcheck.wire.txt import texts_of

_MOST_LINES = 40


def policy_facts(domain: Domain) -> Iterator[tuple[str, str]]:
    """Yield the records and policies that were asked for: a word, and what was seen."""
    yield from _records("MTA-STS", domain.mta_sts.record)
    yield from _policy("policy", domain.mta_sts.policy)
    yield from _policy("live policy", domain.mta_sts.remembered)
    yield from _records("TLS-RPT", domain.tls_rpt)


def _records(name: str, lookup: Lookup) -> Iterator[tuple[str, str]]:
    if not was_asked(lookup):
        return
    if isinstance(lookup, Unseen):
        yield name, f"not seen: {lookup.detail} ({lookup.trouble})"
    elif isinstance(lookup, Absent):
        yield name, f"no record ({lookup.absence})"
    for text in texts_of(lookup):
        yield name, text


def _policy(name: str, policy: PolicyResponse | Unseen) -> Iterator[tuple[str, str]]:
    if isinstance(policy, Unseen):
        if policy.trouble is not Trouble.NOT_ASKED:
            yield name, f"not seen: {policy.detail} ({policy.trouble})"
        return
    kind = f", {policy.content_type}" if policy.content_type else ""
    target = f", Location: {policy.location}" if policy.location else ""
    yield name, f"{policy.url} at {policy.address}: status {policy.status}{kind}{target}"
    lines = policy_body(policy).splitlines()
    for line in lines[:_MOST_LINES]:
        yield "", line
    if len(lines) > _MOST_LINES:
        yield "", f"… and {len(lines) - _MOST_LINES} more lines"
