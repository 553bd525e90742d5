"""Servers that say more than they were asked: no reply is told from another any more."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Answer, RecipientReply, Script
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import RelayForm
from mxcheck.evidence.tls import TlsSession
from mxcheck.rules.base import Fail
from mxcheck.rules.relay import open_relay
from mxcheck.rules.smtp import smtp_greeting_bad
from tests.probe.harness import DOMAIN, HEALTHY, HOST, IN_CLEAR, SETTINGS, TLS, Seen, probe_host
from tests.rules.ask import ask_visit, fails, unknown

CONTROL = f"postmaster@{DOMAIN}"
OUT_OF_TURN = "the server speaks out of turn"
NO = b"554 5.7.1 no\r\n"
DENIED = b"554 5.7.1 Relay access denied\r\n"
MODES = [("PIPELINING",), ()]
NAMES = ["grouped", "in turn"]


def at_home(control: bytes = b"250 2.1.5 Ok\r\n") -> RecipientReply:
    """Take the control recipient, in these words, and nobody else."""

    def answer(_sender: str, recipient: str) -> Answer:
        return control if recipient == CONTROL else NO

    return answer


class Chatty(Script):
    """Says a word too much after the reply to EHLO inside TLS."""

    def ehlo_answer(self, *, in_tls: bool) -> Answer:
        answer = Script.ehlo_answer(self, in_tls=in_tls)
        return answer + b"250 extra\r\n" if in_tls and isinstance(answer, bytes) else answer


def ensure_no_open_relay(seen: Seen) -> None:
    assert not isinstance(ask_visit(open_relay.RULE, seen.visit), Fail)


def troubles(seen: Seen) -> Iterator[Trouble | None]:
    for attempt in seen.visit.relay:
        yield attempt.rcpt.trouble if isinstance(attempt.rcpt, Unseen) else None


async def test_two_greetings_are_none() -> None:
    seen = await probe_host(replace(HEALTHY, greeting=b"220 mx\r\n220 again\r\n"))
    greeting = seen.visit.greeting
    assert isinstance(greeting, Unseen)
    assert greeting.trouble is Trouble.MALFORMED
    assert greeting.detail.startswith(f"{OUT_OF_TURN}: ")
    assert "220 again" in greeting.detail
    assert (seen.visit.ehlo, seen.visit.relay, seen.visit.tries) == (NOT_ASKED, (), 1)
    assert seen.verbs == [[]]
    assert greeting.detail in [line.text for line in seen.visit.transcript]
    fails(HOST, OUT_OF_TURN)(ask_visit(smtp_greeting_bad.RULE, seen.visit))


@pytest.mark.parametrize("extensions", MODES, ids=NAMES)
async def test_a_word_too_much_inside_tls(extensions: tuple[str, ...]) -> None:
    script = Chatty(hostname=HOST, tls=TLS, recipient=at_home(), extensions_in_tls=extensions)
    seen = await probe_host(script)
    assert isinstance(seen.visit.tls, TlsSession)
    assert seen.visit.relay == ()
    assert seen.visit.relay_left_out.trouble is Trouble.MALFORMED
    assert seen.verbs == [["EHLO", "STARTTLS", "EHLO"]]
    unknown(OUT_OF_TURN, "250 extra")(ask_visit(open_relay.RULE, seen.visit))


async def test_a_word_too_much_in_clear_is_not_the_answer_to_starttls() -> None:
    seen = await probe_host(replace(HEALTHY, ehlo=b"250 mx\r\n220 go ahead\r\n"))
    assert isinstance(seen.visit.starttls, Unseen)
    assert seen.visit.starttls.trouble is Trouble.MALFORMED
    assert seen.visit.tls == NOT_ASKED


def one_too_many(extensions: tuple[str, ...]) -> dict[str, Script]:
    in_tls = replace(HEALTHY, recipient=at_home(), extensions_in_tls=extensions)
    in_clear = replace(IN_CLEAR, recipient=at_home(), extensions=extensions)
    mail, control = b"250 2.1.0 Ok\r\n250 extra\r\n", b"250 2.1.5 Ok\r\n250 extra\r\n"
    return {
        "MAIL in TLS": replace(in_tls, mail=mail),
        "MAIL in clear": replace(in_clear, mail=mail),
        "RCPT in TLS": replace(in_tls, recipient=at_home(control)),
        "RCPT in clear": replace(in_clear, recipient=at_home(control)),
        "RCPT three times": replace(in_tls, recipient=at_home(control + 2 * b"250 more\r\n")),
    }


@pytest.mark.parametrize("extensions", MODES, ids=NAMES)
@pytest.mark.parametrize("name", one_too_many(()))
async def test_what_is_refused_never_looks_accepted(name: str, extensions: tuple[str, ...]) -> None:
    seen = await probe_host(one_too_many(extensions)[name])
    ensure_no_open_relay(seen)
    assert seen.visit.relay_left_out.trouble is Trouble.MALFORMED
    assert set(troubles(seen)) <= {Trouble.MALFORMED}


@pytest.mark.parametrize("extensions", MODES, ids=NAMES)
async def test_nor_where_the_server_hangs_up_behind_it(extensions: tuple[str, ...]) -> None:
    control = b"250 2.1.5 Ok\r\n" + 6 * b"250 extra\r\n"
    script = replace(HEALTHY, recipient=at_home(control), extensions_in_tls=extensions)
    seen = await probe_host(replace(script, drop_after=5), settings=replace(SETTINGS, retries=0))
    ensure_no_open_relay(seen)


@pytest.mark.parametrize("extensions", MODES, ids=NAMES)
async def test_the_last_words_of_a_server_that_hangs_up_are_its_answer(
    extensions: tuple[str, ...],
) -> None:
    control = b"250 2.1.5 Ok\r\n421 4.4.2 timeout exceeded\r\n"
    script = replace(HEALTHY, recipient=at_home(control), extensions_in_tls=extensions)
    seen = await probe_host(replace(script, drop_after=6))
    assert [attempt.form for attempt in seen.visit.relay[:2]] == [
        RelayForm.OUTSIDE_SENDER,
        RelayForm.CONTROL,
    ]
    assert "421 4.4.2 timeout exceeded" in [line.text for line in seen.visit.transcript]
    ensure_no_open_relay(seen)


def at_last(words: bytes) -> RecipientReply:
    """Refuse the outside in words of relaying, and add these words to the last answer."""

    def answer(sender: str, recipient: str) -> Answer:
        if recipient == CONTROL:
            return b"250 2.1.5 Ok\r\n"
        return DENIED + words if sender == CONTROL else DENIED

    return answer


@pytest.mark.parametrize("extensions", MODES, ids=NAMES)
async def test_a_word_too_much_at_the_end_takes_back_what_it_may_belong_to(
    extensions: tuple[str, ...],
) -> None:
    script = replace(HEALTHY, extensions_in_tls=extensions, recipient=at_last(b"250 extra\r\n"))
    seen = await probe_host(script)
    assert list(troubles(seen)) == [None, None, Trouble.MALFORMED, Trouble.MALFORMED]
    assert "QUIT" not in seen.server.verbs


@pytest.mark.parametrize("extensions", MODES, ids=NAMES)
async def test_a_farewell_takes_nothing_back(extensions: tuple[str, ...]) -> None:
    farewell = b"421 4.7.0 mx Error: too many errors\r\n"
    script = replace(HEALTHY, extensions_in_tls=extensions, recipient=at_last(farewell))
    seen = await probe_host(script)
    assert list(troubles(seen)) == [None, None, None, None]
    assert farewell.decode().strip() in [line.text for line in seen.visit.transcript]


async def test_a_greeting_and_a_farewell() -> None:
    busy = replace(HEALTHY, greeting=b"220 mx\r\n421 4.3.2 busy\r\n", drop_at="EHLO")
    seen = await probe_host(busy, HEALTHY)
    assert "421 4.3.2 busy" in [line.text for line in seen.visit.transcript]
    assert (len(seen.server.sessions), seen.visit.tries) == (2, 2)
    assert isinstance(seen.visit.tls, TlsSession)
