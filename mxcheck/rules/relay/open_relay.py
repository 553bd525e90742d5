"""The server accepts mail from strangers to strangers: it is an open relay.

## Why it matters

Spammers find an open relay within hours, send through it, and get its address onto the blocklists:
then the domain's own mail is refused everywhere.

No mail is ever sent for this test. It stops at RCPT, and takes a refusal as proof only where it is
about relaying, or where the server takes mail for the tested domain on the same connection. Where
the server turns *this client* away, the answer is unknown, never "no relay".

## Repair

- Postfix: `smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated,
  reject_unauth_destination`, and a `mynetworks` that holds your own addresses only (never
  `0.0.0.0/0`; `postconf -n mynetworks`). Look for `relay_domains` and `check_*_access` tables
  that answer OK. Where only `user%host@domain` and the like are accepted: `allow_untrusted_routing
  = no`, and no `virtual_alias_maps` that rewrite them.
- Exim: `acl_check_rcpt` must accept only `domains = +local_domains : +relay_to_domains`, hosts in
  `+relay_from_hosts`, and `authenticated = *`, and end in `require … message = relay not
  permitted`.
- OpenSMTPD: `match from any for domain "example.com" action …`; never `match from any for any`
  without `auth`.
- Exchange: on the receive connectors for port 25 anonymous users must not have
  `Ms-Exch-SMTP-Accept-Any-Recipient`; look at `Get-ReceiveConnector | Get-ADPermission`.
- Test again at once after the repair, and look the address up on the blocklists.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    EndpointCase,
    Fail,
    Family,
    NotApplicable,
    Pass,
    Rule,
    Scope,
    Sign,
    Unknown,
)
from mxcheck.rules.facts.relay_proof import (
    RelayDialogue,
    describe,
    remarks,
    the_relay_dialogue,
    why_untold,
)
from mxcheck.rules.remedies.mta_settings import RELAY
from mxcheck.rules.remedies.repair import repair

REMEDY = (
    "Refuse recipients outside your own domains. Postfix: smtpd_relay_restrictions ="
    " permit_mynetworks, reject_unauth_destination, and see what mynetworks holds. Exchange: look"
    " at the receive connectors. Test again at once after the repair."
)


def find(case: EndpointCase) -> RelayDialogue | Unknown | NotApplicable:
    """The relay dialogue, where it proves the matter one way or the other."""
    dialogue = the_relay_dialogue(case)
    if isinstance(dialogue, NotApplicable):
        return dialogue
    return dialogue if dialogue.accepted or dialogue.refused else why_untold(case, dialogue)


def check(dialogue: RelayDialogue, case: EndpointCase) -> Pass | Fail:
    """Judge that no form was accepted; at least one proved something."""
    if dialogue.accepted:
        return Fail(
            message=(
                f"{case.where} is an open relay: without authentication it accepts"
                f" {'; '.join(map(describe, dialogue.accepted))}"
            ),
            remedy=repair(case, REMEDY, RELAY),
        )
    proven = describe(dialogue.refused[0])
    return Pass(message=f"{case.where} refuses to relay: {proven}{remarks(dialogue)}")


RULE = Rule(
    id="open-relay",
    family=Family.RELAY,
    scope=Scope.ENDPOINT,
    level=Level.ERROR,
    title="the server relays mail from strangers to strangers",
    references=("RFC 2505 2.1", "RFC 5321 3.6.2", "RFC 5321 7.9"),
    reads=(Item.VISIT, Item.RELAY),
    after=("smtp-ehlo-refused",),
    sign=Sign.RELAY,
    find=find,
    check=check,
)
