"""An address that sends mail of the domain does not pass SPF.

## Why it matters

The addresses in `senders` are those that you know to send. If one of them does not get "pass", its
mail depends on DKIM alone; without a signature it fails DMARC, and receivers refuse it or put it
into the spam folder. With `--zone-file` a change of the record is judged before it is published.

The record is evaluated as a receiver does it, with `postmaster@` the domain in MAIL FROM and, in
HELO, the name that leads back to the address.

## Repair

Add the address to the record, before the term that decides against it. For a service use its
include, which it keeps up to date.
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
from mxcheck.rules.facts.spf import evaluated, exceeds, passes, record_of, tree, unknown_because
from mxcheck.rules.facts.spf_shown import decided_by
from mxcheck.rules.remedies.spf import first_record, network_term, publish, with_first
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.spf.check import Evaluation
from mxcheck.wire.spf.terms import Result


def find(case: SenderCase) -> Evaluation | Unknown | NotApplicable:
    """Find what a receiver is told; an error for every address is of spf-invalid, or of limits."""
    told = evaluated(case)
    if told.unseen:
        message = f"whether {case.sender} may send mail of {case.domain.name} is not known"
        return unknown_because(message, told.asked, told.unseen, case)
    if told.result is Result.PERMERROR:
        root = tree(case)
        if any(root.faults()) or exceeds(root):
            return Missing(message="receivers take the record for an error, whoever sends")
    return told


def check(told: Evaluation, case: SenderCase) -> Pass | Fail:
    """Judge that the address passes."""
    name, sender = display_domain(case.domain.name), case.sender
    if passes(told):
        return Pass(message=f"{sender} may send mail of {name}: {decided_by(told)}")
    record = record_of(tree(case)).text
    new = with_first(record, network_term(sender)) if record else first_record(case)
    return Fail(
        message=(
            f"{sender} sends mail of {name} and does not pass SPF: the result is {told.result},"
            f" {decided_by(told)}"
        ),
        remedy=publish(case.domain.name, new),
    )


RULE: Rule[SenderCase, Evaluation] = Rule(
    id="spf-sender-fails",
    family=Family.POSTURE,
    scope=Scope.SENDER,
    level=Level.ERROR,
    title="an address that sends mail of the domain does not pass SPF",
    references=("RFC 7208 2.6", "RFC 7208 4"),
    reads=(Item.SPF, Item.SPF_OF_SENDERS, Item.SENDER_NAMES),
    also_on_failure=(Item.MX,),
    after=("spf-invalid", "spf-lookups-exceeded"),
    find=find,
    check=check,
)
