from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Greeting, Visit
from mxcheck.rules.smtp.smtp_auth_in_clear import RULE
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
GENERAL = "submission ports only, or after STARTTLS only"


def in_clear(*extensions: str) -> Visit:
    return replace(healthy_visit(), ehlo=ehlo_reply(*EXTENSIONS, "STARTTLS", *extensions))


def by_exim(visit: Visit) -> Visit:
    seen = Greeting(reply=reply(220, f"{HOST} ESMTP Exim 4.96"), greeting_ms=5)
    return replace(visit, greeting=seen)


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, "no AUTH before TLS")),
        (replace(healthy_visit(), ehlo_after_tls=ehlo_reply("AUTH PLAIN")), passes(WHERE)),
        (
            in_clear("AUTH PLAIN LOGIN"),
            fails(
                WHERE,
                "announces AUTH PLAIN LOGIN before TLS",
                remedy=("On Postfix: set `smtpd_sasl_auth_enable = no`", GENERAL),
            ),
        ),
        (in_clear("AUTH=LOGIN"), fails("AUTH LOGIN before TLS")),
        (in_clear("AUTH"), fails("announces AUTH before TLS")),
        (
            by_exim(in_clear("auth cram-md5")),
            fails("AUTH cram-md5", remedy=("On Exim: set `auth_advertise_hosts",)),
        ),
        # Without TLS at all it is in clear just the same.
        (visit_until("ehlo", ehlo_reply("AUTH PLAIN")), fails("AUTH PLAIN")),
        (visit_until("ehlo", reply(502, "no")), not_applicable(owner="smtp-ehlo-refused")),
        (visit_until("ehlo", unseen(Trouble.CLOSED)), not_applicable(owner="smtp-ehlo-refused")),
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
def test_auth_waits_for_tls(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))
