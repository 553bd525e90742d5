import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Greeting, Visit
from mxcheck.model.policy import Level, Policy
from mxcheck.rules.smtp.smtp_slow import RULE
from tests.build import ADDRESS, HOST, reply, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes

WHERE = f"{HOST} [{ADDRESS}]:25"
REMEDY = ("DNS or blocklist lookups", "max_greeting_seconds")


def after(milliseconds: float, code: int = 220) -> Visit:
    seen = Greeting(reply=reply(code, HOST), greeting_ms=milliseconds)
    return visit_until("greeting", seen)


@pytest.mark.parametrize(
    ("visit", "seconds", "want"),
    [
        (after(48), 10, passes(WHERE, "0.0 s")),
        (after(6_000), 10, passes("6.0 s")),
        (after(10_000), 10, passes("10.0 s")),
        (after(10_300), 10, fails(WHERE, "10.3 s", "at most 10 s", remedy=REMEDY)),
        (after(10_004), 10, fails(WHERE, "greets after 10.004 s; at most 10 s")),
        (after(10_049), 10, fails(WHERE, "greets after 10.05 s; at most 10 s")),
        (after(10_000.000_01), 10, fails(WHERE, "greets after more than 10 s; at most 10 s")),
        (after(3_333), 3.33, fails(WHERE, "greets after 3.333 s; at most 3.33 s")),
        (after(2_000), 1.5, fails(WHERE, "2.0 s", "at most 1.5 s")),
        (after(10_300), 60, passes("10.3 s")),
        (after(20_000, 554), 10, not_applicable("no 220", owner="smtp-greeting-bad")),
        (
            visit_until("greeting", unseen(Trouble.DRIP)),
            10,
            not_applicable("no 220", owner="smtp-greeting-bad"),
        ),
        (
            visit_until("connection", unseen(Trouble.TIMEOUT)),
            10,
            not_applicable("not reached", owner="smtp-unreachable"),
        ),
    ],
)
def test_the_greeting_comes_soon(visit: Visit, seconds: float, want: Want) -> None:
    want(ask_visit(RULE, visit, Policy(max_greeting_seconds=seconds)))


def test_it_is_a_warning() -> None:
    assert RULE.level is Level.WARNING
