from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Greeting, Reply, Visit
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.rules.relay.mx_rejects_domain import RULE
from tests.build import (
    ADDRESS,
    DOMAIN,
    HOST,
    OK,
    REFUSED,
    healthy_visit,
    relay_attempts,
    relay_visit,
    reply,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
CONTROL, NULL_SENDER, _ = relay_attempts()
LOST = unseen(Trouble.CLOSED, "the server hung up")
LISTED = reply(554, "5.7.1 Client host blocked using zen.spamhaus.org")
REMEDY = ("Let the server accept example.com", "relay_domains", f"withdraw the MX record of {HOST}")


def control(rcpt: Reply | Unseen, mail: Reply | Unseen = OK) -> Visit:
    return relay_visit(replace(CONTROL, rcpt=rcpt, mail=mail), NULL_SENDER)


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, f"postmaster@{DOMAIN}")),
        (control(reply(251, "will forward")), passes(WHERE)),
        (control(REFUSED), fails(WHERE, DOMAIN, "554 5.7.1 Relay access denied", remedy=REMEDY)),
        (control(reply(454, "4.7.1 Relay access denied")), fails(WHERE, DOMAIN, "454 4.7.1")),
        (control(LISTED), not_applicable("another reason", "spamhaus")),
        (control(reply(550, "5.1.1 User unknown")), not_applicable("550 5.1.1 User unknown")),
        (control(reply(451, "4.3.0 later")), not_applicable("451 4.3.0 later")),
        (control(reply(421, "busy")), not_applicable("421 busy")),
        (control(NOT_ASKED, LISTED), not_applicable("the sender was refused", "spamhaus")),
        (control(REFUSED, LISTED), not_applicable("the sender was refused", "spamhaus")),
        (control(reply(503, "need MAIL"), LISTED), not_applicable("the sender was refused")),
        (control(LOST), unknown("the server hung up")),
        (control(NOT_ASKED, LOST), unknown("the server hung up")),
        (relay_visit(), unknown(WHERE, "not reached")),
        (
            visit_until("ehlo", reply(502, "no"), helo=reply(502, "no")),
            not_applicable("EHLO", owner="smtp-ehlo-refused"),
        ),
        (visit_until("ehlo", LOST), not_applicable(owner="smtp-ehlo-refused")),
        (visit_until("ehlo", unseen(Trouble.INTERRUPTED)), unknown("not reached")),
        (
            visit_until("connection", unseen(Trouble.TIMEOUT)),
            not_applicable(owner="smtp-unreachable"),
        ),
        (
            visit_until("greeting", Greeting(reply=reply(421, "busy"), greeting_ms=1)),
            not_applicable(owner="smtp-greeting-bad"),
        ),
    ],
)
def test_the_mx_takes_mail_for_its_domain(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


def test_the_test_can_be_off() -> None:
    answer = ask_visit(RULE, control(REFUSED), Policy(relay=RelayMode.OFF))
    not_applicable("relay test is off")(answer)


def test_the_control_of_another_domain_does_not_count() -> None:
    other = replace(CONTROL, domain="other.example", rcpt=REFUSED)
    passes(DOMAIN)(ask_visit(RULE, relay_visit(other, CONTROL)))
