"""The MX refuses mail for the very domain that names it.

## Why it matters

Senders that try this MX have their mail returned at once, or must try the next one. It is
the classic fault of a new server, or of a backup MX, which does not know the domain yet. A backup
MX shows it on the day on which the first one is down. A provider that has suspended the domain, or
does not host it any more, looks the same.

The rule fails if a mailbox at the domain (`postmaster@`, or the one of `--relay-control`) is
refused in words of relaying or in words about the domain. Words about that one mailbox prove
nothing: `abuse@` is tried next. Words about this client leave it unknown, at most as a warning.

## Repair

- Let the server accept the domain. A provider wants it added and verified in the admin console.
- Or withdraw the MX record that names this host.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.relay_controls import Controls, the_controls
from mxcheck.rules.facts.relay_words import describe
from mxcheck.rules.remedies.mta_settings import ACCEPTED_DOMAIN
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.refusal import Refusal


def check(controls: Controls, case: EndpointCase) -> Pass | Fail | Unknown | NotApplicable:
    """Judge the answers to recipients at the tested domain."""
    name, decisive = case.domain.name, controls.decisive
    said = describe(decisive)
    match controls.kind:
        case Refusal.NONE:
            return Pass(message=f"{case.where} takes mail for {decisive.recipient}")
        case Refusal.RELAY | Refusal.DOMAIN:
            general = (
                f"Let the server accept {name} (Postfix: mydestination or relay_domains), or"
                f" withdraw the MX record of {case.host.name}."
            )
            return Fail(
                message=f"{case.where} is an MX of {name} but does not take its mail: {said}",
                remedy=repair(case, general, RULE.settings),
            )
        case Refusal.MAILBOX:
            why = "it has no such mailbox, which does not show whether it takes mail for others"
            return NotApplicable(message=f"{why} (--relay-control names one): {said}")
        case Refusal.TEMPORARY if controls.outside_is_refused:
            return NotApplicable(message=f"mail for the domain is put off for now: {said}")
        case _:
            return controls.unknown(case)


RULE = Rule(
    id="mx-rejects-domain",
    family=Family.RELAY,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the MX does not take mail for the domain",
    references=("RFC 5321 4.5.1",),
    reads=(Item.VISIT, Item.RELAY),
    after=("smtp-ehlo-refused",),
    find=the_controls,
    check=check,
    settings=ACCEPTED_DOMAIN,
)
