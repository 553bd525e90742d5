import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Greeting, Visit
from mxcheck.rules.smtp.smtp_greeting_bad import RULE
from mxcheck.wire.smtp_reply import parse_reply
from tests.build import ADDRESS, HOST, healthy_visit, reply, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"


def greeting(code: int, *lines: str) -> Visit:
    return visit_until("greeting", Greeting(reply=reply(code, *lines), greeting_ms=50))


def no_greeting(trouble: Trouble) -> Visit:
    return visit_until("greeting", unseen(trouble, "as the probe said it"))


BAD = fails(WHERE, "no valid 220", "as the probe said it", remedy=("nc HOST 25", "220 HOSTNAME"))


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes(WHERE, "220 mx1.example.com ESMTP Postfix")),
        (greeting(220, "mx1.example.com", "no UCE please"), passes("220 mx1")),
        (greeting(220), passes("220")),
        (greeting(250, "mx1.example.com"), fails(WHERE, "250 mx1", "220 is wanted")),
        (greeting(354, "go on"), fails(WHERE, "354 go on", "220 is wanted")),
        (no_greeting(Trouble.MALFORMED), BAD),
        (no_greeting(Trouble.FLOOD), BAD),
        (no_greeting(Trouble.DRIP), BAD),
        (no_greeting(Trouble.CLOSED), BAD),
        (no_greeting(Trouble.RESET), BAD),
        (
            no_greeting(Trouble.TIMEOUT),
            unknown(WHERE, "as the probe said it", remedy=("--greeting-timeout", "five minutes")),
        ),
        (
            greeting(521, "mx1.example.com does not accept mail"),
            unknown(WHERE, "521 mx1", "takes no mail from anybody", remedy=("Withdraw the MX",)),
        ),
        (greeting(521, "5.3.2 Service currently unavailable"), unknown("postscreen")),
        (greeting(521, "5.7.1 blocked using zen.example"), unknown("521 5.7.1 blocked")),
        (
            greeting(554, "5.7.1 you are on a blocklist"),
            unknown(WHERE, "554 5.7.1 you are on a blocklist", remedy=("another address",)),
        ),
        (greeting(421, "4.3.2 too busy"), unknown(WHERE, "421 4.3.2 too busy")),
        (greeting(450, "come back"), unknown("450 come back")),
        (no_greeting(Trouble.BUDGET), unknown("as the probe said it")),
        (no_greeting(Trouble.DEADLINE), unknown("as the probe said it")),
        (no_greeting(Trouble.INTERRUPTED), unknown("as the probe said it")),
        (
            visit_until("connection", unseen(Trouble.REFUSED)),
            not_applicable("not reached", owner="smtp-unreachable"),
        ),
    ],
)
def test_the_server_greets_with_220(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


@pytest.mark.parametrize("line", [b"220 mx1.example.com gr\xfc\xdfe", "220 mx1 grüße".encode()])
def test_bytes_outside_ascii_do_not_make_it_malformed(line: bytes) -> None:
    seen = parse_reply([line])
    visit = visit_until("greeting", Greeting(reply=seen, greeting_ms=5))  # type: ignore[arg-type]
    passes("220 mx1")(ask_visit(RULE, visit))
