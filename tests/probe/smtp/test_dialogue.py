from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Act, Answer, Script
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.probe.smtp.dialogue import Dialogue
from mxcheck.probe.smtp.transcript import MAX_LINES, MAX_SIZE, MAX_TEXT, Transcript
from mxcheck.probe.tcp import Channel, Dialer
from mxcheck.wire.smtp_reply import MAX_REPLY_LINES
from tests.probe.harness import (
    BYTE_FLOOD,
    HEALTHY,
    LINE_FLOOD,
    SETTINGS,
    Seen,
    probe_host,
    then_silence,
)

IMPATIENT = replace(SETTINGS, timeout=1, retries=0)


@asynccontextmanager
async def dialogue_with(script: Script) -> AsyncIterator[tuple[Dialogue, ScriptedSmtp]]:
    async with ScriptedSmtp(script) as server:
        opened = await Dialer(timeout=5, routes={}).connect(*server.address)
        assert not isinstance(opened, Unseen)
        try:
            dialogue = Dialogue(opened[0], Transcript(), 5)
            assert isinstance(await dialogue.read_reply(5), Reply)
            yield dialogue, server
        finally:
            opened[0].close()


@pytest.mark.parametrize(
    "line",
    [
        "DATA",
        "data",
        " DATA",
        "BDAT 0 LAST",
        "VRFY postmaster",
        "EXPN list",
        "AUTH PLAIN AGEAYg==",
        "NOOP\r\nDATA",
        "NOOP\n",
        "RCPT TO:<a@example.com>\rDATA",
        "NOOP\t",
        "NOOP \x00",
        "RCPT TO:<ä@example.com>",
    ],
)
async def test_what_is_never_sent(line: str) -> None:
    async with dialogue_with(Script()) as (dialogue, server):
        with pytest.raises(ValueError, match="must never send"):
            await dialogue.commands(["NOOP", line])
        assert isinstance(await dialogue.command("QUIT"), Reply)
    assert server.verbs in (["QUIT"], ["NOOP", "QUIT"])


async def test_a_group_is_sent_whole_or_not_at_all() -> None:
    async with dialogue_with(Script()) as (dialogue, server):
        with pytest.raises(ValueError, match="must never send"):
            await dialogue.commands(["MAIL FROM:<>", "DATA"])
        await dialogue.command("QUIT")
    assert server.verbs == ["QUIT"]


async def test_replies_to_a_group_are_told_apart() -> None:
    async with dialogue_with(Script()) as (dialogue, _):
        replies = await dialogue.commands(["NOOP", "WHAT", "MAIL FROM:<>"])
    assert [reply.code for reply in replies if isinstance(reply, Reply)] == [250, 502, 250]


async def test_after_a_loss_the_rest_of_a_group_shares_it() -> None:
    async with dialogue_with(Script(drop_at="RSET")) as (dialogue, _):
        replies = await dialogue.commands(["NOOP", "RSET", "NOOP"])
        later = await dialogue.command("NOOP")
    assert isinstance(replies[0], Reply)
    assert replies[1] == replies[2]
    for lost in (replies[1], later):
        assert isinstance(lost, Unseen)
        assert lost.trouble in {Trouble.CLOSED, Trouble.RESET}


@pytest.mark.parametrize(
    ("came", "hung_up", "trouble"),
    [
        (b"250 extra\r\n", False, Trouble.MALFORMED),
        (b"250 extra\r\n", True, Trouble.MALFORMED),
        (b"2", False, Trouble.MALFORMED),
        (b"554 5.7.1 no\r\n", False, Trouble.MALFORMED),
        (b"554 5.7.1 no\r\n250 extra\r\n", True, Trouble.MALFORMED),
        # A server may take its leave unasked; what it says is the answer to the next command.
        (b"421 4.4.2 timeout\r\n", False, None),
        (b"421 4.4.2 timeout\r\n", True, None),
        (b"554-5.7.1 no\r\n554 5.7.1 never\r\n", True, None),
        (b"", True, Trouble.CLOSED),
        (b"", False, None),
    ],
)
async def test_what_comes_unasked(came: bytes, hung_up: bool, trouble: Trouble | None) -> None:  # noqa: FBT001
    async with dialogue_with(Script()) as (dialogue, server):
        assert isinstance(dialogue.channel, Channel)
        dialogue.channel.reader.feed_data(came)
        if hung_up:
            dialogue.channel.reader.feed_eof()
        seen = await dialogue.spoken_out_of_turn()
        assert (seen.trouble if seen else None) is trouble
        if trouble:
            assert await dialogue.commands(["NOOP", "NOOP"]) == [seen, seen]
            assert server.verbs == []
        elif came:
            first, _ = await dialogue.commands(["NOOP", "NOOP"])
            assert isinstance(first, Reply)
            assert first.code == int(came[:3])


STAGES = ["ehlo", "mail", "starttls"]
NO_REPLIES: dict[str, tuple[Answer, Trouble]] = {
    "silence": (Act.SILENCE, Trouble.TIMEOUT),
    "close": (Act.CLOSE, Trouble.CLOSED),
    "garbage": (b"\xff\xfe\x00\r\n", Trouble.MALFORMED),
    "endless line": (BYTE_FLOOD, Trouble.FLOOD),
    "endless reply": (LINE_FLOOD, Trouble.FLOOD),
}


def answer_of(seen: Seen, stage: str) -> Reply | Unseen:
    visit = seen.visit
    match stage:
        case "ehlo":
            return visit.ehlo
        case "starttls":
            return visit.starttls
        case _:
            return visit.relay_left_out


def script_of(stage: str, answer: Answer) -> Script:
    match stage:
        case "ehlo":
            return replace(HEALTHY, ehlo=answer)
        case "starttls":
            return replace(HEALTHY, starttls=answer)
        case _:
            return replace(HEALTHY, mail=answer)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("name", NO_REPLIES)
async def test_no_reply_to_a_command(stage: str, name: str) -> None:
    answer, trouble = NO_REPLIES[name]
    # Garbage after EHLO may belong to the greeting, so the probe still waits for the reply.
    waits = answer is Act.SILENCE or (stage, name) == ("ehlo", "garbage")
    settings = IMPATIENT if waits else replace(SETTINGS, retries=0)
    seen = await probe_host(script_of(stage, answer), settings=settings)
    found = answer_of(seen, stage)
    assert isinstance(found, Unseen)
    assert found.trouble is trouble
    transcript = seen.visit.transcript
    assert found.detail in [line.text for line in transcript]
    assert len(transcript) <= MAX_LINES
    assert all(len(line.text) <= MAX_TEXT for line in transcript)


@pytest.mark.parametrize("stage", STAGES)
async def test_a_reply_that_is_never_finished(stage: str) -> None:
    script = script_of(stage, then_silence(b"250-mx1\r\n"))
    found = answer_of(await probe_host(script, settings=IMPATIENT), stage)
    assert isinstance(found, Unseen)
    assert found.trouble is Trouble.DRIP


async def test_a_reply_may_have_so_many_lines_and_no_more() -> None:
    def lines(count: int) -> bytes:
        return b"250-x\r\n" * (count - 1) + b"250 x\r\n"

    most = (await probe_host(replace(HEALTHY, ehlo=lines(MAX_REPLY_LINES)))).visit.ehlo
    assert isinstance(most, Reply)
    assert len(most.lines) == MAX_REPLY_LINES
    more = (await probe_host(replace(HEALTHY, ehlo=lines(MAX_REPLY_LINES + 1)))).visit.ehlo
    assert isinstance(more, Unseen)
    assert more.trouble is Trouble.FLOOD


@pytest.mark.parametrize(
    ("length", "lines"), [(40, MAX_LINES), (2 * MAX_TEXT, MAX_SIZE // MAX_TEXT)]
)
async def test_a_long_visit_fills_the_transcript_to_its_limits_alone(
    length: int, lines: int
) -> None:
    transcript = Transcript()
    for _ in range(2 * MAX_LINES):
        transcript.server("x" * length)
    assert {len(line.text) for line in transcript.lines} == {min(length, MAX_TEXT)}
    assert len(transcript.lines) == lines
