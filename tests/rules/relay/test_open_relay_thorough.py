"""The forms of a thorough test: recipients at the domain that name an outside mailbox."""

from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import RelayAttempt, RelayForm, Reply, Visit
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.rules.relay import mx_rejects_domain
from mxcheck.rules.relay.open_relay import RULE
from mxcheck.wire.relay_address import addresses_through
from tests.build import DOMAIN, OK, OUTSIDE, REFUSED, relay_attempts, relay_visit, reply, unseen
from tests.rules.ask import Want, ask_visit, fails, passes, unknown

THOROUGH = Policy(relay=RelayMode.THOROUGH)
BASIC = relay_attempts()
OUTSIDE_FORM, CONTROL, NULL, OWN = BASIC
NO_USER = reply(550, "5.1.1 User unknown")
LISTED = reply(554, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a.example")
LATER = reply(451, "4.3.0 Try again later")
LOST = unseen(Trouble.CLOSED, "the server hung up")
RANDOM = replace(
    CONTROL,
    form=RelayForm.RANDOM_CONTROL,
    recipient=f"mxcheck0123456789abcdef@{DOMAIN}",
    rcpt=NO_USER,
)
THROUGH = tuple(
    replace(RANDOM, form=form, recipient=recipient, rcpt=REFUSED)
    for form, recipient in addresses_through(DOMAIN, OUTSIDE).items()
)


def visit(
    *answers: Reply | Unseen,
    random: Reply | Unseen = NO_USER,
    basic: tuple[RelayAttempt, ...] = BASIC,
) -> Visit:
    """A thorough dialogue: the first forms answered so, the others refused."""
    given = (*answers, *(attempt.rcpt for attempt in THROUGH[len(answers) :]))
    through = [replace(a, rcpt=answer) for a, answer in zip(THROUGH, given, strict=True)]
    return relay_visit(*basic, *through, replace(RANDOM, rcpt=random))


def all_outside(answer: Reply | Unseen) -> tuple[RelayAttempt, ...]:
    return (CONTROL, *(replace(form, rcpt=answer) for form in (OUTSIDE_FORM, NULL, OWN)))


CATCH_ALL = ("Accepted but not counted", "250 2.1.0 Ok", "catch-all")


@pytest.mark.parametrize(
    ("seen", "want"),
    [
        (visit(), passes("refuses to relay", "554 5.7.1 Relay access denied")),
        (visit(NO_USER, NO_USER, NO_USER, NO_USER), passes("refuses to relay")),
        (visit(OK), fails("open relay", f"RCPT TO:<postmaster%iana.org@{DOMAIN}>")),
        (visit(REFUSED, OK), fails("open relay", f'RCPT TO:<"{OUTSIDE}"@{DOMAIN}>')),
        (visit(REFUSED, REFUSED, OK), fails(f"RCPT TO:<iana.org!postmaster@{DOMAIN}>")),
        (visit(NO_USER, NO_USER, NO_USER, OK), fails(f"RCPT TO:<@{DOMAIN}:{OUTSIDE}>")),
        (visit(OK, basic=all_outside(LATER)), fails("open relay", "%iana.org")),
        (visit(OK, random=OK), passes("refuses to relay", "554 5.7.1", *CATCH_ALL)),
        (visit(OK, OK, OK, OK, random=OK), passes("%iana.org", "iana.org!", *CATCH_ALL)),
        (visit(OK, random=OK, basic=all_outside(LATER)), unknown("451 4.3.0", *CATCH_ALL)),
        # Whether it is catch-all delivery is not known.
        (visit(OK, random=LATER), unknown("%iana.org")),
        (visit(OK, random=LOST), unknown("%iana.org")),
        (visit(LATER), unknown("451 4.3.0")),
        (visit(LISTED, LISTED, LISTED, LISTED), passes("refuses to relay")),
        (visit(REFUSED, LOST), unknown("the server hung up")),
        (visit(*([NO_USER] * 4), basic=all_outside(LATER)), unknown("451 4.3.0")),
        # That such a form is refused proves nothing about plain relaying.
        (relay_visit(CONTROL, *THROUGH), unknown("not tried")),
        # Evidence of a basic test, judged under a policy that asks for a thorough one.
        (relay_visit(*BASIC), unknown("the form percent-hack was not tried")),
        (relay_visit(*all_outside(OK)), fails("open relay")),
        (
            replace(
                relay_visit(*BASIC), relay_left_out=unseen(Trouble.BUDGET, "left out: 9 refusals")
            ),
            unknown("left out: 9 refusals"),
        ),
        (relay_visit(), unknown("not tried")),
    ],
)
def test_thorough(seen: Visit, want: Want) -> None:
    want(ask_visit(RULE, seen, THOROUGH))


def test_forms_that_name_another_mailbox_or_domain_are_not_held_against_this_one() -> None:
    elsewhere = [
        replace(THROUGH[0], rcpt=OK, domain="other.example"),
        replace(THROUGH[0], rcpt=OK, recipient=f"box%else.example@{DOMAIN}"),
    ]
    seen = relay_visit(*BASIC, *THROUGH, RANDOM, *elsewhere)
    passes("refuses to relay")(ask_visit(RULE, seen, THOROUGH))


@pytest.mark.parametrize("policy", [Policy(), THOROUGH])
def test_what_was_tried_is_judged_whatever_the_policy_asks_for_today(policy: Policy) -> None:
    fails("open relay")(ask_visit(RULE, visit(OK), policy))


def test_whether_the_domain_is_taken_depends_on_its_control_alone() -> None:
    for random in (OK, NO_USER, LATER):
        seen = visit(OK, OK, random=random)
        passes(f"postmaster@{DOMAIN}")(ask_visit(mx_rejects_domain.RULE, seen, THOROUGH))
        basic = (OUTSIDE_FORM, replace(CONTROL, rcpt=REFUSED), NULL, OWN)
        seen = visit(OK, OK, random=random, basic=basic)
        fails("does not take its mail")(ask_visit(mx_rejects_domain.RULE, seen, THOROUGH))
