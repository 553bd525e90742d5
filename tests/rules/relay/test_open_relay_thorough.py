from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import RelayAttempt, RelayForm, Reply, Visit
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.rules.facts.relay_proof import Proof, RelayDialogue
from mxcheck.rules.relay import mx_rejects_domain
from mxcheck.rules.relay.open_relay import RULE
from mxcheck.wire.relay_address import addresses_through
from tests.build import DOMAIN, OK, OUTSIDE, REFUSED, relay_attempts, relay_visit, reply, unseen
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

THOROUGH = Policy(relay=RelayMode.THOROUGH)
BASIC = relay_attempts()
CONTROL, NULL_SENDER, DOMAIN_SENDER = BASIC
NO_USER = reply(550, "5.1.1 User unknown")
LISTED = reply(554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a.example")
LATER = reply(451, "4.3.0 Try again later")
BUSY = reply(421, "4.7.0 too many errors")
LOST = unseen(Trouble.CLOSED, "the server hung up")
ENOUGH = unseen(Trouble.BUDGET, "left out: 9 refusals on one connection are enough")
STRANGER = RelayAttempt(
    domain=DOMAIN,
    form=RelayForm.RANDOM_CONTROL,
    sender="",
    recipient=f"mxcheck0123456789abcdef@{DOMAIN}",
    mail=OK,
    rcpt=NO_USER,
)
THROUGH = tuple(
    replace(STRANGER, form=form, recipient=recipient, rcpt=REFUSED)
    for form, recipient in addresses_through(DOMAIN, OUTSIDE).items()
)
FORMS = [attempt.form for attempt in THROUGH]

ACCEPTED, PROVEN, OPEN = Proof.ACCEPTED, Proof.REFUSED, Proof.OPEN


@pytest.mark.parametrize("attempt", THROUGH, ids=FORMS)
@pytest.mark.parametrize(
    ("stranger", "proof"),
    [
        (NO_USER, ACCEPTED),
        (REFUSED, ACCEPTED),
        (reply(454, "4.7.1 Relay access denied"), ACCEPTED),
        (LISTED, ACCEPTED),
        (OK, OPEN),
        (reply(252, "cannot verify"), OPEN),
        (LATER, OPEN),
        (reply(450, "greylisted"), OPEN),
        (BUSY, OPEN),
        (LOST, OPEN),
        (ENOUGH, OPEN),
        (NOT_ASKED, OPEN),
    ],
)
def test_an_accepted_form_counts_only_where_a_random_mailbox_is_refused(
    attempt: RelayAttempt, stranger: Reply | Unseen, proof: Proof
) -> None:
    accepted = replace(attempt, rcpt=OK)
    dialogue = RelayDialogue(
        outside=(),
        controls=(CONTROL,),
        through=(accepted,),
        strangers=(replace(STRANGER, rcpt=stranger),),
    )
    assert dialogue.proof_of(accepted) is proof
    assert bool(dialogue.accepted) is (proof is ACCEPTED)
    assert bool(dialogue.uncounted) is (proof is OPEN)


@pytest.mark.parametrize("attempt", THROUGH, ids=FORMS)
def test_without_its_control_an_accepted_form_does_not_count(attempt: RelayAttempt) -> None:
    accepted = replace(attempt, rcpt=OK)
    no_mail = replace(STRANGER, mail=LISTED)
    elsewhere = replace(STRANGER, connection=2)
    for strangers in ((), (no_mail,), (elsewhere,), (no_mail, elsewhere)):
        dialogue = RelayDialogue(outside=(), controls=(CONTROL,), strangers=strangers)
        assert dialogue.proof_of(accepted) is OPEN


@pytest.mark.parametrize("attempt", THROUGH, ids=FORMS)
@pytest.mark.parametrize(
    ("rcpt", "control_taken", "control_refused"),
    [
        (REFUSED, PROVEN, PROVEN),
        (NO_USER, PROVEN, OPEN),
        (reply(550, "Restricted characters in address"), PROVEN, OPEN),
        (LISTED, PROVEN, OPEN),
        (LATER, OPEN, OPEN),
        (BUSY, OPEN, OPEN),
        (LOST, OPEN, OPEN),
        (ENOUGH, OPEN, OPEN),
    ],
)
def test_what_a_refused_form_proves(
    attempt: RelayAttempt, rcpt: Reply | Unseen, control_taken: Proof, control_refused: Proof
) -> None:
    refused = replace(attempt, rcpt=rcpt)
    assert RelayDialogue(outside=(), controls=(CONTROL,)).proof_of(refused) is control_taken
    for answer in (LISTED, NO_USER, LATER, LOST):
        control = replace(CONTROL, rcpt=answer)
        assert RelayDialogue(outside=(), controls=(control,)).proof_of(refused) is control_refused


def visit(
    *answers: Reply | Unseen,
    stranger: Reply | Unseen = NO_USER,
    basic: tuple[RelayAttempt, ...] = BASIC,
) -> Visit:
    """A thorough dialogue: the first forms answered so, the others refused."""
    given = (*answers, *(attempt.rcpt for attempt in THROUGH[len(answers) :]))
    through = [replace(a, rcpt=answer) for a, answer in zip(THROUGH, given, strict=True)]
    return relay_visit(*basic, replace(STRANGER, rcpt=stranger), *through)


def outside(answer: Reply | Unseen) -> tuple[RelayAttempt, ...]:
    return (CONTROL, replace(NULL_SENDER, rcpt=answer), replace(DOMAIN_SENDER, rcpt=answer))


def left_out(attempt: RelayAttempt) -> RelayAttempt:
    return replace(attempt, mail=ENOUGH, rcpt=ENOUGH)


CATCH_ALL = ("Accepted but not counted", STRANGER.recipient, "250 2.1.0 Ok", "catch-all")


@pytest.mark.parametrize(
    ("seen", "want"),
    [
        (visit(), passes("refuses to relay", "554 5.7.1 Relay access denied")),
        (visit(NO_USER, NO_USER, NO_USER, NO_USER), passes("refuses to relay")),
        (visit(OK), fails("open relay", f"RCPT TO:<postmaster%iana.org@{DOMAIN}>")),
        (visit(REFUSED, OK), fails("open relay", f'RCPT TO:<"{OUTSIDE}"@{DOMAIN}>')),
        (visit(REFUSED, REFUSED, OK), fails(f"RCPT TO:<iana.org!postmaster@{DOMAIN}>")),
        (visit(NO_USER, NO_USER, NO_USER, OK), fails(f"RCPT TO:<@{DOMAIN}:{OUTSIDE}>")),
        (visit(OK, basic=outside(LATER)), fails("open relay", "%iana.org")),
        (visit(OK, stranger=OK), passes("refuses to relay", "554 5.7.1", *CATCH_ALL)),
        (visit(OK, OK, OK, OK, stranger=OK), passes(*CATCH_ALL)),
        (visit(OK, stranger=LATER), passes("not counted", "451 4.3.0 Try again later")),
        (visit(OK, stranger=OK, basic=outside(OK)), fails("open relay", OUTSIDE)),
        (visit(OK, stranger=OK, basic=outside(LATER)), unknown("451 4.3.0", *CATCH_ALL)),
        # That the domain has no such mailbox says nothing about mail for the outside.
        (visit(NO_USER, NO_USER, NO_USER, NO_USER, basic=outside(LATER)), unknown("451 4.3.0")),
        (visit(LOST, LOST, LOST, LOST, stranger=LOST), passes("Without an answer: 4", "hung up")),
        (visit(ENOUGH, ENOUGH, ENOUGH, ENOUGH), passes("Without an answer: 4", "9 refusals")),
        (
            relay_visit(CONTROL, NULL_SENDER, *map(left_out, (DOMAIN_SENDER, STRANGER, *THROUGH))),
            passes("554 5.7.1", "Without an answer: 5 more of the forms (left out"),
        ),
        (
            relay_visit(CONTROL, *map(left_out, (NULL_SENDER, DOMAIN_SENDER, STRANGER, *THROUGH))),
            not_applicable("left out: 9 refusals"),
        ),
        (
            relay_visit(
                CONTROL,
                replace(NULL_SENDER, rcpt=LATER),
                *map(left_out, (DOMAIN_SENDER, STRANGER, *THROUGH)),
            ),
            unknown("451 4.3.0", "left out: 9 refusals"),
        ),
        # Evidence of a basic test, judged under a policy that asks for a thorough one.
        (relay_visit(*BASIC), unknown("the forms of a thorough test were not tried")),
        (relay_visit(*outside(OK)), fails("open relay")),
        (relay_visit(), unknown("not reached")),
    ],
)
def test_thorough(seen: Visit, want: Want) -> None:
    want(ask_visit(RULE, seen, THOROUGH))


def test_forms_that_name_another_mailbox_or_domain_are_not_held_against_this_one() -> None:
    elsewhere = [
        replace(THROUGH[0], rcpt=OK, domain="other.example"),
        replace(THROUGH[0], rcpt=OK, recipient=f"box%else.example@{DOMAIN}"),
    ]
    seen = relay_visit(*BASIC, STRANGER, *THROUGH, *elsewhere)
    passes("refuses to relay")(ask_visit(RULE, seen, THOROUGH))


@pytest.mark.parametrize("policy", [Policy(), THOROUGH])
def test_what_was_tried_is_judged_whatever_the_policy_asks_for_today(policy: Policy) -> None:
    fails("open relay")(ask_visit(RULE, visit(OK), policy))


@pytest.mark.parametrize(
    ("control", "want"),
    [
        (CONTROL, passes(f"postmaster@{DOMAIN}")),
        (replace(CONTROL, rcpt=REFUSED), fails("does not take its mail")),
        (left_out(CONTROL), not_applicable("left out: 9 refusals on one connection")),
    ],
)
def test_whether_the_domain_is_taken_depends_on_its_control_alone(
    control: RelayAttempt, want: Want
) -> None:
    for stranger in (OK, NO_USER, LATER):
        basic = (control, NULL_SENDER, DOMAIN_SENDER)
        seen = visit(OK, OK, stranger=stranger, basic=basic)
        want(ask_visit(mx_rejects_domain.RULE, seen, THOROUGH))
