"""The MTA-STS policy is not enforced: its mode is testing or none.

## Why it matters

In testing mode senders report what is wrong and deliver all the same, also to an attacker in the
network. Under `mode: none` they do not even report: it is the mode for giving up MTA-STS.

## Repair

Read the TLS reports (`tls-rpt-missing`) for some weeks. Once they show no failures, set `mode:
enforce` in the policy, and change the `id` in the record. If the domain gives up MTA-STS, keep
`mode: none` until the `max_age` of the policy before has passed; then remove the record and the
policy (RFC 8461 8.3).
"""

from mxcheck.evidence.items import OF_MTA_STS
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.sts_policies import Obeyed, the_sts_policies
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.mta_sts import Mode


def check(policies: tuple[Obeyed, ...], case: DomainCase) -> Pass | Fail:
    """Judge the mode of the policy, of several that of the least strict."""
    name, weakest = display_domain(case.domain.name), policies[-1]
    renew = f"then change the id in the TXT record `_mta-sts.{case.domain.name}`"
    match weakest.policy.mode:
        case Mode.ENFORCE:
            return Pass(message=f"the MTA-STS policy of {name} is enforced")
        case Mode.TESTING:
            return Fail(
                message=(
                    f"the MTA-STS policy of {name}{weakest.at} has the mode testing: senders report"
                    " failures and deliver all the same"
                ),
                remedy=f"Once TLS reports show no failures, set `mode: enforce`; {renew}.",
                at_most=Level.WARNING,
            )
        case Mode.NONE:
            # RFC 8461 5: as though there were no policy, so that it is an error if one is required.
            return Fail(
                message=(
                    f"the MTA-STS policy of {name}{weakest.at} has the mode none: senders treat the"
                    " domain as one without MTA-STS"
                ),
                remedy=(
                    f"Set `mode: testing`, and later `enforce`; {renew}. Or remove the record and"
                    " the policy, once the max_age of the one before has passed."
                ),
            )


RULE: Rule[DomainCase, tuple[Obeyed, ...]] = Rule(
    id="mta-sts-not-enforced",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.WARNING,
    title="the MTA-STS policy is not enforced",
    references=("RFC 8461 5",),
    reads=OF_MTA_STS,
    after=("mta-sts-policy-invalid",),
    no_effect_of="mta-sts",
    find=the_sts_policies,
    check=check,
)
