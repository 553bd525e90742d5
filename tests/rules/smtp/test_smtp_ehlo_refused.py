import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Greeting, Reply, Visit
from mxcheck.rules.smtp.smtp_ehlo_refused import RULE
from tests.build import ADDRESS, HOST, healthy_visit, reply, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
HELO = reply(250, HOST)


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
        (visit_until("ehlo", unseen(Trouble.TIMEOUT, "silent")), fails(WHERE, "silent")),
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
