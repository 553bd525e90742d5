"""Senders that hold to the MTA-STS policy would refuse this server.

## Why it matters

Under a policy in enforce mode senders deliver only over TLS 1.2 or later, and only where the
certificate is valid, holds the MX host's name and leads to a public root. Otherwise mail waits in
their queues and comes back. They judge by that alone: DANE, which may satisfy the rules about
certificates, does not count here.

## Repair

The rules that say why are named in the message; `mxcheck explain` shows how to repair each of them,
per MTA. Mostly a certificate of a public authority is wanted that holds the exact MX host, for
example `certbot certonly -d mx1.example.com`, served with its intermediates.

Until that is done, `mode: testing` in the policy lets mail through again: senders fetch it when
they see another `id` in the record.
"""

from dataclasses import dataclass

from mxcheck.evidence.items import OF_DANE, OF_MTA_STS, Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    EndpointCase,
    Fail,
    Family,
    Missing,
    NotApplicable,
    Pass,
    Rule,
    Scope,
    Unknown,
)
from mxcheck.rules.facts.sts_policies import Obeyed, level_under, lists_host, the_obeyed_policies
from mxcheck.rules.facts.web_pki import Refusal, web_pki_refusals
from mxcheck.wire.mta_sts import Mode
from mxcheck.wire.tls_rpt import ResultType

_MEANWHILE = " Meanwhile `mode: testing`, with a new id in the record, lets mail through."


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A server held against a policy: why a sender that authenticates would refuse it."""

    held: Obeyed
    refusals: tuple[Refusal, ...]


def find(case: EndpointCase) -> Seen | Unknown | NotApplicable:
    """What the visit to a host that a policy lists showed; of several the strictest counts."""
    held = the_obeyed_policies(case)
    if not isinstance(held, tuple):
        return held
    listing = [one for one in held if lists_host(one.policy, case.host.name)]
    if not listing:
        message = "the MTA-STS policy does not list the host"
        return Missing(message=message)
    strictest = max(listing, key=lambda one: one.policy.mode is Mode.ENFORCE)
    refusals = web_pki_refusals(case)
    return Seen(held=strictest, refusals=refusals) if isinstance(refusals, tuple) else refusals


def check(seen: Seen, case: EndpointCase) -> Pass | Fail:
    """Judge that nothing stands in the way of a sender that holds to the policy (RFC 8461 5)."""
    if not seen.refusals:
        return Pass(message=f"senders that hold to the MTA-STS policy accept {case.where}")
    policy = seen.held.policy
    enforced = policy.mode is Mode.ENFORCE
    would = "" if enforced else " would under enforce"
    reasons = ", ".join(f"{one.rule.title} ({one.rule.id})" for one in seen.refusals)
    rules = " and ".join(one.rule.id for one in seen.refusals)
    return Fail(
        message=(
            f"senders that hold to {seen.held.named(case.domain.name)}{would} refuse {case.where}:"
            f" {reasons}"
        ),
        remedy=f"Repair what {rules} found." + (_MEANWHILE if enforced else ""),
        at_most=level_under(policy),
        result_type=seen.refusals[0].fail.result_type or ResultType.VALIDATION_FAILURE,
    )


RULE: Rule[EndpointCase, Seen] = Rule(
    id="mta-sts-mx-unauthenticated",
    family=Family.MTA_STS,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="senders that hold to the MTA-STS policy would refuse the server",
    references=("RFC 8461 4.2", "RFC 8461 5", "RFC 8461 7.2"),
    reads=(*OF_MTA_STS, Item.VISIT, Item.FAILED_HANDSHAKE, Item.GIVEN_CHAIN),
    if_gathered=OF_DANE,
    after=("mta-sts-mx-unlisted", "mta-sts-policy-invalid", "smtp-ehlo-refused"),
    find=find,
    check=check,
)
