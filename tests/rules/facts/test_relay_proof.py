"""What each refusal of the relay test proves: one test for each row of the table."""

from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import RelayAttempt, RelayForm, Reply
from mxcheck.rules.facts.relay_proof import Proof, Proofs
from mxcheck.wire.relay_address import addresses_through
from tests.build import DOMAIN, OK, OUTSIDE, OUTSIDE_SENDER, REFUSED, relay_attempts, reply, unseen

OUTSIDE_FORM, CONTROL, NULL, OWN = relay_attempts()
MAILBOX = f"postmaster@{DOMAIN}"
OF_OWN = replace(CONTROL, sender=MAILBOX)

LISTED = reply(554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a.example")
NO_PTR = reply(550, "no PTR record")
SPF = reply(550, "5.7.23 SPF: not authorized")
SENDER = reply(550, "5.1.8 <a@b.example>: Sender address rejected: Domain not found")
NO_USER = reply(550, "5.1.1 User unknown")
DENIED = reply(550, "5.4.1 Recipient address rejected: Access denied. [SN1.prod.outlook.com]")
OTHER = reply(550, "5.7.1 Access denied")
LATER = reply(451, "4.3.0 Try again later")
BUSY = reply(421, "4.7.0 Too many connections")
TOO_MANY = reply(550, "5.5.3 Too many recipients")
LOST = unseen(Trouble.CLOSED, "the server hung up")
FOR_GOOD = (LISTED, NO_PTR, SPF, SENDER, NO_USER, DENIED, OTHER)

ACCEPTED, PROVEN, ANSWERED = Proof.ACCEPTED, Proof.PROVEN, Proof.ANSWERED
UNCOUNTED, OPEN = Proof.UNCOUNTED, Proof.OPEN


def proof(attempt: RelayAttempt, *controls: RelayAttempt, alike: bool = False) -> Proof:
    return Proofs(controls=controls, denies_alike=alike).proof_of(attempt)


@pytest.mark.parametrize("controls", [(), (CONTROL,), (replace(CONTROL, rcpt=LISTED),)])
@pytest.mark.parametrize("rcpt", [OK, reply(251, "will forward")])
def test_accepted_is_accepted_whatever_the_control(
    rcpt: Reply, controls: tuple[RelayAttempt, ...]
) -> None:
    assert proof(replace(OUTSIDE_FORM, rcpt=rcpt), *controls) is ACCEPTED


@pytest.mark.parametrize("controls", [(), (CONTROL,), (replace(CONTROL, rcpt=LISTED),)])
@pytest.mark.parametrize(
    "rcpt",
    [
        REFUSED,
        reply(550, "5.7.1 Unable to relay"),
        # Postfix as it comes: defer_unauth_destination.
        reply(454, "4.7.1 <a@b>: Relay access denied"),
    ],
)
def test_words_of_relaying_prove_whatever_the_control(
    rcpt: Reply, controls: tuple[RelayAttempt, ...]
) -> None:
    assert proof(replace(OUTSIDE_FORM, rcpt=rcpt), *controls) is PROVEN


@pytest.mark.parametrize("rcpt", FOR_GOOD)
def test_any_refusal_proves_beside_a_control_that_the_same_sender_may_write_to(
    rcpt: Reply,
) -> None:
    assert proof(replace(OUTSIDE_FORM, rcpt=rcpt), CONTROL) is PROVEN


@pytest.mark.parametrize("rcpt", FOR_GOOD)
@pytest.mark.parametrize(
    "control",
    [
        replace(CONTROL, sender="", rcpt=OK),
        replace(CONTROL, connection=2),
        replace(CONTROL, rcpt=LATER),
        replace(CONTROL, rcpt=LOST),
        replace(CONTROL, rcpt=NOT_ASKED),
    ],
    ids=["another sender", "another connection", "put off", "lost", "not asked"],
)
def test_a_control_that_differs_in_more_than_the_recipient_proves_nothing(
    rcpt: Reply, control: RelayAttempt
) -> None:
    assert proof(replace(OUTSIDE_FORM, rcpt=rcpt), control) is OPEN


@pytest.mark.parametrize("control", [NO_USER, DENIED, LATER, LISTED])
def test_exchange_online_denies_outside_recipients_and_unknown_mailboxes_alike(
    control: Reply,
) -> None:
    beside = replace(CONTROL, rcpt=control)
    denied = replace(OUTSIDE_FORM, rcpt=DENIED)
    assert proof(denied, beside, alike=True) is PROVEN
    assert proof(denied, alike=True) is PROVEN
    assert proof(denied, beside, alike=False) is OPEN
    for words in (
        LISTED,
        OTHER,
        reply(550, "5.7.606 Access denied, banned sending IP [192.0.2.1]"),
    ):
        assert proof(replace(OUTSIDE_FORM, rcpt=words), beside, alike=True) is OPEN


@pytest.mark.parametrize("mail", [SPF, SENDER, OTHER, NO_USER, REFUSED])
def test_a_sender_that_is_refused_at_mail_leaves_nothing_open(mail: Reply) -> None:
    refused = replace(OWN, mail=mail, rcpt=reply(503, "5.5.1 need MAIL command"))
    assert proof(refused, CONTROL) is ANSWERED
    assert proof(refused) is OPEN
    assert proof(refused, replace(CONTROL, rcpt=NO_USER)) is OPEN
    assert proof(refused, replace(CONTROL, connection=2)) is OPEN


@pytest.mark.parametrize("mail", [LATER, BUSY, LOST, NOT_ASKED, LISTED, TOO_MANY])
def test_mail_that_is_refused_for_another_cause_is_open(mail: Reply | Unseen) -> None:
    assert proof(replace(OWN, mail=mail, rcpt=NOT_ASKED), CONTROL) is OPEN


@pytest.mark.parametrize("rcpt", [SPF, SENDER, NO_USER, OTHER])
@pytest.mark.parametrize("control", [SPF, SENDER, NO_USER, OTHER])
def test_a_sender_that_may_write_to_nobody_leaves_nothing_open(rcpt: Reply, control: Reply) -> None:
    refused, own = replace(OWN, rcpt=rcpt), replace(OF_OWN, rcpt=control)
    assert proof(refused, own, CONTROL) is ANSWERED
    assert proof(refused, own) is OPEN
    assert proof(refused, own, replace(CONTROL, connection=2)) is OPEN
    assert proof(refused, own, replace(CONTROL, rcpt=LATER)) is OPEN


@pytest.mark.parametrize("rcpt", [LISTED, NO_PTR, TOO_MANY])
def test_words_about_the_client_or_the_number_stay_open(rcpt: Reply) -> None:
    refused, own = replace(OWN, rcpt=rcpt), replace(OF_OWN, rcpt=rcpt)
    assert proof(refused, own, CONTROL) is OPEN


@pytest.mark.parametrize("rcpt", FOR_GOOD)
@pytest.mark.parametrize("control", FOR_GOOD)
def test_a_server_that_refuses_all_alike_shows_nothing(rcpt: Reply, control: Reply) -> None:
    assert proof(replace(OUTSIDE_FORM, rcpt=rcpt), replace(CONTROL, rcpt=control)) is OPEN


@pytest.mark.parametrize(
    "rcpt",
    [LATER, reply(450, "greylisted"), BUSY, reply(421, "relaying denied, closing"),
     reply(354, "go on"), TOO_MANY, LOST, NOT_ASKED],
)  # fmt: skip
def test_what_decides_nothing_is_open(rcpt: Reply | Unseen) -> None:
    assert proof(replace(OUTSIDE_FORM, rcpt=rcpt), CONTROL) is OPEN


def test_a_control_at_another_tested_domain_will_do() -> None:
    other = replace(CONTROL, domain="other.example", recipient="postmaster@other.example")
    assert proof(replace(OUTSIDE_FORM, rcpt=NO_USER), other) is PROVEN


RANDOM = RelayAttempt(
    domain=DOMAIN,
    form=RelayForm.RANDOM_CONTROL,
    sender=OUTSIDE_SENDER,
    recipient=f"mxcheck0123456789abcdef@{DOMAIN}",
    mail=OK,
    rcpt=NO_USER,
)
THROUGH = [
    replace(RANDOM, form=form, recipient=recipient, rcpt=OK)
    for form, recipient in addresses_through(DOMAIN, OUTSIDE).items()
]


@pytest.mark.parametrize("attempt", THROUGH, ids=[attempt.form for attempt in THROUGH])
@pytest.mark.parametrize(
    ("random", "expected"),
    [
        (NO_USER, ACCEPTED),
        (REFUSED, ACCEPTED),
        (LISTED, ACCEPTED),
        (OK, UNCOUNTED),
        (reply(252, "cannot verify"), UNCOUNTED),
        (TOO_MANY, OPEN),
        (LATER, OPEN),
        (BUSY, OPEN),
        (LOST, OPEN),
        (NOT_ASKED, OPEN),
    ],
)
def test_an_accepted_recipient_at_the_domain_counts_only_if_a_random_mailbox_is_refused(
    attempt: RelayAttempt, random: Reply | Unseen, expected: Proof
) -> None:
    beside = replace(RANDOM, rcpt=random)
    assert Proofs(controls=(CONTROL,), randoms=(beside,)).proof_of(attempt) is expected
    elsewhere = replace(beside, connection=2)
    assert Proofs(controls=(CONTROL,), randoms=(elsewhere,)).proof_of(attempt) is OPEN
