"""The MX refuses mail for the very domain that names it, in words of relaying.

## Why it matters

Senders that are sent to this MX have their mail returned at once, or must try the next one. It is
the classic fault of a new server, or of a backup MX, which does not know the domain yet. A backup
MX shows it on the day on which the first one is down.

## Repair

Let the server accept the domain:

- Postfix: `mydestination` or `virtual_mailbox_domains` where it delivers, `relay_domains` (with
  `relay_recipient_maps`) where it is a backup.
- Exim: the lists `local_domains` and `relay_to_domains`. OpenSMTPD: a `match … for domain` rule.
- Exchange: `New-AcceptedDomain`. Google, Microsoft 365 and others: add and verify the domain in the
  admin console first.
- Or withdraw the MX record that names this host.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import RelayAttempt, Reply
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.relay_proof import describe, is_left_out, the_relay_dialogue
from mxcheck.rules.remedies.mta_settings import ACCEPTED_DOMAIN
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.refusal import Refusal, parse_refusal
from mxcheck.wire.reply_code import is_refusal


def find(case: EndpointCase) -> RelayAttempt | Unseen | Unknown | NotApplicable:
    """The attempt for the control recipient at the tested domain."""
    dialogue = the_relay_dialogue(case)
    if isinstance(dialogue, NotApplicable):
        return dialogue
    control = dialogue.control
    if control is None:
        return Unknown(message=f"{case.where}: the relay test was not reached")
    if is_left_out(control):
        return NotApplicable(message=describe(control))
    if isinstance(control.mail, Unseen):
        return control.mail
    if is_refusal(control.mail):
        return NotApplicable(message=f"the sender was refused: {describe(control)}")
    return control.rcpt if isinstance(control.rcpt, Unseen) else control


def check(control: RelayAttempt, case: EndpointCase) -> Pass | Fail | NotApplicable:
    """Judge the answer to a recipient at the tested domain."""
    # `needs` lets no attempt without an answer to RCPT through.
    match parse_refusal(control.rcpt) if isinstance(control.rcpt, Reply) else Refusal.OTHER:
        case Refusal.NONE:
            return Pass(message=f"{case.where} takes mail for {control.recipient}")
        case Refusal.RELAY:
            return Fail(
                message=(
                    f"{case.where} is an MX of {case.domain.name} but does not take its mail:"
                    f" {describe(control)}"
                ),
                remedy=repair(
                    case,
                    f"Let the server accept {case.domain.name} (Postfix: mydestination or"
                    f" relay_domains), or withdraw the MX record of {case.host.name}.",
                    ACCEPTED_DOMAIN,
                ),
            )
        case _:
            return NotApplicable(message=f"refused for another reason: {describe(control)}")


RULE = Rule(
    id="mx-rejects-domain",
    family=Family.RELAY,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the MX does not take mail for the domain",
    references=("RFC 5321 4.5.1",),
    reads=(Item.VISIT, Item.RELAY),
    after=("smtp-ehlo-refused",),
    find=find,
    check=check,
)
