"""The MTA-STS policies that senders obey: those that they fetch, and those that they remember."""

from collections.abc import Iterable
from dataclasses import dataclass

from mxcheck.evidence.mta_sts import PolicyFetch
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Missing, NotApplicable, Unknown
from mxcheck.rules.facts.mta_sts import (
    PolicyText,
    is_given,
    publishes_no_record,
    read_texts,
    the_policy_texts,
)
from mxcheck.rules.facts.policy_fetch import seen_fetch
from mxcheck.wire.mta_sts import Mode, StsPolicy, matches_mx, parse_sts_policy

_FROM_THE_STRICTEST = (Mode.ENFORCE, Mode.TESTING, Mode.NONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Obeyed:
    """A policy that senders obey.

    `at` names the addresses of the policy host that serve it, if others serve another policy.
    `is_remembered` means that it is the live one, and that an override does not reach its senders.
    """

    policy: StsPolicy
    at: str = ""
    is_remembered: bool = False

    def named(self, domain: str) -> str:
        """Return how messages name the policy."""
        now = " that is published now" if self.is_remembered else ""
        return f"the MTA-STS policy of {domain}{now}{self.at} (mode {self.policy.mode})"


def the_sts_policies(case: DomainCase) -> tuple[Obeyed, ...] | NotApplicable:
    """Return the valid policies that senders fetch, whatever their modes, the strictest first."""
    texts = the_policy_texts(case)
    if isinstance(texts, NotApplicable):
        return texts
    message = "the MTA-STS policy is malformed"
    return _valid(texts) or Missing(message=message)


def _valid(texts: Iterable[PolicyText], *, is_remembered: bool = False) -> tuple[Obeyed, ...]:
    parsed = ((text, parse_sts_policy(text.body)) for text in texts)
    held = [
        Obeyed(policy=policy, at=text.at, is_remembered=is_remembered)
        for text, policy in parsed
        if isinstance(policy, StsPolicy)
    ]
    return tuple(sorted(held, key=lambda one: _FROM_THE_STRICTEST.index(one.policy.mode)))


def the_applied_policies(case: DomainCase) -> tuple[Obeyed, ...] | NotApplicable:
    """Return the policies that senders apply: not those of mode none (RFC 8461 5)."""
    policies = the_sts_policies(case)
    if isinstance(policies, NotApplicable):
        return policies
    applied = _without_none(policies)
    return applied or NotApplicable(message="the MTA-STS policy has the mode none")


def _without_none(policies: Iterable[Obeyed]) -> tuple[Obeyed, ...]:
    return tuple(one for one in policies if one.policy.mode is not Mode.NONE)


def the_obeyed_policies(case: DomainCase) -> tuple[Obeyed, ...] | Unknown | NotApplicable:
    """Return every policy that some senders obey, first those that new senders fetch."""
    applied, remembered = the_applied_policies(case), _the_remembered(case)
    if isinstance(remembered, Unknown):
        return remembered
    if isinstance(applied, NotApplicable):
        return remembered or applied
    return (*applied, *remembered)


def _the_remembered(case: DomainCase) -> tuple[Obeyed, ...] | Unknown:
    """Return what senders obey that fetched the live policy before (RFC 8461 3.1, 5.1)."""
    fetch = case.domain.mta_sts.remembered
    if isinstance(fetch, Unseen) and fetch.trouble is Trouble.NOT_ASKED:
        return ()
    texts = read_texts(fetch, case) if isinstance(fetch, PolicyFetch) else ()
    if texts:
        return _without_none(_valid(texts, is_remembered=True))
    return Unknown(
        message=(
            f"whether senders obey the MTA-STS policy of {case.domain.name} that is published now"
            f" is not known, since it was not fetched: {_why_lost(fetch, case)}"
        ),
        remedy="Keep the record, or publish a policy of `mode: none` first (RFC 8461 8.3).",
    )


def _why_lost(fetch: PolicyFetch | Unseen, case: DomainCase) -> str:
    """Return why no policy was read."""
    if isinstance(fetch, Unseen):
        return fetch.detail
    seen = seen_fetch(fetch, case)
    return seen.fault or seen.named(seen.addresses)


def lists_host(policy: StsPolicy, host: str) -> bool:
    """Return whether one of the policy's patterns matches an MX host (RFC 8461 4.1)."""
    return any(matches_mx(pattern, host) for pattern in policy.mx_patterns)


def level_under(policy: StsPolicy) -> Level:
    """Return the highest level of a failure: in testing mode senders deliver all the same."""
    return Level.ERROR if policy.mode is Mode.ENFORCE else Level.WARNING


def sts_mode(case: DomainCase) -> Mode | None:
    """Return the strictest mode that senders apply, NONE if there is no record.

    Return None if it is not known: if the record or the policy is broken, senders may obey one that
    they fetched before (RFC 8461 3.3).
    """
    policies, remembered = the_sts_policies(case), _the_remembered(case)
    if not isinstance(policies, NotApplicable):
        return policies[0].policy.mode
    if is_given(case) or not publishes_no_record(case) or isinstance(remembered, Unknown):
        return None
    return remembered[0].policy.mode if remembered else Mode.NONE
