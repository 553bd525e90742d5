from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Act, Answer, Paced
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Connection, Greeting, Reply
from mxcheck.probe.smtp.transcript import MAX_LINES, MAX_TEXT
from mxcheck.wire.smtp_reply import MAX_LINE_KEPT
from tests.probe.harness import (
    ADDRESS,
    ADDRESS2,
    ADDRESS3,
    BYTE_FLOOD,
    HEALTHY,
    HOST,
    LINE_FLOOD,
    NO_RELAY,
    SETTINGS,
    Seen,
    loop_turns,
    probe,
    probe_host,
    then_silence,
)

IMPATIENT = replace(SETTINGS, greeting_timeout=0.5)
ALWAYS = SETTINGS.retries + 1


def greeting_of(seen: Seen) -> Reply:
    assert isinstance(seen.visit.greeting, Greeting)
    return seen.visit.greeting.reply


def trouble_of(seen: Seen) -> Trouble:
    assert isinstance(seen.visit.greeting, Unseen)
    return seen.visit.greeting.trouble


GREETINGS: dict[str, tuple[Answer, tuple[str, ...]]] = {
    "one line": (b"220 mx1 ESMTP\r\n", ("mx1 ESMTP",)),
    "only a code": (b"220\r\n", ("",)),
    "bare LF": (b"220 mx1\n", ("mx1",)),
    "several lines": (b"220-mx1\r\n220-no spam\r\n220 ready\r\n", ("mx1", "no spam", "ready")),
    "several segments": (
        Paced(parts=(b"2", b"20-mx", b"1\r", b"\n220 re", b"ady\r\n"), pace=loop_turns),
        ("mx1", "ready"),
    ),
    "UTF-8": ("220 mx1 grüß Gott\r\n".encode(), ("mx1 grüß Gott",)),
    "Latin-1": (b"220 mx1 gr\xfc\xdfe\r\n", ("mx1 gr\\xfc\\xdfe",)),
    "control characters": (b"220 mx1 \x1b[31m\x00\r\n", ("mx1 \x1b[31m\x00",)),
    "overlong": (b"220 " + b"x" * 9000 + b"\r\n", ("x" * (MAX_LINE_KEPT - 4),)),
}


@pytest.mark.parametrize("name", GREETINGS)
async def test_greetings_that_let_a_client_in(name: str) -> None:
    answer, lines = GREETINGS[name]
    seen = await probe_host(replace(HEALTHY, greeting=answer), target=NO_RELAY)
    assert greeting_of(seen) == Reply(code=220, lines=lines)
    assert seen.verbs == [["EHLO", "STARTTLS", "EHLO", "QUIT"]]


NEVER_TRIED_AGAIN: dict[str, tuple[Answer, Trouble]] = {
    "not SMTP": (b"SSH-2.0-OpenSSH_9.6\r\n", Trouble.MALFORMED),
    "no code": (b"hello there\r\n", Trouble.MALFORMED),
    "two codes": (b"220-mx1\r\n250 ready\r\n", Trouble.MALFORMED),
    "glued": (b"220mx1 ESMTP\r\n", Trouble.MALFORMED),
    "endless reply": (LINE_FLOOD, Trouble.FLOOD),
    "endless line": (BYTE_FLOOD, Trouble.FLOOD),
}


@pytest.mark.parametrize("name", NEVER_TRIED_AGAIN)
async def test_greetings_that_are_none_are_not_tried_again(name: str) -> None:
    answer, trouble = NEVER_TRIED_AGAIN[name]
    seen = await probe_host(replace(HEALTHY, greeting=answer))
    assert trouble_of(seen) is trouble
    assert seen.verbs == [[]]
    assert (seen.visit.tries, seen.visit.ehlo, seen.visit.relay) == (1, NOT_ASKED, ())


@pytest.mark.parametrize("greeting", [LINE_FLOOD, BYTE_FLOOD])
async def test_of_a_flood_only_so_much_is_kept(greeting: Answer) -> None:
    transcript = (await probe_host(replace(HEALTHY, greeting=greeting))).visit.transcript
    assert len(transcript) <= MAX_LINES
    assert all(len(line.text) <= MAX_TEXT for line in transcript)


@pytest.mark.parametrize("begun", [b"2", b"220-still thinking\r\n", b"220-a\r\n220 b"])
async def test_a_greeting_that_drips_is_not_tried_again(begun: bytes) -> None:
    script = replace(HEALTHY, greeting=then_silence(begun))
    seen = await probe_host(script, settings=IMPATIENT)
    assert trouble_of(seen) is Trouble.DRIP
    assert seen.verbs == [[]]


async def test_a_silent_server_is_tried_again() -> None:
    script = replace(HEALTHY, greeting=Act.SILENCE)
    seen = await probe_host(script, settings=IMPATIENT)
    assert trouble_of(seen) is Trouble.TIMEOUT
    assert isinstance(seen.visit.connection, Connection)
    assert (len(seen.verbs), seen.visit.tries) == (ALWAYS, ALWAYS)


async def test_a_server_that_closes_is_tried_again() -> None:
    seen = await probe_host(replace(HEALTHY, greeting=Act.CLOSE))
    assert trouble_of(seen) is Trouble.CLOSED
    assert (len(seen.verbs), seen.visit.tries) == (ALWAYS, ALWAYS)


TURNED_AWAY = [
    b"421 4.3.2 busy\r\n",
    b"450 4.3.2 later\r\n",
    b"554 5.7.1 no service\r\n",
    b"521 no mail\r\n",
]


@pytest.mark.parametrize("greeting", TURNED_AWAY)
async def test_a_server_that_turns_us_away_is_tried_again(greeting: bytes) -> None:
    seen = await probe_host(replace(HEALTHY, greeting=greeting), HEALTHY)
    assert greeting_of(seen) == Reply(code=220, lines=(f"{HOST} ESMTP",))
    assert seen.visit.tries == 2
    assert seen.verbs[1][:3] == ["EHLO", "STARTTLS", "EHLO"]
    assert str(greeting, "ascii").strip() in [line.text for line in seen.visit.transcript]


@pytest.mark.parametrize("greeting", TURNED_AWAY)
@pytest.mark.parametrize("retries", [0, 2])
async def test_a_server_that_always_turns_us_away(greeting: bytes, retries: int) -> None:
    settings = replace(SETTINGS, retries=retries)
    seen = await probe_host(replace(HEALTHY, greeting=greeting), settings=settings)
    assert greeting_of(seen).code == int(greeting[:3])
    assert (len(seen.verbs), seen.visit.tries) == (retries + 1, retries + 1)
    assert all(verbs in ([], ["QUIT"]) for verbs in seen.verbs)


async def test_a_positive_greeting_other_than_220_is_not_tried_again() -> None:
    seen = await probe_host(replace(HEALTHY, greeting=b"250 hello\r\n"))
    assert greeting_of(seen).code == 250
    assert seen.verbs == [[]]


async def test_after_421_the_other_addresses_of_the_host_are_left_alone() -> None:
    away = replace(HEALTHY, greeting=b"421 4.3.2 busy\r\n")
    servers = {ADDRESS: away, ADDRESS2: away, ADDRESS3: HEALTHY}
    seen = await probe(servers, settings=replace(SETTINGS, concurrency=1))
    # Two addresses of a host are visited at once, and the third when one of them is done.
    spared = seen.evidence.visit(HOST, ADDRESS3).connection
    assert isinstance(spared, Unseen)
    assert spared.trouble is Trouble.BUDGET
    assert f"{HOST} answered 421 at " in spared.detail
    counts = [len(server.sessions) for server in seen.world.smtp.values()]
    assert counts == [ALWAYS, ALWAYS, 0]


async def test_other_refusals_spare_no_other_address() -> None:
    away = replace(HEALTHY, greeting=b"554 5.7.1 no service\r\n")
    seen = await probe(
        {ADDRESS: away, ADDRESS2: HEALTHY}, settings=replace(SETTINGS, concurrency=1)
    )
    assert isinstance(seen.evidence.visit(HOST, ADDRESS2).ehlo_after_tls, Reply)


async def test_refused_connections_are_tried_again() -> None:
    seen = await probe({ADDRESS: None})
    assert isinstance(seen.visit.connection, Unseen)
    assert seen.visit.connection.trouble is Trouble.REFUSED
    assert seen.visit.connection.detail == "connection refused"
    assert seen.visit.tries == ALWAYS
    assert (seen.visit.greeting, seen.visit.relay) == (NOT_ASKED, ())


async def test_the_connection_that_showed_most_is_the_one_written_down() -> None:
    away = replace(HEALTHY, greeting=b"421 4.3.2 busy\r\n")
    seen = await probe_host(away, replace(HEALTHY, greeting=Act.CLOSE))
    assert greeting_of(seen).code == 421
    assert (seen.visit.tries, len(seen.verbs)) == (ALWAYS, ALWAYS)
