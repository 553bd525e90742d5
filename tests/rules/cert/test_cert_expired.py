from datetime import timedelta

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.cert.cert_expired import RULE
from tests.build import ADDRESS, HOST, authority, chain_visit, healthy_visit, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown

WHERE = f"{HOST} [{ADDRESS}]:25"
SECOND = timedelta(seconds=1)
NOTE = "no policy promises it; most senders still deliver"
RENEW = ("Renew the certificate (for example with certbot)", "reload the MTA")


@pytest.mark.parametrize(
    ("not_after", "want"),
    [
        (timedelta(days=60), passes("valid until 2026-04-01")),
        (SECOND, passes("valid until 2026-01-31")),
        # RFC 5280 4.1.2.5: notAfter is the last moment at which it is valid.
        (timedelta(0), passes("valid until 2026-01-31")),
        (-SECOND, fails(WHERE, "2026-01-31 11:59 UTC", "0 days ago")),
        (
            timedelta(days=-3),
            fails(WHERE, "2026-01-28 12:00 UTC", "3 days ago", HOST, NOTE, remedy=RENEW),
        ),
    ],
)
def test_not_after_is_to_come(not_after: timedelta, want: Want) -> None:
    issued = authority().issue(names=(HOST,), not_after=not_after)
    want(ask_visit(RULE, chain_visit(issued.der_chain)))


def test_the_dates_of_the_leaf_count_alone() -> None:
    passes("2026-04-01")(ask_visit(RULE, healthy_visit()))


@pytest.mark.parametrize("stage", ["connection", "greeting", "ehlo", "starttls", "tls"])
def test_without_a_certificate_another_rule_owns_the_cause(stage: str) -> None:
    owners = {
        "connection": "smtp-unreachable",
        "greeting": "smtp-greeting-bad",
        "ehlo": "smtp-ehlo-refused",
        "starttls": "starttls-refused",
        "tls": "tls-handshake-failed",
    }
    answer = ask_visit(RULE, visit_until(stage, unseen(Trouble.TIMEOUT)))
    not_applicable(owner=owners[stage])(answer)


def test_a_certificate_that_cannot_be_read_is_unknown() -> None:
    unknown("cannot be read")(ask_visit(RULE, chain_visit((b"\x30\x00",))))


def test_a_session_without_a_certificate_is_unknown() -> None:
    unknown("presented no certificate")(ask_visit(RULE, chain_visit(())))
