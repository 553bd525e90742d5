import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.smtp import Reply
from mxcheck.wire.refusal import Refusal, parse_refusal


def refusal(code: int, *lines: str) -> Refusal:
    return parse_refusal(Reply(code=code, lines=lines))


@pytest.mark.parametrize(
    "text",
    [
        "5.7.1 <postmaster@iana.org>: Relay access denied",
        "relay not permitted",
        "5.7.1 <postmaster@iana.org>... Relaying denied",
        "5.7.1 Relaying denied. IP name lookup failed [192.0.2.1]",
        "5.7.1 Unable to relay",
        "5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
        "5.7.64 TenantAttribution; Relay Access Denied",
        "<postmaster@iana.org> Relay rejected for policy reasons.",
        "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        "I cannot deliver mail for <postmaster@iana.org>",
        "5.7.1 We do not relay",
        "we don't do this: you are not allowed to relay",
        "Relaying mail to iana.org is not allowed",
        "RELAY ACCESS DENIED",
        "relaying to <a@b> prohibited by administrator",
        # The words of relaying weigh more than those about the client.
        "Relay access denied; see spamhaus",
    ],
)
@pytest.mark.parametrize("code", [454, 550, 553, 554])
def test_words_of_relaying(code: int, text: str) -> None:
    assert refusal(code, text) is Refusal.RELAY


@pytest.mark.parametrize(
    "text",
    [
        "5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
        "5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied",
        "5.7.1 <probe>: Helo command rejected: need fully-qualified hostname",
        "5.1.8 <a@b>: Sender address rejected: Domain not found",
        "your IP is on our blacklist",
        "blocked by block list",
        "no reverse DNS for 192.0.2.1",
        "PTR record missing",
        "poor reputation of your address",
        "5.7.606 Access denied, banned sending IP [192.0.2.1]",
        "SPF check failed",
        "dynamic IP addresses are not welcome",
    ],
)
def test_words_about_this_client(text: str) -> None:
    assert refusal(550, text) is Refusal.CLIENT


@pytest.mark.parametrize(
    "text", ["", "5.1.1 User unknown", "no such user here", "mailbox full", "need MAIL command"]
)
def test_other_words(text: str) -> None:
    assert refusal(550, text) is Refusal.OTHER


@pytest.mark.parametrize("code", [200, 250, 251, 252, 299])
def test_2yz_alone_accepts(code: int) -> None:
    assert refusal(code, "relay access denied") is Refusal.NONE


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (354, "go on"),
        (421, "relaying denied, closing"),
        (450, "greylisted"),
        (451, "blocked using zen.spamhaus.org"),
        (452, ""),
    ],
)
def test_what_decides_nothing(code: int, text: str) -> None:
    assert refusal(code, text) is Refusal.TEMPORARY


def test_the_words_may_be_spread_over_lines() -> None:
    assert refusal(550, "5.7.1 Relay", "access   denied") is Refusal.RELAY


@given(st.integers(300, 599), st.lists(st.text(max_size=60), max_size=3))
def test_no_words_turn_a_refusal_into_acceptance(code: int, lines: list[str]) -> None:
    assert refusal(code, *lines) is not Refusal.NONE
