from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Injection, Reply, Visit
from mxcheck.model.policy import Level
from mxcheck.rules.tls.starttls_injectable import RULE
from tests.build import ADDRESS, HOST, healthy_tls, healthy_visit, reply, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
READY, BYE, OK = reply(220, "go"), reply(221, "2.0.0 Bye"), reply(250, "2.0.0 Ok")
GONE = unseen(Trouble.CLOSED, "the other side closed the connection")


def probed(
    *replies: Reply | Unseen, starttls: Reply | Unseen = READY, tls: Unseen | None = None
) -> Visit:
    injection = Injection(starttls=starttls, tls=tls or healthy_tls(), replies=replies)
    return replace(healthy_visit(), injection=injection)


CASES = {
    "forgotten": (probed(BYE), passes(WHERE, "forgets")),
    "answered": (
        probed(OK, BYE),
        fails(WHERE, "CVE-2011-0411", "250 2.0.0 Ok", remedy=("Upgrade", "2.8.3")),
    ),
    "answered with an error": (probed(reply(503, "EHLO first"), BYE), fails("503 EHLO first")),
    "refused": (
        probed(starttls=reply(554, "synchronization error")),
        passes("takes nothing", "554 synchronization error"),
    ),
    "refused inside TLS": (probed(reply(554, "no"), GONE), passes("takes nothing", "554 no")),
    "hung up at once": (probed(starttls=GONE), passes("it hangs up")),
    "hung up in the handshake": (probed(tls=GONE), passes("it hangs up")),
    "reset in the handshake": (probed(tls=unseen(Trouble.RESET)), passes("it hangs up")),
    "hung up inside TLS": (probed(GONE), passes("it hangs up")),
    "odd": (probed(OK, GONE), unknown("answers QUIT inside TLS with 250")),
    "silence at STARTTLS": (probed(starttls=unseen(Trouble.TIMEOUT, "silent")), unknown("silent")),
    "a failed handshake": (probed(tls=unseen(Trouble.HANDSHAKE, "alert")), unknown("alert")),
    "silence inside TLS": (probed(unseen(Trouble.TIMEOUT, "silent")), unknown("silent")),
    "not asked": (replace(healthy_visit(), injection=NOT_ASKED), unknown("not asked")),
    "no time": (
        replace(healthy_visit(), injection=unseen(Trouble.DEADLINE, "no time")),
        unknown("no time"),
    ),
    "over the limit": (
        replace(healthy_visit(), injection=unseen(Trouble.BUDGET, "too many")),
        unknown("too many"),
    ),
    "no handshake": (
        visit_until("tls", unseen(Trouble.HANDSHAKE), hellos=()),
        not_applicable(owner="tls-handshake-failed"),
    ),
}


@pytest.mark.parametrize(("visit", "want"), CASES.values(), ids=CASES)
def test_what_is_sent_in_clear_is_not_answered_inside_tls(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


def test_it_is_off_until_asked_for() -> None:
    assert RULE.level is Level.OFF
