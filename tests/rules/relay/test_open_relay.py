from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Greeting, RelayAttempt, RelayForm, Reply, Visit
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.rules.facts.relay_proof import Proof, RelayDialogue
from mxcheck.rules.relay.open_relay import RULE
from tests.build import (
    ADDRESS,
    DOMAIN,
    HOST,
    OK,
    OUTSIDE,
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
CONTROL, NULL_SENDER, DOMAIN_SENDER = relay_attempts()
LISTED = reply(554, "5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org")
NO_USER = reply(550, "5.1.1 User unknown")
LATER = reply(451, "4.3.0 Try again later")
BUSY = reply(421, "4.7.0 Too many connections")
LOST = unseen(Trouble.CLOSED, "the server hung up")

ACCEPTED, PROVEN, OPEN = Proof.ACCEPTED, Proof.REFUSED, Proof.OPEN


@pytest.mark.parametrize(
    ("rcpt", "control_taken", "control_refused", "not_asked"),
    [
        (OK, ACCEPTED, ACCEPTED, ACCEPTED),
        (reply(251, "will forward"), ACCEPTED, ACCEPTED, ACCEPTED),
        (REFUSED, PROVEN, PROVEN, PROVEN),
        (reply(550, "5.7.1 Unable to relay"), PROVEN, PROVEN, PROVEN),
        # Postfix as it comes: defer_unauth_destination.
        (reply(454, "4.7.1 <a@b>: Relay access denied"), PROVEN, PROVEN, PROVEN),
        (LISTED, PROVEN, OPEN, OPEN),
        (reply(550, "no PTR record"), PROVEN, OPEN, OPEN),
        (NO_USER, PROVEN, OPEN, OPEN),
        (LATER, OPEN, OPEN, OPEN),
        (reply(450, "greylisted"), OPEN, OPEN, OPEN),
        (BUSY, OPEN, OPEN, OPEN),
        (reply(421, "relaying denied, closing"), OPEN, OPEN, OPEN),
        (reply(354, "go on"), OPEN, OPEN, OPEN),
        (LOST, OPEN, OPEN, OPEN),
        (NOT_ASKED, OPEN, OPEN, OPEN),
    ],
)
def test_what_an_answer_to_rcpt_proves(
    rcpt: Reply | Unseen, control_taken: Proof, control_refused: Proof, not_asked: Proof
) -> None:
    attempt = replace(NULL_SENDER, rcpt=rcpt)
    refused = [replace(CONTROL, rcpt=seen) for seen in (LISTED, NO_USER, REFUSED, LATER, LOST)]
    assert RelayDialogue(outside=(), controls=(CONTROL,)).proof_of(attempt) is control_taken
    assert RelayDialogue(outside=(), controls=()).proof_of(attempt) is not_asked
    for control in refused:
        assert RelayDialogue(outside=(), controls=(control,)).proof_of(attempt) is control_refused


@pytest.mark.parametrize("mail", [LISTED, REFUSED, LATER, BUSY, LOST, NOT_ASKED])
@pytest.mark.parametrize("rcpt", [NOT_ASKED, reply(503, "5.5.1 need MAIL command"), REFUSED])
def test_a_refused_sender_proves_nothing(mail: Reply | Unseen, rcpt: Reply | Unseen) -> None:
    attempt = replace(NULL_SENDER, mail=mail, rcpt=rcpt)
    assert RelayDialogue(outside=(), controls=(CONTROL,)).proof_of(attempt) is OPEN


def dialogue(
    null_sender: Reply | Unseen, domain_sender: Reply | Unseen, control: Reply | Unseen = OK
) -> Visit:
    return relay_visit(
        replace(CONTROL, rcpt=control),
        replace(NULL_SENDER, rcpt=null_sender),
        replace(DOMAIN_SENDER, rcpt=domain_sender),
    )


NOT_INTRODUCED = visit_until("ehlo", reply(502, "no"), helo=reply(502, "no"))
RELAYS = fails(WHERE, "open relay", "without authentication", "250 2.1.0 Ok", OUTSIDE)
UNTOLD = unknown(WHERE, "could not be told", remedy=("Run the check from an address",))


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, "refuses to relay", "554 5.7.1 Relay access denied")),
        (dialogue(OK, REFUSED), RELAYS),
        (dialogue(REFUSED, OK), RELAYS),
        (dialogue(LOST, OK), RELAYS),
        (dialogue(OK, OK, LISTED), RELAYS),
        (dialogue(REFUSED, LOST), passes("554 5.7.1 Relay")),
        (dialogue(LATER, REFUSED, LOST), passes("554 5.7.1 Relay")),
        (dialogue(NO_USER, NO_USER), passes("550 5.1.1")),
        (dialogue(LISTED, LISTED, LISTED), UNTOLD),
        (dialogue(NO_USER, NO_USER, NO_USER), UNTOLD),
        (dialogue(LATER, LATER), unknown("451 4.3.0 Try again later")),
        (dialogue(BUSY, LOST), unknown("421 4.7.0", "the server hung up")),
        (relay_visit(), unknown(WHERE, "the relay test was not reached")),
        (relay_visit(CONTROL), unknown("not reached")),
        (
            visit_until("connection", unseen(Trouble.TIMEOUT)),
            not_applicable(owner="smtp-unreachable"),
        ),
        (
            visit_until("greeting", Greeting(reply=reply(554, "no"), greeting_ms=1)),
            not_applicable(owner="smtp-greeting-bad"),
        ),
        # Nobody can say MAIL to a server that takes neither EHLO nor HELO.
        (NOT_INTRODUCED, not_applicable("EHLO", owner="smtp-ehlo-refused")),
        (visit_until("ehlo", LOST), not_applicable(owner="smtp-ehlo-refused")),
        (visit_until("ehlo", unseen(Trouble.DEADLINE)), unknown("not reached")),
        (
            visit_until("ehlo", reply(502, "no"), helo=reply(250, HOST)),
            unknown("the relay test was not reached"),
        ),
        # EHLO refused, HELO taken: relaying can be tried all the same.
        (replace(healthy_visit(), ehlo=reply(502, "no")), passes("refuses to relay")),
        # A failed handshake is no refusal to relay.
        (replace(healthy_visit(), tls=unseen(Trouble.HANDSHAKE)), passes("refuses to relay")),
    ],
)
def test_strangers_mail_to_strangers_is_refused(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


def test_the_remedy_names_the_settings_and_asks_to_test_again() -> None:
    want = fails(
        "open relay",
        "MAIL FROM:<> RCPT TO:<postmaster@iana.org>",
        remedy=(
            "Postfix",
            "smtpd_relay_restrictions",
            "permit_mynetworks, reject_unauth_destination",
            "Exchange",
            "receive connectors",
            "Test again at once",
        ),
    )
    want(ask_visit(RULE, dialogue(OK, REFUSED)))


def test_the_test_can_be_off() -> None:
    answer = ask_visit(RULE, dialogue(OK, OK), Policy(relay=RelayMode.OFF))
    not_applicable("relay test is off")(answer)


def a_form(**changes: str) -> RelayAttempt:
    return replace(DOMAIN_SENDER, rcpt=OK, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        a_form(domain="other.example"),
        a_form(recipient="someone@else.example"),
        replace(a_form(sender="a@b.example", domain=""), form=RelayForm.GIVEN_SENDER),
    ],
)
def test_forms_that_belong_to_other_targets_are_not_held_against_this_one(
    other: RelayAttempt,
) -> None:
    passes("refuses to relay")(ask_visit(RULE, relay_visit(*relay_attempts(), other)))


def test_a_sender_and_a_recipient_of_the_users_own() -> None:
    policy = Policy(relay_sender="a@b.example", relay_recipient="c@d.example")
    given = replace(
        NULL_SENDER, form=RelayForm.GIVEN_SENDER, sender="a@b.example", recipient="c@d.example"
    )
    passes("c@d.example")(ask_visit(RULE, relay_visit(CONTROL, given), policy))
    taken = relay_visit(CONTROL, replace(given, rcpt=OK))
    fails("MAIL FROM:<a@b.example>", "c@d.example")(ask_visit(RULE, taken, policy))
    # Evidence of a run without that sender, judged under a policy that asks for it.
    without = relay_visit(CONTROL, replace(NULL_SENDER, recipient="c@d.example"))
    unknown("the sender a@b.example was not tried")(ask_visit(RULE, without, policy))


def test_the_domain_of_the_control_is_the_tested_one() -> None:
    elsewhere = replace(CONTROL, domain="other.example", recipient="postmaster@other.example")
    assert elsewhere.domain != DOMAIN
    visit = relay_visit(elsewhere, replace(NULL_SENDER, rcpt=NO_USER))
    UNTOLD(ask_visit(RULE, visit))


@pytest.mark.parametrize("control", [OK, LISTED, NO_USER, LATER])
@pytest.mark.parametrize("refusal", [LISTED, NO_USER])
def test_a_control_on_another_connection_proves_nothing(control: Reply, refusal: Reply) -> None:
    again = replace(NULL_SENDER, rcpt=refusal, connection=2)
    second = replace(CONTROL, rcpt=control, connection=2)
    dialogue = RelayDialogue(outside=(again,), controls=(CONTROL, second))
    assert dialogue.proof_of(again) is (PROVEN if control is OK else OPEN)
    want = passes("refuses to relay") if control is OK else UNTOLD
    want(ask_visit(RULE, relay_visit(CONTROL, again, second)))
    UNTOLD(ask_visit(RULE, relay_visit(CONTROL, again)))


def test_words_of_relaying_and_acceptance_need_no_control() -> None:
    for rcpt, proof in ((REFUSED, PROVEN), (OK, ACCEPTED)):
        again = replace(NULL_SENDER, rcpt=rcpt, connection=2)
        assert RelayDialogue(outside=(again,), controls=(CONTROL,)).proof_of(again) is proof
