"""Senders that obey the MTA-STS policy would refuse this server.

## Why it matters

Under a policy in enforce mode senders deliver only over TLS 1.2 or later, and only if the
certificate is valid, contains the MX host's name and leads to a public root. Otherwise mail waits
in their queues and comes back. DANE, which may satisfy the rules about certificates, does not
count here.

## Repair

The message names the rules that say why; `mxcheck explain` shows how to repair each of them, per
MTA. Mostly the server needs a certificate of a public authority for the exact MX host, for example
`certbot certonly -d mx1.example.com`, and has to send it with its intermediates.

Until then `mode: testing` in the policy lets mail through: senders fetch it when they see another
`id` in the record.
"""

from mxcheck.evidence.items import OF_CHAINS, OF_DANE, OF_MTA_STS, Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.sts_policies import level_under
from mxcheck.rules.facts.sts_refusals import StsRefusals, the_sts_refusals
from mxcheck.wire.mta_sts import Mode
from mxcheck.wire.tls_rpt import ResultType

_MEANWHILE = " Meanwhile `mode: testing`, with a new id in the record, lets mail through."


def check(seen: StsRefusals, case: EndpointCase) -> Pass | Fail:
    """Judge that senders that obey the policy deliver to the server (RFC 8461 5)."""
    if not seen.refusals:
        return Pass(message=f"senders that obey the MTA-STS policy accept {case.where}")
    policy = seen.obeyed.policy
    enforced = policy.mode is Mode.ENFORCE
    would = "" if enforced else " would under enforce"
    reasons = ", ".join(f"{one.rule.title} ({one.rule.id})" for one in seen.refusals)
    rules = " and ".join(one.rule.id for one in seen.refusals)
    return Fail(
        message=(
            f"senders that obey {seen.obeyed.named(case.domain.name)}{would} refuse {case.where}:"
            f" {reasons}"
        ),
        remedy=f"Repair what {rules} found." + (_MEANWHILE if enforced else ""),
        at_most=level_under(policy),
        result_type=seen.refusals[0].fail.result_type or ResultType.VALIDATION_FAILURE,
    )


RULE: Rule[EndpointCase, StsRefusals] = Rule(
    id="mta-sts-mx-unauthenticated",
    family=Family.MTA_STS,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="senders that obey the MTA-STS policy would refuse the server",
    references=("RFC 8461 4.2", "RFC 8461 5", "RFC 8461 7.2"),
    reads=(*OF_MTA_STS, *OF_CHAINS, Item.FAILED_HANDSHAKE),
    if_gathered=OF_DANE,
    after=("mta-sts-mx-unlisted", "mta-sts-policy-invalid", "smtp-ehlo-refused"),
    find=the_sts_refusals,
    check=check,
)
