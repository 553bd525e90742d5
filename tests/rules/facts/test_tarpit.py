"""OpenBSD's spamd takes every recipient: that shows nothing of the server behind it."""

from dataclasses import replace

import pytest

from mxcheck.evidence.smtp import Greeting, RelayAttempt, RelayForm, Reply, Visit
from mxcheck.rules.relay import mx_rejects_domain, open_relay
from mxcheck.rules.tls import starttls_missing
from tests.build import HOST, OUTSIDE, relay_visit, reply, visit_until
from tests.rules.ask import ask_visit, fails, not_applicable, unknown

GREETING = Greeting(
    reply=reply(220, f"{HOST} ESMTP spamd IP-based SPAM blocker; Fri Jul  4 12:14:15 2025"),
    greeting_ms=10_100,
)
PLAIN = Greeting(reply=reply(220, f"{HOST} ESMTP"), greeting_ms=10)
TAKEN = reply(250, "This is hurting you more than it is hurting me.")
FOR_NOTHING = reply(250, "You are about to try to deliver spam.")
HELLO = reply(250, "Hello, spam sender. Pleased to be wasting your time.")


def attempt(form: RelayForm, sender: str, rcpt: Reply) -> RelayAttempt:
    return RelayAttempt(
        domain="",
        form=form,
        sender=sender,
        recipient=OUTSIDE,
        mail=FOR_NOTHING,
        rcpt=rcpt,
    )


def taking(rcpt: Reply) -> Visit:
    visit = relay_visit(
        attempt(RelayForm.OUTSIDE_SENDER, "postmaster@probe.example.net", rcpt),
        attempt(RelayForm.NULL_SENDER, "", rcpt),
    )
    return replace(visit, greeting=PLAIN)


@pytest.mark.parametrize(
    "visit",
    [replace(taking(reply(250, "ok")), greeting=GREETING), taking(TAKEN)],
    ids=["by its greeting", "by its answer to RCPT"],
)
def test_what_a_tarpit_accepts_shows_nothing(visit: Visit) -> None:
    for rule in (open_relay.RULE, mx_rejects_domain.RULE):
        not_applicable("spamd answers new clients", "spamdb -a")(ask_visit(rule, visit))


def test_another_server_that_takes_every_recipient_relays() -> None:
    fails("open relay")(ask_visit(open_relay.RULE, taking(reply(250, "2.1.5 Ok"))))


def test_a_tarpit_without_tls_shows_nothing_of_the_server_behind_it() -> None:
    bare = visit_until("starttls", reply(500, "no"), ehlo=HELLO, greeting=PLAIN)
    unknown("spamd", remedy=("spamdb -a",))(ask_visit(starttls_missing.RULE, bare))
    greeted = replace(bare, greeting=GREETING, ehlo=reply(250, "mx"))
    unknown("spamd", remedy=("spamdb -a",))(ask_visit(starttls_missing.RULE, greeted))
    other = replace(bare, ehlo=reply(250, "mx"))
    fails("no extension at all")(ask_visit(starttls_missing.RULE, other))
