from datetime import timedelta

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.model.policy import Policy
from mxcheck.rules.cert.cert_expiring import RULE
from tests.build import ADDRESS, HOST, authority, chain_visit, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
SIX_DAYS = 160 * timedelta(hours=1)
RENEW = ("Renew the certificate (for example with certbot)", "reload the MTA")


def wanting(days: int, bound: str, left: int) -> Want:
    return fails(WHERE, f"only {left} more days", f"at least {days} are wanted ({bound})")


@pytest.mark.parametrize(
    ("lifetime", "left", "days", "want"),
    [
        (90 * DAY, 60 * DAY, None, passes("60 more days", "until 2026-04-01")),
        (90 * DAY, 14 * DAY, None, passes("14 more days")),
        (90 * DAY, 14 * DAY - SECOND, None, wanting(14, "the default", 13)),
        (90 * DAY, 3 * DAY, None, fails(WHERE, "2026-02-03", remedy=RENEW)),
        (90 * DAY, timedelta(0), None, wanting(14, "the default", 0)),
        # The cap: a third of the lifetime, rounded down.
        (42 * DAY, 14 * DAY - SECOND, None, wanting(14, "the default", 13)),
        (41 * DAY, 13 * DAY, None, passes("13 more days")),
        (41 * DAY, 12 * DAY, None, wanting(13, "a third of its lifetime of 41 days", 12)),
        (SIX_DAYS, 2 * DAY, None, passes("2 more days")),
        (SIX_DAYS, 2 * DAY - SECOND, None, wanting(2, "a third of its lifetime of 6 days", 1)),
        (2 * DAY, SECOND, None, passes("0 more days")),
        # A number that the user set is used as it is.
        (90 * DAY, 20 * DAY, 30, wanting(30, "min_cert_days", 20)),
        (90 * DAY, 30 * DAY, 30, passes("30 more days")),
        (SIX_DAYS, 5 * DAY, 14, wanting(14, "min_cert_days", 5)),
        (90 * DAY, 3 * DAY, 2, passes("3 more days")),
        (90 * DAY, SECOND, 0, passes("0 more days")),
        (90 * DAY, -SECOND, 0, not_applicable("expired", owner="cert-expired")),
        (90 * DAY, -3 * DAY, None, not_applicable("expired", owner="cert-expired")),
    ],
)
def test_enough_whole_days_are_left(
    lifetime: timedelta, left: timedelta, days: int | None, want: Want
) -> None:
    issued = authority().issue(names=(HOST,), not_before=left - lifetime, not_after=left)
    want(ask_visit(RULE, chain_visit(issued.der_chain), Policy(min_cert_days=days)))


def test_it_needs_a_certificate() -> None:
    broken = visit_until("tls", unseen(Trouble.HANDSHAKE))
    not_applicable(owner="tls-handshake-failed")(ask_visit(RULE, broken))
    unknown("cannot be read")(ask_visit(RULE, chain_visit((b"junk",))))
