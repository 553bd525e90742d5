"""The MTA-STS policy is malformed or incomplete.

## Why it matters

Senders discard a policy that they cannot read, and go on as if there were none, or hold to the one
that they fetched before. How much they forgive differs: an empty line is skipped by some, and costs
the whole policy with others.

## Repair

Serve plain text, one `name: value` a line, without empty lines, comments or a byte order mark:

    version: STSv1
    mode: enforce
    mx: mx1.example.com
    mx: *.example.net
    max_age: 604800

Names and values are in lower case as shown (`STSv1` apart), without a space before the colon. Each
MX host has an `mx` line of its own, as an A-label name without a dot at its end; `*.` stands for
exactly one label. `max_age` is in seconds, up to 31557600. Then change the `id` in the record.
"""

from mxcheck.evidence.mta_sts import PolicyResponse
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.mta_sts import the_policy_text
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.mta_sts import parse_sts_policy
from mxcheck.wire.tls_rpt import ResultType


def check(response: PolicyResponse, case: DomainCase) -> Pass | Fail:
    """Judge the text of the policy."""
    policy = parse_sts_policy(response.body)
    if isinstance(policy, Malformed):
        return Fail(
            message=f"the MTA-STS policy at {response.url} is malformed: {policy.reason}",
            remedy=(
                "Correct the policy, then change the id in the TXT record"
                f" `_mta-sts.{case.domain.name}`, so that senders fetch it anew."
            ),
            result_type=ResultType.STS_POLICY_INVALID,
        )
    patterns = ", ".join(policy.mx_patterns) or "no host"
    return Pass(message=f"mode {policy.mode}, max_age {policy.max_age}, mx {patterns}")


RULE: Rule[DomainCase, PolicyResponse] = Rule(
    id="mta-sts-policy-invalid",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the MTA-STS policy is malformed or incomplete",
    references=("RFC 8461 3.2",),
    needs=the_policy_text,
    check=check,
)
