"""Whether a server relays, by the answers to all forms together."""

from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Greeting, RelayAttempt, RelayForm, Reply, Visit
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.rules.relay.open_relay import RULE
from tests.build import (
    ADDRESS,
    DOMAIN,
    HOST,
    OK,
    OUTSIDE,
    OUTSIDE_SENDER,
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
OUTSIDE_FORM, CONTROL, NULL, OWN = relay_attempts()
OF_NULL, OF_OWN = (replace(CONTROL, sender=one.sender) for one in (NULL, OWN))
LISTED = reply(554, "5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org")
SPF = reply(550, "5.7.23 SPF: not authorized")
NO_USER = reply(550, "5.1.1 User unknown")
LATER = reply(451, "4.3.0 Try again later")
BUSY = reply(421, "4.7.0 Too many connections")
LOST = unseen(Trouble.CLOSED, "the server hung up")
LEFT_OUT = unseen(Trouble.BUDGET, "left out: one connection carries 9 refusals")
NO_SENDER = unseen(Trouble.NOT_PUBLIC, "this machine has no public name")

RELAYS = fails(WHERE, "looks like an open relay", "without authentication", "250 2.1.0 Ok", OUTSIDE)
REFUSES = passes(WHERE, "refuses to relay")
UNTOLD = unknown(WHERE, "could not be told")


def visit(
    outside: Reply | Unseen = REFUSED,
    null: Reply | Unseen = REFUSED,
    own: Reply | Unseen = REFUSED,
    control: Reply | Unseen = OK,
) -> Visit:
    """Each form answered so, and the control with the outside sender."""
    return relay_visit(
        replace(OUTSIDE_FORM, rcpt=outside),
        replace(CONTROL, rcpt=control),
        replace(NULL, rcpt=null),
        replace(OWN, rcpt=own),
    )


@pytest.mark.parametrize(
    ("seen", "want"),
    [
        (healthy_visit(), REFUSES),
        (visit(NO_USER), REFUSES),
        (visit(LISTED), REFUSES),
        (visit(OK), RELAYS),
        (visit(REFUSED, OK), RELAYS),
        (visit(REFUSED, REFUSED, OK), RELAYS),
        (visit(LOST, LOST, OK), RELAYS),
        (visit(OK, REFUSED, REFUSED, LISTED), RELAYS),
        (visit(LISTED, LISTED, LISTED, LISTED), UNTOLD),
        (visit(NO_USER, NO_USER, NO_USER, NO_USER), UNTOLD),
        # A form that was put off, lost or not proven leaves it unknown, whatever the others show.
        (visit(LATER), unknown("451 4.3.0 Try again later")),
        (visit(REFUSED, LATER), unknown("451 4.3.0 Try again later", remedy=("again later",))),
        (visit(REFUSED, REFUSED, LATER), unknown("451 4.3.0 Try again later")),
        (visit(REFUSED, REFUSED, LOST), unknown("the server hung up")),
        (visit(REFUSED, REFUSED, NO_USER), unknown("550 5.1.1")),
        (visit(NO_USER, NO_USER, NO_USER), unknown("550 5.1.1")),
        (visit(BUSY, LOST, LOST), unknown("421 4.7.0", "the server hung up")),
        # The words of another domain's sender, of the null sender: they say nothing of others.
        (visit(SPF, REFUSED, REFUSED, SPF), REFUSES),
        (relay_visit(), unknown(WHERE, "not tried")),
        (relay_visit(CONTROL), unknown("not tried")),
    ],
)
def test_mail_from_outside_to_outside_is_refused(seen: Visit, want: Want) -> None:
    want(ask_visit(RULE, seen))


def test_the_relay_that_refuses_two_senders_fails() -> None:
    """It refuses the null sender as a relay does, and the domain's own sender by SPF."""
    RELAYS(ask_visit(RULE, visit(OK, REFUSED, SPF)))


@pytest.mark.parametrize("null", [REFUSED, NO_USER])
def test_a_null_sender_alone_proves_nothing(null: Reply) -> None:
    seen = relay_visit(replace(NULL, rcpt=null), OF_NULL, OWN)
    unknown("the form outside-sender was not tried")(ask_visit(RULE, seen))


@pytest.mark.parametrize(
    ("own", "want"),
    [
        ((replace(OWN, mail=SPF, rcpt=NOT_ASKED),), REFUSES),
        ((replace(OWN, mail=NO_USER, rcpt=reply(503, "need MAIL")),), REFUSES),
        ((replace(OWN, rcpt=SPF), replace(OF_OWN, rcpt=SPF)), REFUSES),
        ((replace(OWN, rcpt=NO_USER), OF_OWN), REFUSES),
        ((replace(OWN, mail=LISTED, rcpt=NOT_ASKED),), UNTOLD),
        ((replace(OWN, rcpt=SPF),), unknown("SPF")),
        ((replace(OWN, rcpt=SPF), replace(OF_OWN, rcpt=LATER)), UNTOLD),
        ((), unknown("the form domain-sender was not tried")),
    ],
)
def test_a_sender_that_the_server_does_not_take_leaves_nothing_open(
    own: tuple[RelayAttempt, ...], want: Want
) -> None:
    want(ask_visit(RULE, relay_visit(OUTSIDE_FORM, CONTROL, NULL, *own)))


UNTAKEN = [
    (replace(OUTSIDE_FORM, mail=SPF, rcpt=NOT_ASKED),),
    (replace(OUTSIDE_FORM, mail=NO_USER, rcpt=reply(503, "need MAIL")),),
    (replace(OUTSIDE_FORM, rcpt=SPF), replace(CONTROL, rcpt=SPF)),
    (replace(OUTSIDE_FORM, rcpt=reply(450, "4.1.8 Sender address rejected: unverified")),),
    (replace(OUTSIDE_FORM, sender="", mail=NO_SENDER, rcpt=NO_SENDER),),
]


@pytest.mark.parametrize("outside", UNTAKEN)
def test_a_server_that_takes_no_outside_sender_is_judged_by_words_of_relaying_alone(
    outside: tuple[RelayAttempt, ...],
) -> None:
    want = passes("words of relaying", "No sender outside the tested domain", "--relay-sender")
    want(ask_visit(RULE, relay_visit(*outside, NULL, OWN)))
    seen = relay_visit(*outside, replace(NULL, rcpt=NO_USER), OF_NULL, OWN)
    unknown(remedy=("--relay-sender", "--ehlo-name"))(ask_visit(RULE, seen))
    seen = relay_visit(*outside, NULL, replace(OWN, rcpt=SPF), replace(OF_OWN, rcpt=SPF), OF_NULL)
    UNTOLD(ask_visit(RULE, seen))
    fails("open relay")(ask_visit(RULE, relay_visit(*outside, NULL, replace(OWN, rcpt=OK))))


def test_one_outside_sender_that_is_taken_is_enough() -> None:
    put_off = replace(OUTSIDE_FORM, sender="postmaster@[203.0.114.9]", rcpt=LATER)
    for first in (*(attempts[0] for attempts in UNTAKEN), put_off):
        REFUSES(ask_visit(RULE, relay_visit(first, OUTSIDE_FORM, CONTROL, NULL, OWN)))
        taken = replace(OUTSIDE_FORM, rcpt=OK)
        RELAYS(ask_visit(RULE, relay_visit(first, taken, CONTROL, NULL, OWN)))


@pytest.mark.parametrize(
    ("left_out", "want"),
    [
        (LEFT_OUT, unknown("left out: one connection carries", remedy=("--max-connections",))),
        (LOST, unknown("the server hung up", remedy=("Run the check from an address",))),
        (unseen(Trouble.DEADLINE, "the deadline came first"), unknown("the deadline came first")),
    ],
)
def test_what_was_left_out_is_unknown(left_out: Unseen, want: Want) -> None:
    seen = relay_visit(OUTSIDE_FORM, CONTROL, NULL)
    want(ask_visit(RULE, replace(seen, relay_left_out=left_out)))


NOT_INTRODUCED = visit_until("ehlo", reply(502, "no"), helo=reply(502, "no"))


@pytest.mark.parametrize(
    ("seen", "want"),
    [
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
        (visit_until("ehlo", unseen(Trouble.DEADLINE)), unknown("not tried")),
        (visit_until("ehlo", reply(502, "no"), helo=reply(250, HOST)), unknown("not tried")),
        # EHLO refused, HELO taken: relaying can be tried all the same.
        (replace(healthy_visit(), ehlo=reply(502, "no")), REFUSES),
        # A failed handshake is not a refusal to relay.
        (replace(healthy_visit(), tls=unseen(Trouble.HANDSHAKE)), REFUSES),
    ],
)
def test_the_order_of_causes(seen: Visit, want: Want) -> None:
    want(ask_visit(RULE, seen))


def test_the_message_names_what_else_looks_the_same_and_the_remedy_how_to_tell() -> None:
    want = fails(
        "looks like an open relay",
        f"MAIL FROM:<{OUTSIDE_SENDER}> RCPT TO:<postmaster@iana.org>",
        "trusts the address of this machine",
        "refuses such mail only after DATA",
        remedy=(
            "On Postfix: set `smtpd_relay_restrictions",
            "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
            "networks that may relay contain more than your own clients, or this very machine",
            "Exchange: look at the receive connectors",
            "Test again at once",
            "from an address outside your networks",
        ),
    )
    want(ask_visit(RULE, visit(OK)))


def test_the_test_can_be_off() -> None:
    answer = ask_visit(RULE, visit(OK, OK), Policy(relay=RelayMode.OFF))
    not_applicable("relay test is off")(answer)


def a_form(**changes: str) -> RelayAttempt:
    return replace(OWN, rcpt=OK, **changes)  # type: ignore[arg-type]


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
    REFUSES(ask_visit(RULE, relay_visit(*relay_attempts(), other)))


def test_a_sender_and_a_recipient_of_the_users_own() -> None:
    policy = Policy(relay_sender="a@b.example", relay_recipient="c@d.example")
    forms = [replace(one, recipient="c@d.example") for one in (NULL, OWN)]
    given = replace(forms[0], form=RelayForm.GIVEN_SENDER, sender="a@b.example")
    passes("a@b.example", "c@d.example")(ask_visit(RULE, relay_visit(given, *forms), policy))
    taken = relay_visit(replace(given, rcpt=OK), *forms)
    fails("MAIL FROM:<a@b.example>", "c@d.example")(ask_visit(RULE, taken, policy))
    # Evidence of a run without that sender, judged under a policy that asks for it.
    without = relay_visit(replace(OUTSIDE_FORM, recipient="c@d.example"), *forms)
    unknown("the form given-sender was not tried")(ask_visit(RULE, without, policy))


@pytest.mark.parametrize("control", [OK, LISTED, NO_USER, LATER])
@pytest.mark.parametrize("refusal", [LISTED, NO_USER])
def test_a_control_on_another_connection_proves_nothing(control: Reply, refusal: Reply) -> None:
    again = replace(OUTSIDE_FORM, rcpt=refusal, connection=2)
    second = replace(CONTROL, rcpt=control, connection=2)
    want = REFUSES if control is OK else UNTOLD
    want(ask_visit(RULE, relay_visit(CONTROL, again, second, NULL, OWN)))
    UNTOLD(ask_visit(RULE, relay_visit(CONTROL, again, NULL, OWN)))


def test_a_form_that_was_put_off_and_then_proven_is_proven() -> None:
    late = replace(OUTSIDE_FORM, rcpt=LATER)
    again = replace(OUTSIDE_FORM, connection=2)
    REFUSES(ask_visit(RULE, relay_visit(late, CONTROL, NULL, OWN, again)))
    RELAYS(ask_visit(RULE, relay_visit(late, CONTROL, NULL, OWN, replace(again, rcpt=OK))))


def test_the_domain_of_the_control_may_be_another_tested_one() -> None:
    other = replace(CONTROL, domain="other.example", recipient="postmaster@other.example")
    assert other.domain != DOMAIN
    REFUSES(ask_visit(RULE, relay_visit(replace(OUTSIDE_FORM, rcpt=NO_USER), other, NULL, OWN)))
