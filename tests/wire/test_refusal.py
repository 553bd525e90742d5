import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.smtp import Reply
from mxcheck.wire import refusal_words
from mxcheck.wire.refusal import Refusal, is_about_sender, is_access_denied, parse_refusal
from mxcheck.wire.refusal_words import RELAY_WORDS, Words


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
        "dynamic IP addresses are not welcome",
        "HELO: domain does not exist",
        "unknown domain in EHLO",
        "IP domain unknown",
        "your domain is not found",
        "your domain example.com is suspended on this server",
        "Your domain has been blacklisted",
        "Your domain example.net is not allowed in header From",
    ],
)
def test_words_about_this_client(text: str) -> None:
    assert refusal(550, text) is Refusal.CLIENT


@pytest.mark.parametrize(
    "text",
    [
        "SPF check failed",
        "192.0.2.1 is not allowed to send mail from example.org",
        "5.1.8 <a@b.example>: Sender address rejected: Domain not found",
        "Invalid sender domain",
        "5.7.1 sender not allowed",
        "null sender is refused here",
        "sender domain does not exist",
        "return domain not found",
        "<postmaster@[192.0.2.1]>: domain literals not allowed",
    ],
)
def test_words_about_the_sender(text: str) -> None:
    assert refusal(550, text) is Refusal.SENDER
    for code in (450, 451, 550, 553):
        assert is_about_sender(Reply(code=code, lines=(text,)))
    for code in (250, 354, 421):
        assert not is_about_sender(Reply(code=code, lines=(text,)))


@pytest.mark.parametrize(
    "text", ["5.1.1 User unknown", "450 4.2.0 Greylisted", "5.7.1 Relay access denied; SPF", ""]
)
def test_other_words_are_not_about_the_sender(text: str) -> None:
    assert not is_about_sender(Reply(code=550, lines=(text,)))


@pytest.mark.parametrize(
    "text",
    [
        "5.1.2 bad destination system",
        "Domain example.com is suspended",
        "5.1.1 <a@example.com>: unknown domain",
        "5.7.1 this domain is not hosted here",
        "we do not accept mail for this domain",
        "sorry, no such domain here",
        "domain example.com does not exist on this server",
        "Recipient address rejected: Domain not found",
        "domain no longer hosted",
        "Domain is not active",
        "Unrouteable domain",
        "invalid recipient domain",
        "Domain example.com is over quota",
        "recipient domain is not in our list of allowed domains",
        "we do not accept mail for example.com",
        "5.1.10 example.com domain does not accept email",
    ],
)
def test_words_about_the_domain(text: str) -> None:
    assert refusal(550, text) is Refusal.DOMAIN


@pytest.mark.parametrize(
    "text",
    [
        "5.1.1 User unknown",
        "no such user here",
        "#5.1.0 Address rejected.",
        "5.1.10 RESOLVER.ADR.RecipientNotFound; not found",
        "5.2.1 inactive",
        "5.4.1 Recipient address rejected: Access denied",
        "<a@my-domain.example>: user unknown",
        "in domain example.com the user is unknown",
        "Unrouteable address",
        "mailbox is disabled",
        "mailbox full",
        "5.2.2 over quota",
        "sorry, no mailbox here by that name. (#5.1.1)",
    ],
)
def test_words_about_one_mailbox(text: str) -> None:
    assert refusal(550, text) is Refusal.MAILBOX


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (452, "4.5.3 Error: too many recipients"),
        (550, "5.5.3 Too many recipients"),
        (550, "too many invalid recipients"),
        (451, "4.3.0 Multiple destination domains per transaction is unsupported."),
        (554, "only one recipient per message"),
        (552, "recipient limit exceeded"),
    ],
)
def test_words_about_the_number_of_recipients(code: int, text: str) -> None:
    assert refusal(code, text) is Refusal.COUNT


@pytest.mark.parametrize("text", ["", "system full", "need MAIL command", "5.7.1 Access denied"])
def test_other_words(text: str) -> None:
    assert refusal(550, text) is Refusal.OTHER


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (550, "5.4.1 Recipient address rejected: Access denied.", True),
        (550, "5.4.1 No answer from host", False),
        (550, "5.7.606 Access denied, banned sending IP", False),
        (550, "5.1.1 Access denied", False),
        (450, "5.4.1 Access denied", False),
        (250, "5.4.1 Access denied", False),
    ],
)
def test_what_exchange_online_says_of_everything(code: int, text: str, *, expected: bool) -> None:
    assert is_access_denied(Reply(code=code, lines=(text,))) is expected


TABLES = [table for name, table in vars(refusal_words).items() if name.endswith("_WORDS")]


@pytest.mark.parametrize("words", [words for table in TABLES for words in table])
def test_every_row_says_whose_words_it_has_and_where_they_can_be_read(words: Words) -> None:
    assert words.speaker
    assert words.source
    assert words.pattern.replace(r"\A", "") == words.pattern
    assert not re.search(r"(?<!\\)[A-Z]", words.pattern)  # they are for lower case


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
