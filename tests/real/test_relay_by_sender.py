"""Servers that relay, or refuse, by the sender: only a refusal of an outside sender is proof."""

import pytest

from tests.real.relay_services import PARTNER, RELAY_SERVICES
from tests.real.world import RealWorld

pytestmark = pytest.mark.real

ASKED = ("--select", "open-relay")
NAMED = ("--ehlo-name", "probe.example.net")
THOROUGH = ("--relay", "thorough", *NAMED)
OUTSIDE, LITERAL = "<postmaster@probe.example.net>", "<postmaster@[127.0.0.1]>"
TO_OUTSIDE = "RCPT TO:<postmaster@iana.org>: 250"

OPEN = (
    ("outside-senders", NAMED, OUTSIDE),
    ("outside-senders", (), LITERAL),
    ("outside-senders-in-vague-words", NAMED, OUTSIDE),
    ("outside-senders-to-all", NAMED, OUTSIDE),
    ("all-but-null", NAMED, OUTSIDE),
    ("null-alone", NAMED, "<>"),
    ("own-alone", NAMED, "<postmaster@by-sender-own-alone.test>"),
    ("all-but-one-domain", NAMED, LITERAL),
    ("all-but-one-at-mail", NAMED, LITERAL),
    ("one-partner", ("--relay-sender", PARTNER), f"<{PARTNER}>"),
)
UNTOLD = (
    ("greylists-outside", NAMED, "450 4.2.0"),
    ("greylists-outside", (*NAMED, "--retries", "1"), "450 4.2.0"),
    ("greylists-null", NAMED, "450 4.2.0"),
    ("greylists-own", NAMED, "450 4.2.0"),
    ("blocks-all", NAMED, "Blocked, see"),
    ("refuses-all-alike", NAMED, "Not here"),
    ("blocks-outside", NAMED, "Blocked, see"),
    ("refuses-outside-alike", NAMED, "Not here"),
)
CLOSED = (
    ("closed", NAMED, f"MAIL FROM:{OUTSIDE}"),
    ("closed", (), f"MAIL FROM:{LITERAL}"),
    ("closed", THOROUGH, f"MAIL FROM:{OUTSIDE}"),
    ("closed-in-vague-words", NAMED, "Not here"),
    ("closed-to-outside-senders", NAMED, "No sender outside the tested domain could be tried"),
    ("closed-with-spf", NAMED, "Not here"),
    ("one-partner", NAMED, "Relay access denied"),  # nobody can guess that sender
    ("percent-for-outside", NAMED, "Relay access denied"),  # a thorough test finds it
)


def judged(world: RealWorld, name: str, flags: tuple[str, ...], outcome: str) -> tuple[int, str]:
    """Return the exit code, and the message of the only result with that outcome."""
    checked = world.check(f"by-sender-{name}.test", *ASKED, *flags)
    assert world.postfix.queued() == []
    (domain,) = checked.report["domains"]
    (result,) = domain["results"]
    assert result["outcome"] == outcome, result["message"]
    return checked.exit_code, result["message"]


def test_every_service_is_in_a_table() -> None:
    tried = {f"by-sender-{name}" for name, _, _ in (*OPEN, *UNTOLD, *CLOSED)}
    assert tried == {service.name for service in RELAY_SERVICES}


@pytest.mark.parametrize(("name", "flags", "sender"), OPEN)
def test_it_relays_for_some_senders(
    real_world: RealWorld, name: str, flags: tuple[str, ...], sender: str
) -> None:
    code, message = judged(real_world, name, flags, "fail")
    assert code == 1
    assert f"MAIL FROM:{sender} {TO_OUTSIDE}" in message


def test_it_relays_through_the_domain_for_outside_senders_alone(real_world: RealWorld) -> None:
    code, message = judged(real_world, "percent-for-outside", THOROUGH, "fail")
    assert code == 1
    assert f"{OUTSIDE} RCPT TO:<postmaster%iana.org@by-sender-percent-for" in message


@pytest.mark.parametrize(("name", "flags", "words"), UNTOLD)
def test_a_refusal_of_the_sender_or_of_all_mail_does_not_tell(
    real_world: RealWorld, name: str, flags: tuple[str, ...], words: str
) -> None:
    code, message = judged(real_world, name, flags, "unknown")
    assert code == 3
    assert words in message


@pytest.mark.parametrize(("name", "flags", "words"), CLOSED)
def test_it_refuses_outside_senders_whose_mail_for_the_domain_it_takes(
    real_world: RealWorld, name: str, flags: tuple[str, ...], words: str
) -> None:
    code, message = judged(real_world, name, flags, "pass")
    assert code == 0
    assert words in message
