import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.smtp import Reply
from mxcheck.wire.refusal import CLIENT_WORDS, RELAY_WORDS, Refusal, Words, parse_refusal


def refusal(code: int, *lines: str) -> Refusal:
    return parse_refusal(Reply(code=code, lines=lines))


REPLIES = Path(__file__).parent / "testdata" / "refusals.txt"
REAL = [
    line.split("; ", 2)
    for line in REPLIES.read_text().splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("about", "whose", "said"), REAL)
def test_real_replies(about: str, whose: str, said: str) -> None:
    lines = said.split("|")
    assert refusal(int(said[:3]), *(line[4:] for line in lines)) is Refusal[about.upper()], whose


@pytest.mark.parametrize(
    "text",
    [
        "5.7.1 We do not relay",
        "we don't do this: you are not allowed to relay",
        "Relaying mail to iana.org is not allowed",
        "RELAY ACCESS DENIED",
        "relaying to <a@b> prohibited by administrator",
        # An MTA's own words of relaying weigh more than those about the client.
        "Relay access denied; see spamhaus",
    ],
)
@pytest.mark.parametrize("code", [454, 550, 553, 554])
def test_words_of_relaying(code: int, text: str) -> None:
    assert refusal(code, text) is Refusal.RELAY


@pytest.mark.parametrize(
    "text",
    [
        "your IP is on our blacklist",
        "blocked by block list",
        "no reverse DNS for 192.0.2.1",
        "PTR record missing",
        "poor reputation of your address",
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


@pytest.mark.parametrize("words", [*RELAY_WORDS, *CLIENT_WORDS])
def test_every_row_says_whose_words_it_has_and_where_they_can_be_read(words: Words) -> None:
    assert words.speaker
    assert words.source
    assert re.search(words.pattern, words.pattern.upper()) is None  # they are for lower case


def test_every_row_about_relaying_is_met_by_a_real_reply() -> None:
    texts = [said.lower().replace("|550 ", " ") for about, _, said in REAL if about == "relay"]
    for words in RELAY_WORDS:
        assert any(re.search(words.pattern, text) for text in texts), words


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
