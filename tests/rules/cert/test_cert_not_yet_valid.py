from datetime import timedelta

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.cert.cert_not_yet_valid import RULE
from tests.build import ADDRESS, HOST, authority, chain_visit, ehlo_reply, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("not_before", "want"),
    [
        (timedelta(days=-30), passes("valid since 2026-01-01")),
        (timedelta(0), passes("valid since 2026-01-31")),
        (SECOND, fails(WHERE, "not valid before 2026-01-31 12:00 UTC")),
        (
            timedelta(days=2),
            fails(WHERE, "2026-02-02 12:00 UTC", HOST, remedy=("valid now", "clock")),
        ),
    ],
)
def test_not_before_is_past(not_before: timedelta, want: Want) -> None:
    issued = authority().issue(names=(HOST,), not_before=not_before)
    want(ask_visit(RULE, chain_visit(issued.der_chain)))


def test_it_needs_a_certificate() -> None:
    plain = visit_until("ehlo", ehlo_reply("SIZE"))
    not_applicable(owner="starttls-missing")(ask_visit(RULE, plain))
    broken = visit_until("tls", unseen(Trouble.HANDSHAKE))
    not_applicable(owner="tls-handshake-failed")(ask_visit(RULE, broken))
    unknown("cannot be read")(ask_visit(RULE, chain_visit((b"junk",))))
