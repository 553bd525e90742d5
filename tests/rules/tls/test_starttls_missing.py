from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.rules.tls.starttls_missing import RULE
from tests.build import (
    ADDRESS,
    EXTENSIONS,
    HOST,
    ehlo_reply,
    healthy_visit,
    reply,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes

WHERE = f"{HOST} [{ADDRESS}]:25"
PLAIN = visit_until("ehlo", ehlo_reply(*EXTENSIONS))
OFFER = ("Offer STARTTLS", "exact MX host name", "smtpd_tls_security_level = may")


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, "announces STARTTLS")),
        (replace(PLAIN, ehlo=ehlo_reply("starttls")), passes(WHERE)),
        (PLAIN, fails(WHERE, "8BITMIME, PIPELINING, SIZE, SMTPUTF8", remedy=OFFER)),
        (replace(PLAIN, ehlo=ehlo_reply()), fails(WHERE, "no extension at all")),
        # The first line is the server's name, whatever it looks like.
        (replace(PLAIN, ehlo=reply(250, "STARTTLS")), fails("no extension at all")),
        (
            replace(PLAIN, starttls=reply(220, "go on")),
            fails(WHERE, "does not announce STARTTLS", "Sent all the same, it works."),
        ),
        (visit_until("ehlo", reply(502, "no")), not_applicable(owner="smtp-ehlo-refused")),
        (visit_until("ehlo", reply(421, "busy")), not_applicable(owner="smtp-ehlo-refused")),
        (
            visit_until("greeting", unseen(Trouble.CLOSED)),
            not_applicable(owner="smtp-greeting-bad"),
        ),
        (
            visit_until("connection", unseen(Trouble.REFUSED)),
            not_applicable(owner="smtp-unreachable"),
        ),
    ],
)
def test_starttls_is_announced(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


def test_a_server_that_does_not_announce_it_is_not_said_to_take_it() -> None:
    answer = ask_visit(RULE, replace(PLAIN, starttls=reply(502, "no")))
    assert "it works" not in answer.message
