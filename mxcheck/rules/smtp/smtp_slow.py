"""The greeting takes long to come.

## Why it matters

Every delivery waits for the greeting. RFC 5321 asks senders to wait five minutes, but many give up
earlier, and each waiting connection occupies a slot on both sides.

## Repair

- Find the lookup that is slow: reverse DNS of the client, blocklists that no longer answer, ident.
- A deliberate pause before the greeting needs only as long as it takes to detect bots.
- If the pause is intended, raise `max_greeting_seconds` in the policy.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.smtp import Greeting
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope
from mxcheck.rules.facts.stages import the_greeting
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.software import Software

REMEDY = (
    "Look for DNS or blocklist lookups that are slow at connect, or raise max_greeting_seconds if"
    " the pause is intended."
)


def check(greeting: Greeting, case: EndpointCase) -> Pass | Fail:
    """Judge the time from connection to greeting."""
    seconds = greeting.greeting_ms / 1000
    wanted = case.policy.max_greeting_seconds
    if seconds <= wanted:
        return Pass(message=f"{case.where} greets after {seconds:.1f} s")
    return Fail(
        message=f"{case.where} greets after {_shown(seconds, wanted)} s; at most {wanted:g} s is"
        " wanted",
        remedy=repair(case, REMEDY, RULE.settings),
    )


def _shown(seconds: float, wanted: float) -> str:
    """Return the seconds with as many digits as show that they are more than what is wanted."""
    shown = (f"{seconds:.{digits}f}" for digits in range(1, 7))
    return next((text for text in shown if float(text) > wanted), f"more than {wanted:g}")


RULE = Rule(
    id="smtp-slow",
    family=Family.SMTP,
    scope=Scope.ENDPOINT,
    level=Level.WARNING,
    title="the greeting comes late",
    references=("RFC 5321 4.5.3.2",),
    reads=(Item.VISIT,),
    after=("smtp-greeting-bad",),
    find=the_greeting,
    check=check,
    settings={
        Software.POSTFIX: "look at `smtpd_client_restrictions`, `postscreen_dnsbl_sites` and"
        " `postscreen_greet_wait`, which is 6 s by default.",
        Software.EXIM: "look at `host_lookup`, `rfc1413_query_timeout` and each `delay` of"
        " `acl_smtp_connect`.",
        Software.SENDMAIL: "look at the features `greet_pause` and `dnsbl`, and at `confTO_IDENT`.",
        Software.EXCHANGE: "the protocol log of the receive connector shows when each connection"
        " was answered.",
    },
)
