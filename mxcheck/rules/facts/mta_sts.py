"""Find the MTA-STS of a domain: the record, the fetch, the texts of its policies."""

from dataclasses import dataclass, replace

from mxcheck.evidence.dns import Absent, Answer, Lookup
from mxcheck.evidence.mta_sts import PolicyFetch
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.overrides import OverridePolicy
from mxcheck.rules.base import DomainCase, Missing, NotApplicable, Unknown
from mxcheck.rules.facts.alias import dangling_note, dangling_target
from mxcheck.rules.facts.dnssec import is_bogus
from mxcheck.rules.facts.policy_fetch import AddressState, SeenAddress, seen_fetch
from mxcheck.rules.facts.stages import why_no_hosts
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.mta_sts import (
    StsPolicy,
    StsRecord,
    parse_sts_policy,
    parse_sts_records,
    policy_url,
)
from mxcheck.wire.mta_sts_readers import Ambiguity, policy_ambiguities
from mxcheck.wire.txt import texts_of
from mxcheck.wire.version_record import Discarded


def the_sts_lookup(case: DomainCase) -> Answer | Absent | Unknown | NotApplicable:
    """Return what was answered to TXT of `_mta-sts.DOMAIN`, for a domain that takes mail.

    If the lookup failed, it is unknown, since senders may obey a policy of the domain. If there is
    no MX answer either, the rules about MX records own the failure.
    """
    if not case.domain.hosts:
        return why_no_hosts(case)
    record = case.domain.mta_sts.record
    if is_bogus(record):
        message = "the answer for its MTA-STS record fails DNSSEC validation"
        return Missing(message=message)
    if isinstance(record, Unseen):
        name = display_domain(case.domain.name)
        return Unknown(
            message=f"whether {name} has an MTA-STS record is not known: {record.detail}",
            remedy=lookup_remedy(record),
        )
    return record


def parse_sts_lookup(lookup: Lookup, case: DomainCase) -> StsRecord | Malformed | Discarded | None:
    """Return the record that a lookup showed, or what was meant to be one and senders discard."""
    target = dangling_target(lookup)
    if target:
        domain, danger = case.domain.name, "decides what senders read there"
        return Discarded(reason=dangling_note(f"_mta-sts.{domain}", target, domain, danger))
    return parse_sts_records(texts_of(lookup))


def publishes_no_record(case: DomainCase) -> bool:
    """Return whether the domain takes mail and is known to have no MTA-STS record."""
    lookup = the_sts_lookup(case)
    if not isinstance(lookup, Answer | Absent):
        return False
    record = parse_sts_lookup(lookup, case)
    return record is None or isinstance(record, Discarded)


def the_sts_record(case: DomainCase) -> StsRecord | NotApplicable:
    """Return the one valid record, by which senders learn of the policy."""
    lookup = the_sts_lookup(case)
    if isinstance(lookup, NotApplicable):
        return lookup
    if isinstance(lookup, Unknown):
        return Missing(message=lookup.message)
    record = parse_sts_lookup(lookup, case)
    if record is None or isinstance(record, Discarded):
        return Missing(message="there is no MTA-STS record")
    if isinstance(record, Malformed):
        message = "the MTA-STS record is invalid"
        return Missing(message=message)
    return record


def the_fetch(case: DomainCase) -> PolicyFetch | Unknown | NotApplicable:
    """Return the attempt to fetch the policy that the record announces."""
    policy = case.domain.mta_sts.policy
    if isinstance(policy, OverridePolicy):
        return NotApplicable(message="the policy is given, and not published yet")
    record = the_sts_record(case)
    if isinstance(record, NotApplicable):
        return record
    if isinstance(policy, Unseen):
        return Unknown(message=f"the MTA-STS policy was not fetched: {policy.detail}")
    if not policy.answers and any(map(is_bogus, (policy.ipv4, policy.ipv6))):
        message = "the addresses of the policy host fail DNSSEC validation"
        return Missing(message=message)
    return policy


def is_given(case: DomainCase) -> bool:
    """Return whether the policy is one that is about to be published."""
    return isinstance(case.domain.mta_sts.policy, OverridePolicy)


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyText:
    """The text of a policy, from a URL or a file.

    `addresses` are those of the policy host that serve it, none if every address serves the same.
    `others` are texts at some of them that mean the same, but that senders may read differently.
    """

    source: str
    body: bytes
    content_type: str = ""
    addresses: tuple[str, ...] = ()
    others: tuple["PolicyText", ...] = ()

    @property
    def at(self) -> str:
        """Return " at" and the addresses, for use in a message, "" if they do not matter."""
        return f" at {' and '.join(self.addresses)}" if self.addresses else ""


def the_policy_texts(case: DomainCase) -> tuple[PolicyText, ...] | NotApplicable:
    """Return the policy that senders get, in several texts if the addresses serve several."""
    given = case.domain.mta_sts.policy
    if isinstance(given, OverridePolicy):
        text = PolicyText(source=given.path, body=given.body)
        return (text,) if case.domain.hosts else why_no_hosts(case)
    fetch = the_fetch(case)
    if isinstance(fetch, NotApplicable):
        return fetch
    texts = read_texts(fetch, case) if isinstance(fetch, PolicyFetch) else ()
    message = "the MTA-STS policy was not fetched"
    return texts or Missing(message=message)


def read_texts(fetch: PolicyFetch, case: DomainCase) -> tuple[PolicyText, ...]:
    """Return the texts that senders read, the first one of those that mean the same."""
    serving: dict[StsPolicy | bytes, list[SeenAddress]] = {}
    for one in seen_fetch(fetch, case).of(AddressState.READ):
        serving.setdefault(_meaning(one.body), []).append(one)
    source = policy_url(case.domain.name)
    texts = tuple(_with_others(source, found) for found in serving.values())
    return texts if len(texts) > 1 else tuple(replace(text, addresses=()) for text in texts)


def _with_others(source: str, serving: list[SeenAddress]) -> PolicyText:
    """Return the text of addresses whose texts mean the same, with those that may be misread."""
    misread: dict[tuple[Ambiguity, ...], list[SeenAddress]] = {}
    for one in serving:
        misread.setdefault(policy_ambiguities(one.body, one.content_type), []).append(one)
    first, *others = (_text(source, found) for found in misread.values())
    addresses = tuple(one.address for one in serving)
    return replace(first, addresses=addresses, others=tuple(others))


def _text(source: str, serving: list[SeenAddress]) -> PolicyText:
    return PolicyText(
        source=source,
        body=serving[0].body,
        content_type=serving[0].content_type,
        addresses=tuple(one.address for one in serving),
    )


def _meaning(body: bytes) -> StsPolicy | bytes:
    """Parse a text to what it means to senders; a malformed one is returned as it is."""
    policy = parse_sts_policy(body)
    if isinstance(policy, Malformed):
        return body
    return replace(policy, mx_patterns=tuple(sorted(set(policy.mx_patterns))))


def describe_policy(text: PolicyText) -> str:
    """Return what a policy says, in a few words."""
    policy = parse_sts_policy(text.body)
    if isinstance(policy, Malformed):
        return f"malformed ({policy.reason})"
    patterns = ", ".join(policy.mx_patterns) or "no host"
    return f"mode {policy.mode}, max_age {policy.max_age}, mx {patterns}"
