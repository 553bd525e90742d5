"""Where rules find a domain's MTA-STS, in the order of causes: record, response, policy."""

from dataclasses import dataclass

from mxcheck.evidence.dns import Absent, Answer, Lookup
from mxcheck.evidence.mta_sts import MtaSts, PolicyResponse
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, NotApplicable, Unknown
from mxcheck.rules.facts.dnssec import is_bogus
from mxcheck.rules.facts.policy_fetch import ABOUT_US, fetch_fault
from mxcheck.rules.facts.stages import is_passed_over, not_gathered, why_no_hosts
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.mta_sts import (
    Mode,
    StsPolicy,
    StsRecord,
    matches_mx,
    parse_sts_policy,
    parse_sts_records,
)
from mxcheck.wire.txt import texts_of


def the_sts_lookup(case: DomainCase) -> Answer | Absent | Unknown | NotApplicable:
    """What was answered to TXT of `_mta-sts.DOMAIN`, for a domain that takes mail.

    Trouble in the lookup is unknown: a policy that senders hold to may stand behind it. It does not
    let a run end with 3 for the same trouble twice, since without an MX answer there is nothing to
    promise anything about.
    """
    if not case.domain.hosts:
        return why_no_hosts(case)
    record = case.domain.mta_sts.record
    if is_bogus(record):
        message = "the answer for its MTA-STS record fails DNSSEC validation"
        return NotApplicable(message=message, owner="dnssec-bogus")
    if isinstance(record, Unseen):
        name = display_domain(case.domain.name)
        return Unknown(
            message=f"whether {name} has an MTA-STS record is not known: {record.detail}",
            remedy=lookup_remedy(record),
        )
    return record


def parse_sts_lookup(lookup: Lookup) -> StsRecord | Malformed | None:
    """The record that a lookup showed."""
    return parse_sts_records(texts_of(lookup))


def the_sts_record(case: DomainCase) -> StsRecord | NotApplicable:
    """The one valid record, by which senders learn that there is a policy."""
    lookup = the_sts_lookup(case)
    if isinstance(lookup, NotApplicable):
        return lookup
    if isinstance(lookup, Unknown):
        return NotApplicable(message=lookup.message, owner="mta-sts-record-invalid")
    record = parse_sts_lookup(lookup)
    if record is None:
        return NotApplicable(message="there is no MTA-STS record", owner="mta-sts-missing")
    if isinstance(record, Malformed):
        message = "the MTA-STS record is invalid"
        return NotApplicable(message=message, owner="mta-sts-record-invalid")
    return record


def the_fetch(case: DomainCase) -> MtaSts | Unknown | NotApplicable:
    """The attempt to fetch the policy, where it says something about the policy host."""
    if is_given(case.domain.mta_sts.policy):
        return NotApplicable(message="the policy is given, and not published yet")
    record = the_sts_record(case)
    if isinstance(record, NotApplicable):
        return record
    policy = case.domain.mta_sts.policy
    if is_bogus(policy):
        message = "the addresses of the policy host fail DNSSEC validation"
        return NotApplicable(message=message, owner="dnssec-bogus")
    if isinstance(policy, Unseen) and policy.trouble in ABOUT_US:
        return Unknown(
            message=f"the MTA-STS policy was not fetched: {policy.detail}",
            remedy=ABOUT_US[policy.trouble],
        )
    if isinstance(policy, Unseen) and is_passed_over(policy, case):
        return not_gathered(policy)
    return case.domain.mta_sts


def is_given(policy: PolicyResponse | Unseen) -> bool:
    """Whether it is a policy that is about to be published, and not one that was fetched."""
    return isinstance(policy, PolicyResponse) and not policy.address


def the_policy_text(case: DomainCase) -> PolicyResponse | NotApplicable:
    """The response in which the policy came, or the policy that is about to be published."""
    given = case.domain.mta_sts.policy
    if isinstance(given, PolicyResponse) and is_given(given):
        return given if case.domain.hosts else why_no_hosts(case)
    fetch = the_fetch(case)
    if isinstance(fetch, NotApplicable):
        return fetch
    if isinstance(fetch, Unknown) or isinstance(fetch.policy, Unseen) or fetch_fault(fetch.policy):
        message = "the MTA-STS policy was not fetched"
        return NotApplicable(message=message, owner="mta-sts-policy-unfetchable")
    return fetch.policy


def the_sts_policy(case: DomainCase) -> StsPolicy | NotApplicable:
    """The valid policy, whatever its mode."""
    response = the_policy_text(case)
    if isinstance(response, NotApplicable):
        return response
    policy = parse_sts_policy(response.body)
    if isinstance(policy, Malformed):
        message = "the MTA-STS policy is malformed"
        return NotApplicable(message=message, owner="mta-sts-policy-invalid")
    return policy


def the_applied_policy(case: DomainCase) -> StsPolicy | NotApplicable:
    """The policy, where senders apply it: under mode none they hold to nothing (RFC 8461 5)."""
    policy = the_sts_policy(case)
    if isinstance(policy, StsPolicy) and policy.mode is Mode.NONE:
        return NotApplicable(message="the MTA-STS policy has the mode none")
    return policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A policy that senders hold to; remembered: one that a change takes from under them."""

    policy: StsPolicy
    is_remembered: bool = False

    def named(self, domain: str) -> str:
        """The policy, in the middle of a sentence."""
        now = " that is published now" if self.is_remembered else ""
        return f"the MTA-STS policy of {domain}{now} (mode {self.policy.mode})"


def the_held_policies(case: DomainCase) -> tuple[Held, ...] | Unknown | NotApplicable:
    """Every policy to which some senders hold, the one that new ones fetch first."""
    applied, remembered = the_applied_policy(case), _the_remembered(case)
    if isinstance(remembered, Unknown):
        return remembered
    if isinstance(applied, NotApplicable):
        return (remembered,) if remembered else applied
    return (Held(policy=applied), *([remembered] if remembered else []))


def _the_remembered(case: DomainCase) -> Held | Unknown | None:
    """What senders hold to that fetched the live policy before (RFC 8461 3.1, 5.1)."""
    response = case.domain.mta_sts.remembered
    if isinstance(response, Unseen) and response.trouble is Trouble.NOT_ASKED:
        return None
    fault = fetch_fault(response)
    if isinstance(response, Unseen) or fault:
        return Unknown(
            message=f"whether senders hold to the MTA-STS policy of {case.domain.name} that is"
            f" published now is not known, for it was not fetched: {fault}",
            remedy="Keep the record, or publish a policy of `mode: none` first (RFC 8461 8.3).",
        )
    policy = parse_sts_policy(response.body)
    if isinstance(policy, StsPolicy) and policy.mode is not Mode.NONE:
        return Held(policy=policy, is_remembered=True)
    return None


def lists_host(policy: StsPolicy, host: str) -> bool:
    """Whether one of the policy's patterns allows an MX host (RFC 8461 4.1)."""
    return any(matches_mx(pattern, host) for pattern in policy.mx_patterns)


def level_under(policy: StsPolicy) -> Level:
    """The highest level of a failure: in testing mode senders deliver all the same."""
    return Level.ERROR if policy.mode is Mode.ENFORCE else Level.WARNING


def sts_mode(case: DomainCase) -> Mode | None:
    """What senders apply to the domain: NONE where there is no record; None where it is not known.

    A record or a policy that is broken says nothing: senders may hold to one that they fetched
    before (RFC 8461 3.3).
    """
    policy, remembered = the_sts_policy(case), _the_remembered(case)
    if isinstance(policy, StsPolicy):
        return policy.mode
    if policy.owner != "mta-sts-missing" or isinstance(remembered, Unknown):
        return None
    return remembered.policy.mode if remembered else Mode.NONE
