"""The MTA-STS policy is malformed or incomplete, or senders read it differently.

## Why it matters

Senders discard a policy that they cannot read. They go on as if there were none, or obey the one
that they fetched before. How much they forgive differs: some skip an empty line, others discard
the whole policy because of it. Of a field that is there twice some take the first and some the
last. If the addresses of the policy host serve different policies, chance decides which one counts.

## Repair

Serve plain text, one `name: value` a line, without empty lines, comments or a byte order mark:

    version: STSv1
    mode: enforce
    mx: mx1.example.com
    mx: *.example.net
    max_age: 604800

Names and values are in lower case as shown (`STSv1` apart), without a space before the colon, and
each field but `mx` is there once. Each MX host has an `mx` line of its own, as an A-label name
without a dot at its end; `*.` matches exactly one label. `max_age` is in seconds, up to 31557600.
Publish the same file at every address of the policy host. Then change the `id` in the record.
"""

from mxcheck.evidence.items import OF_MTA_STS
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.mta_sts import PolicyText, describe_policy, the_policy_texts
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.mta_sts import parse_sts_policy, policy_host
from mxcheck.wire.mta_sts_readers import policy_ambiguities
from mxcheck.wire.tls_rpt import ResultType


def check(texts: tuple[PolicyText, ...], case: DomainCase) -> Pass | Fail:
    """Judge that the policy is well-formed, and that every sender reads the same in it."""
    faults = [fault for text in texts if (fault := _malformed(text))]
    if not faults and len(texts) > 1:
        faults = [_differing(texts, case)]
    ambiguities = [
        (f"the MTA-STS policy at {text.source}{text.at} is read differently: {one.reason}", one)
        for text in (variant for text in texts for variant in (text, *text.others))
        for one in policy_ambiguities(text.body, text.content_type)
    ]
    if not faults and not ambiguities:
        return Pass(message=describe_policy(texts[0]))
    lost = not faults and all(one.is_lost for _, one in ambiguities)
    return Fail(
        message="; ".join([*faults, *(words for words, _ in ambiguities)]),
        remedy=(
            "Correct the policy, then change the id in the TXT record"
            f" `_mta-sts.{case.domain.name}`, so that senders fetch it anew."
        ),
        at_most=Level.WARNING if lost else Level.ERROR,
        result_type=ResultType.STS_POLICY_INVALID,
    )


def _malformed(text: PolicyText) -> str:
    policy = parse_sts_policy(text.body)
    if not isinstance(policy, Malformed):
        return ""
    return f"the MTA-STS policy at {text.source}{text.at} is malformed: {policy.reason}"


def _differing(texts: tuple[PolicyText, ...], case: DomainCase) -> str:
    served = "; ".join(f"{text.at.strip()}: {describe_policy(text)}" for text in texts)
    return f"{policy_host(case.domain.name)} serves different MTA-STS policies: {served}"


RULE: Rule[DomainCase, tuple[PolicyText, ...]] = Rule(
    id="mta-sts-policy-invalid",
    family=Family.MTA_STS,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the MTA-STS policy is malformed or incomplete",
    references=("RFC 8461 3.2",),
    reads=OF_MTA_STS,
    after=("mta-sts-policy-unfetchable",),
    find=the_policy_texts,
    check=check,
)
