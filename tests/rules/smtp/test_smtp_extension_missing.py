from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Greeting, Reply, Visit
from mxcheck.model.policy import Policy
from mxcheck.rules.smtp.smtp_extension_missing import RULE
from tests.build import (
    ADDRESS,
    HOST,
    ehlo_reply,
    healthy_visit,
    reply,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
GENERAL = ("remove it from `extensions`", "firewall")


def inside(answer: Reply | Unseen) -> Visit:
    return replace(healthy_visit(), ehlo_after_tls=answer)


def in_clear(*extensions: str) -> Visit:
    return visit_until("ehlo", ehlo_reply(*extensions))


def by_opensmtpd(visit: Visit) -> Visit:
    seen = Greeting(reply=reply(220, f"{HOST} ESMTP OpenSMTPD"), greeting_ms=5)
    return replace(visit, greeting=seen)


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, "SIZE, 8BITMIME, PIPELINING")),
        (in_clear("size", "8bitmime", "pipelining"), passes(WHERE)),
        # What was announced in clear does not count where there was TLS, and the reverse.
        (
            inside(ehlo_reply("SIZE")),
            fails(
                WHERE,
                "does not announce 8BITMIME, PIPELINING, only SIZE",
                remedy=("On Postfix: look at", "announce 8BITMIME, PIPELINING", *GENERAL),
            ),
        ),
        (replace(healthy_visit(), ehlo=ehlo_reply("STARTTLS")), passes(WHERE)),
        (
            inside(ehlo_reply()),
            fails("announces no extension at all, and so not SIZE, 8BITMIME, PIPELINING"),
        ),
        (in_clear("SIZE", "HELP"), fails("8BITMIME, PIPELINING, only HELP, SIZE")),
        (
            by_opensmtpd(inside(ehlo_reply("8BITMIME", "SIZE"))),
            fails(
                "not announce PIPELINING", remedy=("On OpenSMTPD: it does not support PIPELINING",)
            ),
        ),
        (inside(unseen(Trouble.CLOSED)), not_applicable(owner="tls-handshake-failed")),
        (inside(unseen(Trouble.MALFORMED)), not_applicable(owner="smtp-ehlo-refused")),
        (inside(NOT_ASKED), unknown("not asked")),
        (inside(reply(502, "no")), not_applicable("inside TLS", owner="smtp-ehlo-refused")),
        (visit_until("tls", unseen(Trouble.HANDSHAKE)), passes(WHERE)),
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
def test_the_wanted_extensions_are_announced(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


@pytest.mark.parametrize(
    ("wanted", "want"),
    [
        (("SMTPUTF8",), passes("announces SMTPUTF8")),
        (("SMTPUTF8", "DSN", "CHUNKING", "DSN"), fails("does not announce DSN, CHUNKING, only")),
        ((), not_applicable("wants no extension")),
    ],
)
def test_the_policy_names_the_extensions(wanted: tuple[str, ...], want: Want) -> None:
    want(ask_visit(RULE, healthy_visit(), Policy(extensions=wanted)))
