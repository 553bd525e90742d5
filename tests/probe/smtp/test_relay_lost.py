from collections.abc import Iterable
from dataclasses import replace

import pytest

from mxcheck.demo import smtp_server
from mxcheck.demo.smtp_script import Act, Answer, RecipientReply, Script
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import RelayForm, Reply
from tests.probe.harness import (
    AT_HOME,
    DOMAIN,
    HEALTHY,
    IN_CLEAR,
    SETTINGS,
    probe_host,
)

ONCE = replace(SETTINGS, retries=0)
IMPATIENT = replace(ONCE, timeout=1)
UNPIPELINED = replace(IN_CLEAR, extensions=())


def in_turn(*answers: Answer) -> RecipientReply:
    """Answer each RCPT with the next of these, and then as a closed relay."""
    left: Iterable[Answer] = iter(answers)

    def answer(sender: str, recipient: str) -> Answer:
        return next(iter(left), AT_HOME(sender, recipient))

    return answer


def answers_of(script_answers: Iterable[Reply | Unseen]) -> list[int | Trouble]:
    return [a.code if isinstance(a, Reply) else a.trouble for a in script_answers]


# What EHLO, STARTTLS and EHLO again take, and each form after the first: RSET, MAIL, RCPT.
DROPS: list[tuple[Script, int, list[int | Trouble]]] = [
    (HEALTHY, 4, [Trouble.CLOSED] * 3),  # after MAIL
    (HEALTHY, 5, [250, Trouble.CLOSED, Trouble.CLOSED]),
    (HEALTHY, 8, [250, 554, Trouble.CLOSED]),
    (HEALTHY, 11, [250, 554, 554]),
    (UNPIPELINED, 3, [Trouble.CLOSED] * 3),
    (UNPIPELINED, 4, [250, Trouble.CLOSED, Trouble.CLOSED]),
    (UNPIPELINED, 6, [250, Trouble.CLOSED, Trouble.CLOSED]),
    (UNPIPELINED, 7, [250, 554, Trouble.CLOSED]),
]


@pytest.mark.parametrize(("script", "drop_after", "expected"), DROPS)
async def test_a_lost_connection_takes_nothing_back(
    script: Script, drop_after: int, expected: list[int | Trouble]
) -> None:
    seen = await probe_host(replace(script, drop_after=drop_after), settings=ONCE)
    assert answers_of(a.rcpt for a in seen.visit.relay) == expected
    assert len(seen.server.sessions) == 1
    assert [a.form for a in seen.visit.relay] == [
        RelayForm.CONTROL,
        RelayForm.NULL_SENDER,
        RelayForm.DOMAIN_SENDER,
    ]


@pytest.mark.parametrize("verb", ["EHLO", "STARTTLS", "MAIL", "RCPT", "RSET", "QUIT"])
@pytest.mark.parametrize("script", [HEALTHY, IN_CLEAR, UNPIPELINED], ids=["tls", "clear", "slow"])
async def test_a_server_that_closes_at_a_verb(verb: str, script: Script) -> None:
    seen = await probe_host(replace(script, drop_at=verb))
    assert seen.verbs[0][-1] == verb
    if verb in {"EHLO", "STARTTLS"}:
        stage = {"EHLO": seen.visit.ehlo, "STARTTLS": seen.visit.starttls}[verb]
        assert isinstance(stage, Unseen)
        assert stage.trouble is Trouble.CLOSED
    else:
        assert len(seen.verbs) == 1
        assert len(seen.visit.relay) == 3


@pytest.mark.parametrize("script", [HEALTHY, UNPIPELINED], ids=["tls", "slow"])
async def test_421_in_the_dialogue_ends_it(script: Script) -> None:
    leaving = b"421 4.7.0 too many errors\r\n"
    recipient = in_turn(b"250 Ok\r\n", leaving)
    seen = await probe_host(replace(script, recipient=recipient))
    assert answers_of(a.rcpt for a in seen.visit.relay) == [250, 421, Trouble.NOT_ASKED]
    last = seen.visit.relay[-1]
    assert last.mail == last.rcpt
    assert isinstance(last.mail, Unseen)
    assert last.mail.detail == "the server had hung up: 421 4.7.0 too many errors"
    assert len(seen.server.sessions) == 1
    assert "QUIT" not in seen.server.verbs


@pytest.mark.parametrize("script", [HEALTHY, UNPIPELINED], ids=["tls", "slow"])
async def test_silence_in_the_dialogue(script: Script) -> None:
    recipient = in_turn(b"250 Ok\r\n", Act.SILENCE)
    seen = await probe_host(replace(script, recipient=recipient), settings=IMPATIENT)
    assert answers_of(a.rcpt for a in seen.visit.relay) == [250, Trouble.TIMEOUT, Trouble.TIMEOUT]


async def test_a_reply_that_is_none_ends_the_dialogue() -> None:
    seen = await probe_host(replace(HEALTHY, recipient=in_turn(b"what?\r\n")))
    assert answers_of(a.rcpt for a in seen.visit.relay) == [Trouble.MALFORMED] * 3


async def test_a_refused_rset_is_not_taken_for_the_answer_to_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    simple = smtp_server._Dialogue._simple  # noqa: SLF001 - no script refuses RSET

    async def refuse_rset(self: smtp_server._Dialogue, verb: str) -> None:
        await simple(self, "UNKNOWN" if verb == "RSET" else verb)

    monkeypatch.setattr(smtp_server._Dialogue, "_simple", refuse_rset)  # noqa: SLF001
    seen = await probe_host(UNPIPELINED)
    assert answers_of(a.mail for a in seen.visit.relay) == [250] * 3
    assert answers_of(a.rcpt for a in seen.visit.relay) == [250, 554, 554]


@pytest.mark.parametrize(
    "second",
    [
        replace(HEALTHY, greeting=b"421 4.3.2 no\r\n"),
        replace(HEALTHY, greeting=Act.CLOSE),
        replace(HEALTHY, starttls=Act.CLOSE),
        replace(HEALTHY, starttls=b"421 4.3.2 no\r\n"),
        replace(HEALTHY, drop_after=2),
        replace(HEALTHY, drop_at="MAIL"),
    ],
    ids=["421", "closed", "closed at STARTTLS", "421 to STARTTLS", "closed in TLS", "MAIL"],
)
async def test_what_was_put_off_stays_where_the_second_connection_fails(second: Script) -> None:
    first = replace(HEALTHY, recipient=in_turn(b"450 4.3.2 later\r\n"))
    seen = await probe_host(first, second)
    assert answers_of(a.rcpt for a in seen.visit.relay) == [450, 554, 554]
    assert len(seen.server.sessions) == 2
    assert seen.visit.relay[0].recipient == f"postmaster@{DOMAIN}"
