import asyncio
import errno
from dataclasses import replace

import pytest

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.demo.smtp_script import Act, Script
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import CanaryCall, Reply
from mxcheck.probe.settings import DEFAULT_CANARIES, ProbeSettings
from mxcheck.probe.smtp.canaries import canaries_of
from mxcheck.rules.base import Fail, Unknown
from mxcheck.rules.tls import starttls_missing
from tests.probe.harness import (
    ADDRESS,
    ADDRESS2,
    ADDRESS6,
    ADDRESS62,
    HEALTHY,
    HOST,
    SETTINGS,
    UNVISITED,
    Scripts,
    Seen,
    mail_world,
    mx_zone,
    probe,
)
from tests.rules.ask import ask_visit

CONTROL, CONTROL6 = "203.0.114.200", "2001:500::200"
SECOND = "203.0.114.201"
CANARY = "canary.example.net"
ZONE = f"{CANARY}. A {CONTROL}\n{CANARY}. AAAA {CONTROL6}\nsecond.example.net. A {SECOND}\n"
ASKING = replace(SETTINGS, canaries=((CANARY, 25),))
GREETS = Script(hostname=CANARY)
GREETING = Reply(code=220, lines=(f"{CANARY} ESMTP",))


async def shut_out(
    control: dict[str, Scripts],
    *,
    at: tuple[str, ...] = (ADDRESS,),
    settings: ProbeSettings = ASKING,
) -> Seen:
    """A run over an MX host whose addresses refuse, and control hosts."""
    dns = mx_zone(*at) + ZONE
    return await probe({**dict.fromkeys(at), **control}, dns=dns, settings=settings)


async def test_a_control_host_is_greeted_once_and_left() -> None:
    seen = await shut_out({CONTROL: GREETS})
    assert seen.evidence.canaries == (
        CanaryCall(host=CANARY, family=4, address=CONTROL, greeting=GREETING),
    )
    assert [s.verbs for s in seen.world.smtp[CONTROL].sessions] == [["QUIT"]]


async def test_every_control_host_is_asked() -> None:
    settings = replace(SETTINGS, canaries=((CANARY, 25), ("second.example.net", 25)))
    seen = await shut_out({CONTROL: None, SECOND: GREETS}, settings=settings)
    first, second = seen.evidence.canaries
    assert (first.host, second.host) == (CANARY, "second.example.net")
    assert isinstance(first.greeting, Unseen)
    assert first.greeting.trouble is Trouble.REFUSED
    assert second.greeting == GREETING


async def test_each_family_is_asked_for_itself() -> None:
    seen = await shut_out({CONTROL: GREETS, CONTROL6: None}, at=(ADDRESS, ADDRESS6))
    assert [(call.family, call.address) for call in seen.evidence.canaries] == [
        (4, CONTROL),
        (6, CONTROL6),
    ]
    assert seen.evidence.canaries[0].greeting == GREETING
    assert isinstance(seen.evidence.canaries[1].greeting, Unseen)


async def test_only_the_family_that_failed_is_asked() -> None:
    servers: dict[str, Scripts] = {ADDRESS: HEALTHY, ADDRESS6: None, CONTROL: GREETS}
    servers[CONTROL6] = GREETS
    dns = mx_zone(ADDRESS, ADDRESS6) + ZONE
    seen = await probe(servers, dns=dns, settings=ASKING)
    assert [call.family for call in seen.evidence.canaries] == [6]
    assert seen.world.smtp[CONTROL].sessions == []


@pytest.mark.parametrize(
    "other",
    [
        HEALTHY,
        replace(HEALTHY, greeting=b"554 5.7.1 no\r\n"),
        replace(HEALTHY, greeting=Act.CLOSE),
    ],
    ids=["healthy", "refuses", "closes"],
)
async def test_nobody_is_asked_where_anyone_of_the_family_was_reached(other: Script) -> None:
    servers: dict[str, Scripts] = {ADDRESS: None, ADDRESS2: other, CONTROL: GREETS}
    seen = await probe(servers, dns=mx_zone(ADDRESS, ADDRESS2) + ZONE, settings=ASKING)
    assert seen.evidence.canaries == ()
    assert seen.world.smtp[CONTROL].sessions == []
    assert CANARY not in {name for name, _ in seen.world.dns.queries}


@pytest.mark.parametrize(
    ("greeting", "expected"),
    [
        (b"554 5.7.1 no\r\n", Reply(code=554, lines=("5.7.1 no",))),
        (b"421 4.7.0 busy\r\n", Reply(code=421, lines=("4.7.0 busy",))),
        (Act.CLOSE, Trouble.CLOSED),
        (b"nonsense\r\n", Trouble.MALFORMED),
    ],
)
async def test_whatever_a_control_host_says_it_is_asked_once(
    greeting: bytes | Act, expected: Reply | Trouble
) -> None:
    seen = await shut_out({CONTROL: replace(GREETS, greeting=greeting)})
    (call,) = seen.evidence.canaries
    found = call.greeting.trouble if isinstance(call.greeting, Unseen) else call.greeting
    assert found == expected
    assert len(seen.world.smtp[CONTROL].sessions) == 1


async def test_a_control_host_without_an_address_in_the_family() -> None:
    settings = replace(SETTINGS, canaries=(("second.example.net", 25),))
    seen = await shut_out({}, at=(ADDRESS6,), settings=settings)
    words = "second.example.net has no IPv6 address"
    assert seen.evidence.canaries == (
        CanaryCall(
            host="second.example.net",
            family=6,
            address="",
            greeting=Unseen(trouble=Trouble.NO_ADDRESS, detail=words),
        ),
    )


async def test_a_control_host_that_cannot_be_looked_up() -> None:
    dns = ScriptedDns(mx_zone(ADDRESS) + ZONE, faults={CANARY: Fault.SERVFAIL})
    (call,) = (await probe({ADDRESS: None}, dns=dns, settings=ASKING)).evidence.canaries
    assert isinstance(call.greeting, Unseen)
    assert (call.address, call.greeting.trouble) == ("", Trouble.SERVFAIL)


async def test_a_control_host_given_as_an_address() -> None:
    settings = replace(SETTINGS, canaries=((CONTROL, 25), (CONTROL6, 25)))
    seen = await shut_out({CONTROL: GREETS, CONTROL6: GREETS}, settings=settings)
    four, six = seen.evidence.canaries
    assert (four.address, four.greeting) == (CONTROL, GREETING)
    assert isinstance(six.greeting, Unseen)
    assert seen.world.smtp[CONTROL6].sessions == []


async def test_a_control_host_that_is_not_public_is_not_asked() -> None:
    settings = replace(SETTINGS, canaries=(("10.0.0.1", 25),))
    seen = await shut_out({"10.0.0.1": GREETS}, settings=settings)
    (call,) = seen.evidence.canaries
    assert isinstance(call.greeting, Unseen)
    assert call.greeting.trouble is Trouble.NOT_PUBLIC
    assert seen.world.smtp["10.0.0.1"].sessions == []


async def test_the_control_can_be_turned_off() -> None:
    seen = await shut_out({CONTROL: GREETS}, settings=replace(SETTINGS, canaries=()))
    assert seen.evidence.canaries == ()


@pytest.mark.parametrize(
    ("port", "expected"),
    [(25, tuple((host, 25) for host in DEFAULT_CANARIES)), (2525, ()), (587, ())],
)
def test_whom_to_ask_by_default(port: int, expected: tuple[tuple[str, int], ...]) -> None:
    assert canaries_of(replace(SETTINGS, canaries=None, port=port)) == expected


async def test_on_another_port_than_25_nobody_is_asked_by_default() -> None:
    seen = await shut_out({}, settings=replace(SETTINGS, canaries=None, port=2525))
    assert seen.evidence.canaries == ()


async def test_nobody_is_asked_where_nothing_was_tried() -> None:
    dns = mx_zone("10.0.0.1") + ZONE
    seen = await probe({CONTROL: GREETS}, dns=dns, settings=ASKING)
    assert seen.evidence.canaries == ()
    unvisited = await probe({CONTROL: GREETS}, UNVISITED, dns=mx_zone(ADDRESS), settings=ASKING)
    assert unvisited.evidence.canaries == ()


async def test_nobody_is_asked_where_this_machine_lacks_the_family(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*_endpoint: object) -> None:
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr("asyncio.open_connection", fail)
    seen = await shut_out({CONTROL6: GREETS}, at=(ADDRESS6, ADDRESS62))
    for visit in seen.evidence.visits:
        assert isinstance(visit.connection, Unseen)
        assert visit.connection.trouble is Trouble.NO_ROUTE
    assert seen.evidence.canaries == ()


SILENT = replace(HEALTHY, greeting=Act.SILENCE)


async def test_after_the_deadline_there_is_time_for_the_control_hosts() -> None:
    servers: dict[str, Scripts] = {ADDRESS: None, ADDRESS6: SILENT, CONTROL: GREETS}
    settings = replace(ASKING, deadline=1)
    seen = await probe(servers, dns=mx_zone(ADDRESS, ADDRESS6) + ZONE, settings=settings)
    assert seen.evidence.deadline_passed
    (call,) = seen.evidence.canaries
    assert call.greeting == GREETING


async def test_a_control_host_that_the_deadline_cuts_off_is_in_the_evidence() -> None:
    settings = replace(ASKING, deadline=1, canaries=((CANARY, 25), ("second.example.net", 25)))
    servers: dict[str, Scripts] = {CONTROL: SILENT, SECOND: GREETS, CONTROL6: SILENT}
    seen = await shut_out(servers, at=(ADDRESS, ADDRESS6), settings=settings)
    assert seen.evidence.deadline_passed
    found = {(call.host, call.family): call.greeting for call in seen.evidence.canaries}
    assert len(found) == 4
    assert found["second.example.net", 4] == GREETING
    for family in (4, 6):
        silent = found[CANARY, family]
        assert isinstance(silent, Unseen)
        assert silent.trouble is Trouble.DEADLINE


async def test_progress_counts_the_control_hosts() -> None:
    told: list[tuple[str, int, int]] = []
    async with mail_world({ADDRESS: None, CONTROL: GREETS}, mx_zone(ADDRESS) + ZONE) as world:
        run = world.run(settings=ASKING)
        run.progress = lambda stage: told.append((stage.name, stage.done, stage.total))
        await asyncio.wait_for(run.gather_in_loop(), 10)
    assert told[-2:] == [("asking control hosts", 0, 1), ("asking control hosts", 1, 1)]
    assert run.seen().visit(HOST, ADDRESS).tries == 3


STARS = b"220 ****************************2******0*****0*00*******\r\n"
COVERED = replace(
    HEALTHY,
    greeting=STARS,
    extensions=("SIZE 10240000", "XXXXXXXA"),
    starttls=b"500 5.5.1 unrecognized\r\n",
)
COVERED_KEYWORDS = replace(COVERED, greeting=None)
FILTERED: dict[str, tuple[Script, Script, bool]] = {
    "everywhere": (COVERED, COVERED, True),
    "keywords alone, everywhere": (COVERED_KEYWORDS, COVERED_KEYWORDS, True),
    "the server's own": (COVERED, GREETS, False),
    "the server's own, keywords alone": (COVERED_KEYWORDS, GREETS, False),
}


@pytest.mark.parametrize("name", FILTERED)
async def test_a_firewall_that_rewrites_smtp_is_told_from_the_servers_own(name: str) -> None:
    server, control, ours = FILTERED[name]
    seen = await shut_out({ADDRESS: server, CONTROL: control})
    (call,) = seen.evidence.canaries
    assert [s.verbs for s in seen.world.smtp[CONTROL].sessions] == [["EHLO", "QUIT"]]
    assert isinstance(call.ehlo, Reply)
    answer = ask_visit(starttls_missing.RULE, seen.visit, canaries=seen.evidence.canaries)
    assert isinstance(answer, Unknown if ours else Fail)


async def test_no_control_host_is_asked_if_another_server_shows_plain_words() -> None:
    servers: dict[str, Scripts] = {ADDRESS: COVERED, ADDRESS2: HEALTHY, CONTROL: GREETS}
    seen = await probe(servers, dns=mx_zone(ADDRESS, ADDRESS2) + ZONE, settings=ASKING)
    assert seen.evidence.canaries == ()
    assert seen.world.smtp[CONTROL].sessions == []


async def test_a_control_host_that_covers_its_words_and_hangs_up() -> None:
    hurried = replace(COVERED, drop_at="EHLO")
    (call,) = (await shut_out({ADDRESS: COVERED, CONTROL: hurried})).evidence.canaries
    assert isinstance(call.greeting, Reply)
    assert isinstance(call.ehlo, Unseen)
