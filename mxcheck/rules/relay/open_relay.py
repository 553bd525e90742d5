"""The server accepts mail from outside to outside: it looks like an open relay.

## Why it matters

Spammers find an open relay within hours, send through it, and get its address onto the blocklists:
then the domain's own mail is refused everywhere.

No mail is ever sent for this test. It stops at RCPT, and takes a refusal as proof only if it is
about relaying, or if the server takes mail for the tested domain from the same sender on the same
connection. If the server turns *this client* or its senders away, the answer is unknown, never "no
relay".

Two other causes look the same from here. The server may trust the address of the machine that runs
the check, such as a self-hosted runner in `mynetworks`; or it may refuse such mail only after DATA,
which is never sent. To tell: run the check from an address outside your own networks, look up the
runner's address in the server's list of trusted clients, and look for restrictions that come after
RCPT (Postfix: `smtpd_data_restrictions`; Exim: `acl_smtp_data`). A server that trusts a runner on
which untrusted code may run is as good as open; waive the failure only if it is yours alone.

## Repair

- See that the server trusts your own addresses only, never `0.0.0.0/0`, and that no table lets
  outsiders through, nor rewrites `user%host@domain` and the like to addresses elsewhere.
- Test again at once after the repair, and look the address up on the blocklists.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, Pass, Rule, Scope, Sign, Unknown
from mxcheck.rules.facts.relay_dialogue import Conclusion, RelayDialogue, the_relay_dialogue
from mxcheck.rules.facts.relay_words import looks_open, refuses, why_unknown
from mxcheck.rules.remedies.mta_settings import RELAY
from mxcheck.rules.remedies.repair import repair

REMEDY = (
    "Refuse recipients outside your own domains, and see whether the networks that may relay"
    " contain more than your own clients, or this very machine (Exchange: look at the receive"
    " connectors). Test again at once after the repair, from an address outside your networks."
)
EXAMPLES = (
    "Postfix: smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated,"
    " reject_unauth_destination, and only your own clients in mynetworks."
)


def check(dialogue: RelayDialogue, case: EndpointCase) -> Pass | Fail | Unknown:
    """Judge that no form was accepted, and that each was refused for a reason that proves it."""
    match dialogue.conclusion:
        case Conclusion.RELAYS:
            return Fail(
                message=looks_open(case, dialogue),
                remedy=repair(case, REMEDY, RULE.settings, EXAMPLES),
            )
        case Conclusion.REFUSES | Conclusion.REFUSES_OTHERS:
            return Pass(message=refuses(case, dialogue))
        case Conclusion.UNKNOWN:
            return why_unknown(case, dialogue)


RULE = Rule(
    id="open-relay",
    family=Family.RELAY,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the server relays mail from outside to outside",
    references=("RFC 2505 2.1", "RFC 5321 3.6.2", "RFC 5321 7.9"),
    reads=(Item.VISIT, Item.RELAY),
    after=("smtp-ehlo-refused",),
    sign=Sign.RELAY,
    find=the_relay_dialogue,
    check=check,
    settings=RELAY,
)
