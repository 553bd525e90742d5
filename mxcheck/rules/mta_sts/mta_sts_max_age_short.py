"""The MTA-STS policy is kept for less than a week.

## Why it matters

Senders keep a policy for `max_age` seconds. It protects only the mail of senders that have it when
an attack begins; an attacker who can keep them from fetching it only has to wait until theirs
expires. RFC 8461 expects weeks or more.

## Repair

Set `max_age: 604800` (a week) or more, once the reports show no failures; `max_age: 2592000` is 30
days, 31557600 is the maximum. A long time does not get in the way when MX hosts change: list the
new host first, change the `id` in the record, and wait a day.
"""

from mxcheck.evidence.items import OF_MTA_STS
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.duration import duration
from mxcheck.rules.facts.sts_policies import Obeyed, the_applied_policies
from mxcheck.wire.domain_name import display_domain

WEEK = 7 * 24 * 60 * 60


def check(policies: tuple[Obeyed, ...], case: DomainCase) -> Pass | Fail:
    """Judge for how long senders keep the policy, of several the one with the shortest time."""
    shortest = min(policies, key=lambda one: one.policy.max_age)
    max_age = shortest.policy.max_age
    if max_age >= WEEK:
        return Pass(message=f"senders keep the MTA-STS policy for {duration(max_age)}")
    name = display_domain(case.domain.name)
    return Fail(
        message=(
            f"the MTA-STS policy of {name}{shortest.at} has max_age {max_age}: senders keep it for"
            f" {duration(max_age)}, which is less than a week"
        ),
        remedy=(
            f"Set `max_age: {WEEK}` (a week) or more in the policy, then change the id in the TXT"
            f" record `_mta-sts.{case.domain.name}`."
        ),
    )


RULE: Rule[DomainCase, tuple[Obeyed, ...]] = Rule(
    id="mta-sts-max-age-short",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.WARNING,
    title="the MTA-STS policy is kept for less than a week",
    references=("RFC 8461 3.2", "RFC 8461 10.2"),
    # RFC 8461 8.3: under mode none, which gives MTA-STS up, it is meant to be short.
    reads=OF_MTA_STS,
    after=("mta-sts-policy-invalid",),
    find=the_applied_policies,
    check=check,
)
