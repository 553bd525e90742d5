"""Whether the MX takes mail for the tested domain, by what it says of recipients there."""

from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Greeting, Reply, Visit
from mxcheck.model.policy import Level, Policy, RelayMode
from mxcheck.rules.base import Unknown
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
from tests.rules.ask import Answered, Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
OUTSIDE_FORM, CONTROL, NULL, OWN = relay_attempts()
ABUSE = replace(CONTROL, recipient=f"abuse@{DOMAIN}")
LOST = unseen(Trouble.CLOSED, "the server hung up")
LISTED = reply(554, "5.7.1 Client host blocked using zen.spamhaus.org")
SPF = reply(550, "5.7.23 SPF: not authorized")
NO_USER = reply(550, "5.1.1 User unknown")
SUSPENDED = reply(550, "5.1.2 domain suspended")
FULL = reply(452, "4.2.2 mailbox full")
LATER = reply(451, "4.3.0 later")
REMEDY = ("Let the server accept example.com", "relay_domains", f"withdraw the MX record of {HOST}")


def control(rcpt: Reply | Unseen, outside: Reply | Unseen = REFUSED) -> Visit:
    forms = (replace(form, rcpt=outside) for form in (OUTSIDE_FORM, NULL))
    return relay_visit(replace(CONTROL, rcpt=rcpt), *forms)


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, f"postmaster@{DOMAIN}")),
        (control(reply(251, "will forward")), passes(WHERE)),
        (control(OK, OK), passes(WHERE)),
        (relay_visit(OUTSIDE_FORM, replace(CONTROL, rcpt=NO_USER), ABUSE), passes("abuse@")),
        (
            relay_visit(OUTSIDE_FORM, replace(CONTROL, rcpt=SPF), replace(CONTROL, sender="")),
            passes(f"postmaster@{DOMAIN}"),
        ),
        (
            relay_visit(replace(CONTROL, rcpt=reply(550, "Unknown domain")), replace(ABUSE)),
            passes("abuse@"),
        ),
    ],
)
def test_it_passes_if_a_recipient_is_accepted(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


@pytest.mark.parametrize(
    "said",
    [
        REFUSED,
        reply(454, "4.7.1 Relay access denied"),
        SUSPENDED,
        reply(550, "5.1.2 Bad destination system address"),
        reply(550, "Domain example.com is suspended"),
        reply(550, "5.1.1 This domain is not hosted here"),
        reply(553, "5.3.0 example.com: we do not accept mail for this domain"),
    ],
)
def test_it_fails_in_words_of_relaying_or_of_the_domain(said: Reply) -> None:
    want = fails(WHERE, DOMAIN, "does not take its mail", str(said), remedy=REMEDY)
    want(ask_visit(RULE, control(said)))
    want(ask_visit(RULE, relay_visit(replace(CONTROL, rcpt=said), replace(ABUSE, rcpt=LATER))))


@pytest.mark.parametrize(
    "said",
    [
        NO_USER,
        reply(550, "#5.1.0 Address rejected."),
        reply(550, "5.1.6 Mailbox has moved"),
        reply(550, "5.1.10 RESOLVER.ADR.RecipientNotFound"),
        reply(550, "5.2.1 The email account is disabled"),
        reply(550, "5.4.1 Recipient address rejected: Access denied"),
        reply(550, "unknown user"),
        reply(550, "Invalid recipient: <postmaster@example.com>"),
    ],
)
def test_words_about_one_mailbox_show_nothing(said: Reply) -> None:
    seen = relay_visit(OUTSIDE_FORM, replace(CONTROL, rcpt=said), replace(ABUSE, rcpt=said))
    not_applicable("no such mailbox", "--relay-control", str(said))(ask_visit(RULE, seen))


@pytest.mark.parametrize("said", [FULL, LATER, reply(450, "4.2.0 Greylisted")])
def test_what_is_put_off_is_not_applicable_if_an_outside_recipient_is_refused(said: Reply) -> None:
    for outside in (REFUSED, NO_USER, reply(454, "4.7.1 Relay access denied")):
        not_applicable("put off", str(said))(ask_visit(RULE, control(said, outside)))
    elsewhere = replace(OUTSIDE_FORM, connection=2)
    for seen in (
        control(said, LATER),
        control(said, LOST),
        relay_visit(elsewhere, replace(CONTROL, rcpt=said)),
    ):
        ensure_mild(ask_visit(RULE, seen), str(said))


def ensure_mild(answer: Answered, *words: str) -> None:
    """Ensure that this is an unknown that never keeps a run from passing."""
    unknown(WHERE, "could not be told", *words)(answer)
    assert isinstance(answer, Unknown)
    assert answer.at_most is Level.WARNING


MAIL_REFUSED = replace(OUTSIDE_FORM, mail=LISTED, rcpt=NOT_ASKED)


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (control(LISTED), "spamhaus"),
        (control(SPF), "SPF"),
        (control(reply(550, "5.7.1 Access denied")), "Access denied"),
        (control(reply(421, "busy"), LATER), "421 busy"),
        (control(LOST), "the server hung up"),
        (control(NOT_ASKED), "it was not asked"),
        (relay_visit(MAIL_REFUSED), "spamhaus"),
        (relay_visit(), "it was not asked"),
        (relay_visit(OUTSIDE_FORM), "it was not asked"),
        (
            replace(relay_visit(), relay_left_out=unseen(Trouble.BUDGET, "left out: 9 refusals")),
            "left out: 9 refusals",
        ),
        (visit_until("ehlo", unseen(Trouble.INTERRUPTED)), "it was not asked"),
    ],
)
def test_what_is_about_this_client_or_was_not_asked_is_a_mild_unknown(
    seen: Visit, words: str
) -> None:
    ensure_mild(ask_visit(RULE, seen), words)


@pytest.mark.parametrize(
    ("seen", "owner"),
    [
        (visit_until("ehlo", reply(502, "no"), helo=reply(502, "no")), "smtp-ehlo-refused"),
        (visit_until("ehlo", LOST), "smtp-ehlo-refused"),
        (visit_until("connection", unseen(Trouble.TIMEOUT)), "smtp-unreachable"),
        (
            visit_until("greeting", Greeting(reply=reply(421, "busy"), greeting_ms=1)),
            "smtp-greeting-bad",
        ),
    ],
)
def test_the_order_of_causes(seen: Visit, owner: str) -> None:
    not_applicable(owner=owner)(ask_visit(RULE, seen))


def test_the_test_can_be_off() -> None:
    answer = ask_visit(RULE, control(REFUSED), Policy(relay=RelayMode.OFF))
    not_applicable("relay test is off")(answer)


def test_the_control_of_another_domain_does_not_count() -> None:
    other = replace(CONTROL, domain="other.example", rcpt=REFUSED)
    passes(DOMAIN)(ask_visit(RULE, relay_visit(other, CONTROL)))
    ensure_mild(ask_visit(RULE, relay_visit(replace(other, rcpt=OK))))
