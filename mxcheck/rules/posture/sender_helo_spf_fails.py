"""The name that an address gives in HELO does not pass SPF.

## Why it matters

A bounce has no address in MAIL FROM, so receivers ask about the name in HELO alone. A server whose
name has a record that does not allow it loses its bounces, and receivers that always ask about HELO
refuse the rest too. No record at that name is fine.

The name is taken to be the one whose PTR record leads back to the address.

## Repair

Publish a record at the name of the server that allows its own addresses and nothing else:

    mail.example.com. TXT "v=spf1 a -all"
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    Fail,
    Family,
    Missing,
    NotApplicable,
    Pass,
    Rule,
    Scope,
    SenderCase,
    Unknown,
)
from mxcheck.rules.facts.spf import evaluated_helo, passes, unknown_because
from mxcheck.rules.facts.spf_shown import decided_by
from mxcheck.rules.remedies.spf import publish
from mxcheck.wire.reverse_name import names_leading_back
from mxcheck.wire.spf.check import Evaluation
from mxcheck.wire.spf.terms import Result


def find(case: SenderCase) -> Evaluation | Unknown | NotApplicable:
    """Find what a receiver is told of the name that leads back to the address."""
    names = names_leading_back(case.run.reverse_of(case.sender))
    if not names:
        return Missing(message=f"no name of {case.sender} is known to lead back to it")
    told = evaluated_helo(case)
    if told.unseen:
        message = f"whether {names[0]} passes SPF as the name in HELO is not known"
        return unknown_because(message, told.asked, told.unseen, case)
    return told


def check(told: Evaluation, case: SenderCase) -> Pass | Fail:
    """Judge that the name passes, or has no record."""
    name = names_leading_back(case.run.reverse_of(case.sender))[0]
    if passes(told) or told.result is Result.NONE:
        return Pass(message=f"{name} [{case.sender}] may say its name in HELO: {decided_by(told)}")
    return Fail(
        message=(
            f"{name} [{case.sender}] does not pass SPF with its own name in HELO: the result is"
            f" {told.result}, {decided_by(told)}"
        ),
        remedy=publish(name, "v=spf1 a -all"),
    )


RULE: Rule[SenderCase, Evaluation] = Rule(
    id="sender-helo-spf-fails",
    family=Family.POSTURE,
    scope=Scope.SENDER,
    level=Level.OFF,
    title="the name of a sender in HELO does not pass SPF",
    references=("RFC 7208 2.3", "RFC 7208 2.4"),
    reads=(Item.SENDER_NAMES, Item.SPF_OF_HELO),
    after=("sender-reverse-dns-mismatch",),
    find=find,
    check=check,
)
