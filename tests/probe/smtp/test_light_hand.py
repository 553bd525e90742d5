"""What a server sees of the probe: counted on its side."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from mxcheck.demo import smtp_server
from mxcheck.demo.smtp_script import Answer, Handshake, Script, closed_relay, open_relay
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import RelayAttempt, RelayForm, Reply
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.model.targets import Target
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.relay import MAX_FORMS, MAX_FORMS_OF_EXIM, MAX_REFUSALS
from tests.probe.harness import (
    ADDRESS,
    ADDRESS2,
    ADDRESS3,
    HEALTHY,
    HOST,
    IN_CLEAR,
    SETTINGS,
    TARGET,
    Scripts,
    Seen,
    mx_zone,
    probe,
    probe_host,
)

OUTSIDE = "postmaster@iana.org"
ONE_BY_ONE = replace(SETTINGS, concurrency=1)


def domains(number: int) -> list[str]:
    return [f"d{n}.example" for n in range(number)]


async def visit_shared_host(
    number: int,
    *scripts: Script,
    relay: RelayMode = RelayMode.BASIC,
    settings: ProbeSettings = SETTINGS,
) -> Seen:
    """A run over that many domains which share their only MX host."""
    names = domains(number)
    zone = mx_zone(ADDRESS) + "".join(f"{name}. MX 5 {HOST}.\n" for name in names)
    targets = [Target(domain=name, policy=Policy(relay=relay)) for name in names]
    return await probe({ADDRESS: scripts}, *targets, dns=zone, settings=settings)


def taking(number: int) -> Script:
    return replace(HEALTHY, recipient=closed_relay(domains(number), {"postmaster"}))


def asked(seen: Seen, form: RelayForm) -> list[RelayAttempt]:
    return [a for a in seen.visit.relay if a.form is form and not is_left_out(a)]


def left_out(seen: Seen) -> list[RelayAttempt]:
    return [attempt for attempt in seen.visit.relay if is_left_out(attempt)]


def is_left_out(attempt: RelayAttempt) -> bool:
    return isinstance(attempt.mail, Unseen) and attempt.mail.trouble is Trouble.BUDGET


def refusals(seen: Seen) -> int:
    lines = [line.text for line in seen.visit.transcript if str(line.direction) == "S"]
    return sum(line[:1] in {"4", "5"} for line in lines)


@pytest.mark.parametrize("relay", [RelayMode.BASIC, RelayMode.THOROUGH])
@pytest.mark.parametrize("tls", [True, False])
async def test_sixty_domains_on_one_host(relay: RelayMode, tls: bool) -> None:  # noqa: FBT001
    script = taking(60) if tls else replace(taking(60), tls=None, extensions=())
    seen = await visit_shared_host(60, script, relay=relay)
    assert len(seen.server.sessions) == 1
    assert seen.server.verbs[-1] == "QUIT"
    assert refusals(seen) - (not tls) == MAX_REFUSALS  # without TLS one more, to STARTTLS
    assert seen.server.verbs.count("RSET") < MAX_FORMS
    controls = asked(seen, RelayForm.CONTROL)
    assert [a.domain for a in controls] == domains(60)
    assert {a.rcpt.code for a in controls if isinstance(a.rcpt, Reply)} == {250}
    assert len(asked(seen, RelayForm.NULL_SENDER)) == 1


async def test_thorough_forms_are_those_of_the_first_domain() -> None:
    seen = await visit_shared_host(60, taking(60), relay=RelayMode.THOROUGH)
    assert [a.domain for a in asked(seen, RelayForm.SOURCE_ROUTE)] == domains(1)
    assert [a.domain for a in asked(seen, RelayForm.DOMAIN_SENDER)] == domains(3)
    assert {str(a.mail.detail) for a in left_out(seen) if isinstance(a.mail, Unseen)} == {
        "left out: 9 refusals on one connection are enough"
    }


async def test_one_domain_is_asked_everything() -> None:
    policy = Policy(relay=RelayMode.THOROUGH, relay_sender="me@example.org")
    target = Target(domain="example.com", policy=policy)
    for recipient in (closed_relay(("example.com",), {"postmaster"}), closed_relay(())):
        seen = await probe_host(replace(HEALTHY, recipient=recipient), target=target)
        assert len(seen.visit.relay) == 9
        assert left_out(seen) == []
        assert refusals(seen) <= MAX_REFUSALS


@pytest.mark.parametrize("script", [HEALTHY, replace(IN_CLEAR, extensions=())])
async def test_refused_senders_count_too(script: Script) -> None:
    seen = await visit_shared_host(60, replace(script, mail=b"550 5.7.1 no\r\n"))
    assert refusals(seen) <= MAX_REFUSALS + 2
    assert seen.server.verbs[-1] == "QUIT"


async def test_no_connection_carries_forms_without_end() -> None:
    seen = await visit_shared_host(150, replace(HEALTHY, recipient=open_relay))
    assert len(seen.server.sessions) == 1
    assert seen.server.verbs.count("RCPT") == MAX_FORMS
    assert len(seen.visit.relay) == 150 + 1 + 150
    assert len(left_out(seen)) == 301 - MAX_FORMS


async def test_exim_has_less_patience() -> None:
    exim = replace(taking(60), greeting=f"220 {HOST} ESMTP Exim 4.96 Tue\r\n".encode())
    seen = await visit_shared_host(60, exim)
    assert seen.server.verbs.count("RCPT") == MAX_FORMS_OF_EXIM
    assert seen.server.verbs[-1] == "QUIT"
    assert len(asked(seen, RelayForm.NULL_SENDER)) == 1


def refuse_resets(monkeypatch: pytest.MonkeyPatch, after: int, answer: bytes) -> None:
    """Let the servers answer that to RSET once they have taken so many, and hang up."""
    simple = smtp_server._Dialogue._simple  # noqa: SLF001 - no script refuses RSET
    resets = 0

    async def refuse_at_last(self: smtp_server._Dialogue, verb: str) -> None:
        nonlocal resets
        resets += verb == "RSET"
        if resets <= after:
            return await simple(self, verb)
        await self.connection.send(answer)
        raise ConnectionAbortedError

    monkeypatch.setattr(smtp_server._Dialogue, "_simple", refuse_at_last)  # noqa: SLF001


IN_TURN = replace(IN_CLEAR, extensions=())
TWENTY = [taking(20), replace(IN_TURN, recipient=closed_relay(domains(20)))]


@pytest.mark.parametrize("script", TWENTY, ids=["grouped", "in turn"])
async def test_a_server_that_takes_no_more_is_left(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_resets(monkeypatch, 11, b"554 Too many nonmail commands\r\n")
    seen = await visit_shared_host(20, script)
    assert [a.domain for a in asked(seen, RelayForm.CONTROL)] == domains(11)
    assert len(left_out(seen)) == 20 + 1 + 20 - 12
    assert len(seen.server.sessions) == 1


@pytest.mark.parametrize("script", TWENTY, ids=["grouped", "in turn"])
async def test_a_server_that_hangs_up_has_its_say(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_resets(monkeypatch, 3, b"421 4.7.0 mx Error: too many errors\r\n")
    seen = await visit_shared_host(20, script)
    assert left_out(seen) == []
    why = "the server had hung up: 421 4.7.0 mx Error: too many errors"
    for attempt in seen.visit.relay[4:]:
        assert attempt.mail == attempt.rcpt == Unseen(trouble=Trouble.NOT_ASKED, detail=why)


async def test_what_greylisting_left_no_room_for_is_asked_later() -> None:
    def greylist(_sender: str, _recipient: str) -> Answer:
        return b"451 4.7.1 Greylisted\r\n"

    greylisting = replace(HEALTHY, recipient=greylist)
    seen = await visit_shared_host(20, greylisting, taking(20))
    first, second = (session.verbs.count("RCPT") for session in seen.server.sessions)
    assert first == MAX_REFUSALS
    assert second <= MAX_FORMS
    assert len(asked(seen, RelayForm.CONTROL)) == 20
    assert refusals(seen) == 2 * MAX_REFUSALS


async def test_retries_come_on_top_of_the_connections_allowed() -> None:
    busy = replace(HEALTHY, greeting=b"421 4.3.2 busy\r\n")
    seen = await probe_host(busy, busy, HEALTHY, settings=replace(SETTINGS, max_connections=1))
    assert [len(verbs) > 1 for verbs in seen.verbs] == [False, False, True]
    assert all(isinstance(attempt.rcpt, Reply) for attempt in seen.visit.relay)


BROKEN_TLS = replace(HEALTHY, tls=Handshake.GARBAGE)
AWAY = replace(HEALTHY, greeting=b"421 4.3.2 busy\r\n")
PUT_OFF = replace(HEALTHY, recipient=lambda _sender, _recipient: b"450 4.2.0 later\r\n")


async def test_421_to_the_second_connection_spares_the_other_addresses() -> None:
    servers: dict[str, Scripts] = {
        ADDRESS: (BROKEN_TLS, AWAY),
        ADDRESS2: HEALTHY,
        ADDRESS3: HEALTHY,
    }
    seen = await probe(servers, settings=ONE_BY_ONE)
    assert sessions(seen) == [2, 0, 0]
    spared = seen.evidence.visit(HOST, ADDRESS3).connection
    assert isinstance(spared, Unseen)
    assert spared.trouble is Trouble.BUDGET
    assert f"answered 421 at {ADDRESS}" in spared.detail


def hangs_up(_sender: str, _recipient: str) -> Answer:
    return b"421 4.7.0 too many errors\r\n"


@pytest.mark.parametrize(
    "scripts",
    [
        (replace(HEALTHY, recipient=hangs_up), HEALTHY),
        (replace(HEALTHY, starttls=b"421 4.3.2 no\r\n"), HEALTHY),
        (PUT_OFF, AWAY),
    ],
    ids=["RCPT", "STARTTLS", "once more"],
)
async def test_421_to_a_client_that_was_let_in_spares_no_other_address(
    scripts: tuple[Script, ...],
) -> None:
    # Otherwise what is wrong at the other addresses would go unseen, and the run pass.
    seen = await probe({ADDRESS: scripts, ADDRESS2: HEALTHY}, settings=ONE_BY_ONE)
    assert isinstance(seen.evidence.visit(HOST, ADDRESS2).ehlo_after_tls, Reply)


async def test_one_host_of_many_domains_is_asked_nothing_twice() -> None:
    seen = await visit_shared_host(8, taking(8))
    said = [line.data for line in seen.server.sessions[0].lines]
    transactions = [pair for pair in pairwise(said) if pair[0].startswith(b"MAIL")]
    assert len(transactions) == len(set(transactions)) == 8 + 1 + 8


async def test_two_names_of_one_address_are_visited_by_each() -> None:
    zone = f"example.com. MX 1 a.example.\nexample.com. MX 2 b.example.\na.example. A {ADDRESS}\n"
    seen = await probe({ADDRESS: HEALTHY}, TARGET, dns=f"{zone}b.example. A {ADDRESS}\n")
    assert len(seen.server.sessions) == 2


def sessions(seen: Seen) -> Sequence[int]:
    return [len(server.sessions) for server in seen.world.smtp.values()]
