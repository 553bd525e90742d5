"""Details of the text report: the MTA-STS and TLS-RPT records and the policy of a domain."""

from collections.abc import Iterator

from mxcheck.evidence.dns import Absent, Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import PolicyAnswer, PolicyFetch, PolicyResponse
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.overrides import OverridePolicy
from mxcheck.evidence.records import PlainRecord
from mxcheck.report.seen import policy_body, was_asked, why_no_response
from mxcheck.wire.mta_sts import policy_url
from mxcheck.wire.txt import texts_of

_MOST_LINES = 40
Fact = tuple[str, str]


def policy_facts(domain: Domain) -> Iterator[Fact]:
    """Yield the records and policies that were asked for: a word, and what was seen."""
    url = policy_url(domain.name)
    yield from record_facts("MTA-STS", domain.mta_sts.record)
    yield from _policy("policy", domain.mta_sts.policy, url)
    yield from _policy("live policy", domain.mta_sts.remembered, url)
    yield from record_facts("TLS-RPT", domain.record(PlainRecord.TLS_RPT))


def record_facts(name: str, lookup: Lookup, where: str = "") -> Iterator[Fact]:
    """Yield what a lookup of TXT records showed, after the words in `where`."""
    if not was_asked(lookup):
        return
    if isinstance(lookup, Unseen):
        yield name, f"{where}not seen: {lookup.detail} ({lookup.trouble})"
    elif isinstance(lookup, Absent):
        yield name, f"{where}no record ({lookup.absence})"
    for text in texts_of(lookup):
        yield name, f"{where}{text}"


def _policy(name: str, seen: PolicyFetch | OverridePolicy | Unseen, url: str) -> Iterator[Fact]:
    match seen:
        case OverridePolicy():
            yield name, f"{seen.path}, not published yet"
            yield from _lines(seen.body)
        case PolicyFetch(answers=answers) if answers:
            for answer in answers:
                yield from _answer(name, answer, url, answers)
        case _:
            trouble = why_no_response(seen)
            if trouble and trouble.trouble is not Trouble.NOT_ASKED:
                yield name, f"not seen: {trouble.detail} ({trouble.trouble})"


def _answer(
    name: str, answer: PolicyAnswer, url: str, answers: tuple[PolicyAnswer, ...]
) -> Iterator[Fact]:
    """Yield what an address showed; a body that an earlier address served is not shown again."""
    where, response = f"{url} at {answer.address}", answer.response
    if answer.trouble:
        yield name, f"{where} not seen: {answer.trouble.detail} ({answer.trouble.trouble})"
    if isinstance(response, PolicyResponse):
        kind = f", {response.content_type}" if response.content_type else ""
        target = f", Location: {response.location}" if response.location else ""
        yield name, f"{where}: status {response.status}{kind}{target}"
        first = next(one for one in answers if _body(one) == response.body)
        if first is answer:
            yield from _lines(response.body)
        elif response.body:
            yield "", f"the same as at {first.address}"


def _body(answer: PolicyAnswer) -> bytes | None:
    return answer.response.body if isinstance(answer.response, PolicyResponse) else None


def _lines(body: bytes) -> Iterator[Fact]:
    lines = policy_body(body).splitlines()
    for line in lines[:_MOST_LINES]:
        yield "", line
    if len(lines) > _MOST_LINES:
        yield "", f"… and {len(lines) - _MOST_LINES} more lines"
