"""A server that served this run under one MX name, and hangs up under the next one."""

from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Reply, Visit
from mxcheck.rules.base import AnyRule
from mxcheck.rules.smtp import smtp_ehlo_refused, smtp_greeting_bad
from mxcheck.rules.tls import starttls_refused, tls_handshake_failed
from tests.build import healthy_visit, reply, unseen, visit_until
from tests.rules.ask import ask_visit, fails, unknown

OTHER = "mx2.example.com"
GREETING, EHLO = smtp_greeting_bad.RULE, smtp_ehlo_refused.RULE
STARTTLS, HANDSHAKE = starttls_refused.RULE, tls_handshake_failed.RULE
CLOSED, RESET = unseen(Trouble.CLOSED, "hung up"), unseen(Trouble.RESET, "hung up")
GARBAGE = unseen(Trouble.MALFORMED, "garbage")
BUSY, BROKEN = reply(454, "4.7.0 too many new TLS sessions"), reply(554, "5.3.3 no")

Stage = Unseen | Reply


def second(stage: str, seen: Stage) -> Visit:
    return replace(visit_until(stage, seen), host=OTHER)


@pytest.mark.parametrize(
    ("rule", "stage", "seen"),
    [
        (GREETING, "greeting", CLOSED),
        (GREETING, "greeting", RESET),
        (EHLO, "ehlo", CLOSED),
        (EHLO, "ehlo", RESET),
        (STARTTLS, "starttls", CLOSED),
        (STARTTLS, "starttls", BUSY),
    ],
)
def test_a_server_that_has_had_enough_is_not_blamed(rule: AnyRule, stage: str, seen: Stage) -> None:
    words = seen.detail if isinstance(seen, Unseen) else str(seen)
    want = unknown(OTHER, "under another MX name", words, remedy=(f"for {OTHER} alone",))
    want(ask_visit(rule, second(stage, seen), others=[healthy_visit()]))
    for other in (
        replace(healthy_visit(), port=26),
        replace(healthy_visit(), address="203.0.114.9"),
        visit_until(stage, seen),
    ):
        fails(words)(ask_visit(rule, second(stage, seen), others=[other]))


@pytest.mark.parametrize(
    ("rule", "stage", "seen"),
    [
        (GREETING, "greeting", GARBAGE),
        (EHLO, "ehlo", GARBAGE),
        (STARTTLS, "starttls", BROKEN),
        # From the handshake on the server knows the name (SNI).
        (HANDSHAKE, "tls", CLOSED),
    ],
)
def test_no_limit_on_connections_looks_like_this(rule: AnyRule, stage: str, seen: Stage) -> None:
    fails()(ask_visit(rule, second(stage, seen), others=[healthy_visit()]))
