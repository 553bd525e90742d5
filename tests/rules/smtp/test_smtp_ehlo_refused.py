import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Greeting, Reply, Visit
from mxcheck.rules.smtp.smtp_ehlo_refused import RULE
from tests.build import ADDRESS, HOST, healthy_visit, reply, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
HELO = reply(250, HOST)
UNWANTED = unknown(WHERE, "turns this client away at EHLO", remedy=("--ehlo-name",))


def ehlo(code: int, text: str, helo: Reply = HELO) -> Visit:
    return visit_until("ehlo", reply(code, text), helo=helo)


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, "accepts EHLO")),
        (
            ehlo(502, "5.5.2 command not recognized"),
            fails(WHERE, "502 5.5.2 command", "to HELO it says: 250", remedy=("firewall", "EHLO")),
        ),
        (ehlo(500, "what?", reply(503, "no")), fails("500 what?", "to HELO it says: 503 no")),
        (ehlo(354, "go on"), fails(WHERE, "354 go on")),
        (visit_until("ehlo", unseen(Trouble.CLOSED, "hung up")), fails(WHERE, "hung up")),
        (
            visit_until("ehlo", unseen(Trouble.TIMEOUT, "no reply within 30 s (--timeout)")),
            unknown(WHERE, "30 s (--timeout)", remedy=("longer --timeout", "five minutes")),
        ),
        (ehlo(501, "5.5.4 Invalid argument", reply(501, "same")), UNWANTED),
        (ehlo(504, "5.5.2 need fully-qualified hostname", reply(504, "same")), UNWANTED),
        (ehlo(550, "Access denied", reply(550, "Access denied")), UNWANTED),
        (ehlo(554, "5.7.1 who are you", reply(550, "no")), UNWANTED),
        (ehlo(553, "bad HELO domain", reply(553, "same")), UNWANTED),
        (ehlo(550, "no", reply(421, "leaving")), UNWANTED),
        (visit_until("ehlo", reply(550, "no"), helo=unseen(Trouble.CLOSED, "hung up")), UNWANTED),
        # A server that takes the same name in HELO does not know EHLO.
        (ehlo(550, "no EHLO here"), fails(WHERE, "550 no EHLO here", "to HELO it says: 250")),
        (ehlo(502, "no", reply(550, "go away")), fails("502 no", "to HELO it says: 550")),
        (ehlo(500, "no", reply(500, "no")), fails("500 no")),
        (ehlo(421, "too busy"), unknown(WHERE, "421 too busy", remedy=("--ehlo-name",))),
        (ehlo(451, "relay access denied"), unknown(WHERE, "451 relay")),
        (ehlo(550, "blocked using zen.spamhaus.org"), unknown(WHERE, "spamhaus")),
        (ehlo(550, "Helo command rejected: Host not found"), unknown("Helo command rejected")),
        (visit_until("ehlo", unseen(Trouble.DEADLINE, "out of time")), unknown("out of time")),
        (visit_until("ehlo", unseen(Trouble.BUDGET, "enough")), unknown("enough")),
        (
            visit_until("greeting", Greeting(reply=reply(554, "no"), greeting_ms=1)),
            not_applicable(owner="smtp-greeting-bad"),
        ),
        (
            visit_until("connection", unseen(Trouble.TIMEOUT)),
            not_applicable(owner="smtp-unreachable"),
        ),
    ],
)
def test_the_server_takes_ehlo(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))
