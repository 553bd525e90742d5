"""The two rules about the names of senders."""

import pytest

from mxcheck.model.policy import Policy
from mxcheck.rules.posture import sender_helo_spf_fails, sender_reverse_dns_mismatch
from tests.rules.ask import Want, fails, not_applicable, passes, unknown
from tests.rules.posture.spf import MAIL, SENDER, ask_sender
from tests.spf_zone import TIMEOUT


@pytest.mark.parametrize(
    ("sender", "name", "want"),
    [
        (SENDER, MAIL, passes(f"{SENDER} is {MAIL}, and {MAIL} is {SENDER}")),
        (SENDER, "", fails(f"{SENDER} has no name (PTR record)", remedy=("set its PTR record",))),
        ("10.0.0.1", "", not_applicable("10.0.0.1 is not public")),
    ],
)
def test_sender_reverse_dns_mismatch(sender: str, name: str, want: Want) -> None:
    want(ask_sender(sender_reverse_dns_mismatch.RULE, (), sender, name=name))


def test_a_private_sender_is_judged_if_that_is_allowed() -> None:
    policy = Policy(allow_private=True)
    rule = sender_reverse_dns_mismatch.RULE
    fails("no name")(ask_sender(rule, (), "10.0.0.1", name="", policy=policy))


@pytest.mark.parametrize(
    ("records", "want"),
    [
        (["TXT v=spf1 a -all", f"A {SENDER}"], passes(f"{MAIL} [{SENDER}]", "`a`")),
        ([f"A {SENDER}"], passes("it has no SPF record")),
        (
            ["TXT v=spf1 -all", f"A {SENDER}"],
            fails("the result is fail", remedy=(f'`{MAIL}. TXT "v=spf1 a -all"`',)),
        ),
        (["TXT v=spf1 moo"], fails("the result is permerror", "no mechanism 'moo'")),
        ([TIMEOUT], unknown("as the name in HELO is not known")),
    ],
)
def test_sender_helo_spf_fails(records: list[str], want: Want) -> None:
    want(ask_sender(sender_helo_spf_fails.RULE, (), zone={MAIL: records}))


def test_without_a_name_another_rule_owns_the_cause() -> None:
    not_applicable("lead back", owner="sender-reverse-dns-mismatch")(
        ask_sender(sender_helo_spf_fails.RULE, (), name="")
    )
