"""The server does not know EHLO.

## Why it matters

Without EHLO there are no extensions, and so no STARTTLS: mail crosses the network in clear, and
senders that require TLS do not deliver. Every server since RFC 2821 (2001) must accept EHLO.

Only 500 and 502 say that the command is not known. A 4yz answer, a refusal in words about this
client, or a 5yz answer to EHLO and HELO alike (501, 504, 550, 554) is about the name that this
client gave: then the answer is unknown, because senders with another name may be let in.

## Repair

- A firewall that filters SMTP commands is the usual cause (Cisco: `no inspect esmtp`).
- If the name of this client is refused: `--ehlo-name` with a name that has an address record, and
  to which the reverse name of this machine's address leads.
"""

from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.ehlo import describe_refused_ehlo, describe_turned_away
from mxcheck.rules.facts.firewall import behind_firewall
from mxcheck.rules.facts.stages import cut_off_inside_tls, the_ehlo_attempt
from mxcheck.rules.remedies.repair import repair
from mxcheck.wire.software import Software

REMEDY = "Let the server, and any firewall in front of it, accept EHLO (RFC 5321 4.1.1.1)."
CLIENT_REMEDY = (
    "Run the check with an --ehlo-name that has an address record and that the reverse name of this"
    " machine's address leads to, or run it from another address."
)


def find(case: EndpointCase) -> Visit | Unseen | Unknown | NotApplicable:
    """Return the visit, unless the answer to EHLO was about this client."""
    seen = the_ehlo_attempt(case)
    if not isinstance(seen, Visit):
        return seen
    turned_away = describe_turned_away(seen)
    if turned_away:
        message = f"{case.where} turns this client away at EHLO: {turned_away}"
        return Unknown(message=message, remedy=CLIENT_REMEDY)
    return cut_off_inside_tls(seen) or seen


def check(visit: Visit, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge that EHLO was accepted, and accepted again inside TLS."""
    refused = describe_refused_ehlo(visit)
    if refused:
        fail = Fail(message=f"{case.where} {refused}", remedy=repair(case, REMEDY, RULE.settings))
        return behind_firewall(fail, case)
    return Pass(message=f"{case.where} accepts EHLO")


RULE = Rule(
    id="smtp-ehlo-refused",
    family=Family.SMTP,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="EHLO is refused",
    references=("RFC 5321 3.2", "RFC 5321 4.1.1.1"),
    reads=(Item.VISIT, Item.EGRESS),
    after=("smtp-greeting-bad",),
    find=find,
    check=check,
    settings={
        Software.POSTFIX: "look at `smtpd_helo_restrictions`.",
        Software.EXIM: "look at `acl_smtp_helo` and `helo_accept_junk_hosts`.",
        Software.EXCHANGE: "look at the protocol log of the receive connector.",
    },
)
