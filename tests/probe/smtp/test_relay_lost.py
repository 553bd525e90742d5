"""Connections that end in the middle of the relay test."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mxcheck.demo import smtp_server
from mxcheck.demo.smtp_script import Act, Answer, RecipientReply, Script
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import RelayForm
from mxcheck.rules.relay import mx_rejects_domain, open_relay
from tests.probe.harness import AT_HOME, HEALTHY, IN_CLEAR, SETTINGS, probe_host
from tests.probe.smtp.transactions import answers
from tests.rules.ask import ask_visit, passes, unknown

ONCE = replace(SETTINGS, retries=0)
IMPATIENT = replace(ONCE, timeout=1)
UNPIPELINED = replace(IN_CLEAR, extensions=())

OUTSIDE, CONTROL = RelayForm.OUTSIDE_SENDER, RelayForm.CONTROL
NULL, OWN = RelayForm.NULL_SENDER, RelayForm.DOMAIN_SENDER
WHOLE = [(OUTSIDE, 1, 554), (CONTROL, 1, 250), (NULL, 1, 554), (OWN, 1, 554)]


def in_turn(*answers: Answer) -> RecipientReply:
    """Answer each RCPT with the next of these, and then as a closed relay."""
    left = iter(answers)

    def answer(sender: str, recipient: str) -> Answer:
        return next(left, AT_HOME(sender, recipient))

    return answer


# What EHLO, STARTTLS and EHLO again take, MAIL and two RCPT, and then RSET, MAIL and RCPT twice.
DROPS: list[tuple[Script, int, Sequence[tuple[RelayForm, int, object]]]] = [
    (HEALTHY, 3, []),
    (HEALTHY, 4, [(OUTSIDE, 1, Trouble.CLOSED), (CONTROL, 1, Trouble.CLOSED)]),
    (HEALTHY, 5, [(OUTSIDE, 1, 554), (CONTROL, 1, Trouble.CLOSED)]),
    (HEALTHY, 6, WHOLE[:2]),
    (HEALTHY, 8, [*WHOLE[:2], (NULL, 1, Trouble.CLOSED)]),
    (HEALTHY, 9, WHOLE[:3]),
    (HEALTHY, 12, WHOLE),
    (UNPIPELINED, 3, [(OUTSIDE, 1, Trouble.CLOSED), (CONTROL, 1, Trouble.CLOSED)]),
    (UNPIPELINED, 4, [(OUTSIDE, 1, 554), (CONTROL, 1, Trouble.CLOSED)]),
    (UNPIPELINED, 5, WHOLE[:2]),
    (UNPIPELINED, 6, WHOLE[:2]),
    (UNPIPELINED, 7, [*WHOLE[:2], (NULL, 1, Trouble.CLOSED)]),
]


@pytest.mark.parametrize(("script", "drop_after", "expected"), DROPS)
async def test_a_lost_connection_takes_nothing_back(
    script: Script, drop_after: int, expected: Sequence[tuple[RelayForm, int, object]]
) -> None:
    seen = await probe_host(replace(script, drop_after=drop_after), settings=ONCE)
    assert answers(seen.visit) == expected
    assert len(seen.server.sessions) == 1
    if expected == WHOLE:
        assert seen.visit.relay_left_out == NOT_ASKED
        passes("refuses to relay")(ask_visit(open_relay.RULE, seen.visit))
    else:
        assert seen.visit.relay_left_out.trouble is Trouble.CLOSED
        unknown(seen.visit.relay_left_out.detail)(ask_visit(open_relay.RULE, seen.visit))


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
        left_out = Trouble.NOT_ASKED if verb == "QUIT" else Trouble.CLOSED
        assert seen.visit.relay_left_out.trouble is left_out


@pytest.mark.parametrize("script", [HEALTHY, UNPIPELINED], ids=["tls", "slow"])
async def test_what_421_leaves_is_asked_on_a_further_connection(script: Script) -> None:
    leaving = replace(
        script, recipient=in_turn(b"550 5.7.1 no\r\n", b"421 4.7.0 too many errors\r\n")
    )
    seen = await probe_host(leaving, script)
    assert answers(seen.visit) == [
        (OUTSIDE, 1, 550),
        (CONTROL, 1, 421),
        (NULL, 2, 554),
        (CONTROL, 2, 250),
        (OWN, 2, 554),
    ]
    assert [verbs[-1] for verbs in seen.verbs] == ["RCPT", "QUIT"]
    unknown("550 5.7.1 no")(ask_visit(open_relay.RULE, seen.visit))
    passes()(ask_visit(mx_rejects_domain.RULE, seen.visit))


@pytest.mark.parametrize("script", [HEALTHY, UNPIPELINED], ids=["tls", "slow"])
async def test_421_in_place_of_the_first_answer_is_not_asked_again(script: Script) -> None:
    seen = await probe_host(replace(script, recipient=in_turn(b"421 4.7.0 go away\r\n")))
    assert answers(seen.visit)[0] == (OUTSIDE, 1, 421)
    assert len(seen.server.sessions) == 1
    assert "421 4.7.0 go away" in seen.visit.relay_left_out.detail
    unknown("421 4.7.0 go away")(ask_visit(open_relay.RULE, seen.visit))


@pytest.mark.parametrize("script", [HEALTHY, UNPIPELINED], ids=["tls", "slow"])
async def test_silence_in_the_dialogue(script: Script) -> None:
    recipient = in_turn(b"550 no\r\n", b"250 Ok\r\n", Act.SILENCE)
    seen = await probe_host(replace(script, recipient=recipient), settings=IMPATIENT)
    assert answers(seen.visit)[-1] == (NULL, 1, Trouble.TIMEOUT)
    assert seen.visit.relay_left_out.trouble is Trouble.TIMEOUT


async def test_a_reply_that_is_none_ends_the_dialogue() -> None:
    seen = await probe_host(replace(HEALTHY, recipient=in_turn(b"what?\r\n")))
    assert answers(seen.visit) == [
        (OUTSIDE, 1, Trouble.MALFORMED),
        (CONTROL, 1, Trouble.MALFORMED),
    ]


async def test_a_refused_rset_is_not_taken_for_the_answer_to_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    simple = smtp_server._Dialogue._simple  # noqa: SLF001 - no script refuses RSET

    async def refuse_rset(self: smtp_server._Dialogue, verb: str) -> None:
        await simple(self, "UNKNOWN" if verb == "RSET" else verb)

    monkeypatch.setattr(smtp_server._Dialogue, "_simple", refuse_rset)  # noqa: SLF001
    seen = await probe_host(UNPIPELINED)
    assert answers(seen.visit) == WHOLE


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
async def test_what_was_put_off_stays_if_the_second_connection_fails(second: Script) -> None:
    first = replace(HEALTHY, recipient=in_turn(b"450 4.3.2 later\r\n"))
    seen = await probe_host(first, second)
    assert answers(seen.visit) == [(OUTSIDE, 1, 450), *WHOLE[1:]]
    assert len(seen.server.sessions) == 2
    unknown("450 4.3.2 later", remedy=("again later",))(ask_visit(open_relay.RULE, seen.visit))
