"""What a server sees of the probe: counted on its side."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mxcheck.demo import smtp_server
from mxcheck.demo.smtp_script import Answer, Handshake, Script, closed_relay
from mxcheck.evidence.dns import ReverseDns
from mxcheck.evidence.items import Readable
from mxcheck.evidence.outcome import NOT_ASKED
from mxcheck.evidence.smtp import RelayForm, Reply, Visit
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.model.targets import Target
from mxcheck.probe.settings import ProbeSettings
from mxcheck.probe.smtp.notebook import Notebook
from mxcheck.probe.smtp.outside_senders import NamesAround, OutsideSenders
from mxcheck.probe.smtp.relay import RelayTest
from mxcheck.probe.smtp.relay_limits import (
    MAX_FORMS,
    MAX_FORMS_OF_EXIM,
    MAX_REFUSALS,
    further_connections,
)
from mxcheck.rules.base import AnyRule
from mxcheck.rules.relay import open_relay
from tests.probe.harness import (
    ADDRESS,
    HEALTHY,
    HOST,
    IN_CLEAR,
    SETTINGS,
    Seen,
    mx_zone,
    probe,
    probe_host,
)
from tests.rules.ask import MAIL, Answered, ask_visit, fails, passes, unknown
from tests.wanting import wanting

ONE_BY_ONE = replace(SETTINGS, concurrency=1)


def domains(number: int) -> list[str]:
    return [f"d{n}.example" for n in range(number)]


async def visit_shared_host(
    number: int,
    *scripts: Script,
    relay: RelayMode = RelayMode.BASIC,
    settings: ProbeSettings = SETTINGS,
    wanted: Sequence[Readable] = (),
) -> Seen:
    """A run over that many domains which share their only MX host."""
    names = domains(number)
    zone = mx_zone(ADDRESS) + "".join(f"{name}. MX 5 {HOST}.\n" for name in names)
    policy = Policy(relay=relay)
    targets = [wanting(Target(domain=name, policy=policy), *wanted) for name in names]
    return await probe({ADDRESS: scripts}, *targets, dns=zone, settings=settings)


def taking(number: int) -> Script:
    return replace(HEALTHY, recipient=closed_relay(domains(number), {"postmaster"}))


def answered(seen: Seen, form: RelayForm) -> list[str]:
    """The domains whose form of this kind was answered."""
    return [
        one.domain
        for one in seen.visit.relay
        if one.form is form and isinstance(one.rcpt, Reply) and one.rcpt.code != 421
    ]


def refusals(seen: Seen) -> list[int]:
    """How many refusals each connection was told of, STARTTLS apart."""
    counts = []
    for line in seen.visit.transcript:
        if line.text.startswith("connecting"):
            counts.append(0)
        elif line.text.startswith(("4", "5")) and not line.text.startswith("502"):
            counts[-1] += 1
    return counts


def verdict_on(
    seen: Seen, domain: str, rule: AnyRule = open_relay.RULE, policy: Policy = MAIL
) -> Answered:
    named = next(one for one in seen.evidence.domains if one.name == domain)
    return ask_visit(rule, seen.visit, policy, domain=named)


FEW = replace(SETTINGS, max_connections=4)


@pytest.mark.parametrize("tls", [True, False])
async def test_seven_domains_fit_on_one_connection(tls: bool) -> None:  # noqa: FBT001
    script = taking(7) if tls else replace(taking(7), tls=None, extensions=())
    seen = await visit_shared_host(7, script)
    assert len(seen.server.sessions) == 1
    assert refusals(seen) == [MAX_REFUSALS]
    assert answered(seen, RelayForm.DOMAIN_SENDER) == domains(7)
    assert answered(seen, RelayForm.CONTROL) == domains(7)
    assert seen.visit.relay_left_out == NOT_ASKED
    for domain in domains(7):
        passes()(verdict_on(seen, domain))


@pytest.mark.parametrize("tls", [True, False])
async def test_twelve_domains_on_a_server_that_relays_for_the_twelfth(tls: bool) -> None:  # noqa: FBT001
    twelfth = domains(12)[-1]
    sound = closed_relay(domains(12))

    def relays_for_one(sender: str, recipient: str) -> Answer:
        if sender == f"postmaster@{twelfth}":
            return b"250 2.1.5 Ok\r\n"
        return sound(sender, recipient)

    script = replace(HEALTHY, recipient=relays_for_one)
    script = script if tls else replace(script, tls=None, extensions=())
    seen = await visit_shared_host(12, script, settings=FEW)
    assert refusals(seen) == [MAX_REFUSALS, 4]
    fails("open relay", f"MAIL FROM:<postmaster@{twelfth}>")(verdict_on(seen, twelfth))
    for domain in domains(11):
        passes("refuses to relay")(verdict_on(seen, domain))


async def test_one_domain_is_asked_everything() -> None:
    policy = Policy(relay=RelayMode.THOROUGH, relay_sender="me@example.org")
    target = Target(domain="example.com", policy=policy)
    for recipient in (closed_relay(("example.com",), {"postmaster"}), closed_relay(())):
        seen = await probe_host(replace(HEALTHY, recipient=recipient), target=target)
        assert {one.form for one in seen.visit.relay} == set(RelayForm) - {
            RelayForm.OUTSIDE_SENDER,
            RelayForm.RANDOM_CONTROL,
        }
        assert refusals(seen) <= [MAX_REFUSALS]


@pytest.mark.parametrize("script", [HEALTHY, replace(IN_CLEAR, extensions=())])
async def test_refused_senders_count_too(script: Script) -> None:
    seen = await visit_shared_host(60, replace(script, mail=b"550 5.7.1 no\r\n"), settings=FEW)
    # The last form may bring a refusal of MAIL, and two of RCPT that were sent along with it.
    assert all(count <= MAX_REFUSALS + 2 for count in refusals(seen))
    assert seen.server.verbs[-1] == "QUIT"


async def test_no_connection_carries_forms_without_end() -> None:
    relay = replace(HEALTHY, recipient=lambda _sender, _recipient: b"250 2.1.5 Ok\r\n")
    seen = await visit_shared_host(150, relay, settings=replace(SETTINGS, max_connections=1))
    assert len(seen.server.sessions) == 1
    assert seen.server.verbs.count("MAIL") == MAX_FORMS
    assert "max_connections" in seen.visit.relay_left_out.detail


async def test_a_server_of_thousands_of_domains_is_not_planned_to_the_end() -> None:
    room = 2 * MAX_FORMS * (further_connections(SETTINGS.max_connections, 10**6) + 2)
    targets = [Target(domain=name, policy=Policy()) for name in domains(2 * room)]
    notebook = Notebook(visit=Visit(host=HOST, address=ADDRESS, port=25))
    senders = OutsideSenders(tested=NamesAround([]), reverse=never)
    test = RelayTest.of(targets, "nobody", senders, notebook, SETTINGS)
    assert len(test.pending) == room + 1


async def never(_address: str) -> ReverseDns:
    raise AssertionError


async def test_exim_takes_fewer_forms() -> None:
    exim = replace(taking(60), greeting=f"220 {HOST} ESMTP Exim 4.96 Tue\r\n".encode())
    seen = await visit_shared_host(60, exim, settings=FEW)
    *full, last = [session.verbs.count("MAIL") for session in seen.server.sessions]
    assert full == [MAX_FORMS_OF_EXIM] * 6
    assert last <= MAX_FORMS_OF_EXIM
    assert len(answered(seen, RelayForm.DOMAIN_SENDER)) == 60
    assert all(session.verbs[-1] == "QUIT" for session in seen.server.sessions)


def refuse_resets(monkeypatch: pytest.MonkeyPatch, after: int, answer: bytes) -> None:
    """Let the servers answer that to RSET once they have taken so many, and hang up."""
    simple = smtp_server._Dialogue._simple  # noqa: SLF001 - no script refuses RSET
    resets = 0

    async def refuse_at_last(self: smtp_server._Dialogue, verb: str) -> None:
        nonlocal resets
        resets += verb == "RSET"
        if resets <= after:
            return await simple(self, verb)
        resets = 0
        await self.connection.send(answer)
        raise ConnectionAbortedError

    monkeypatch.setattr(smtp_server._Dialogue, "_simple", refuse_at_last)  # noqa: SLF001


IN_TURN = replace(IN_CLEAR, extensions=())
SIX = [taking(6), replace(IN_TURN, recipient=closed_relay(domains(6)))]


@pytest.mark.parametrize("script", SIX, ids=["grouped", "in turn"])
@pytest.mark.parametrize(
    "answer",
    [b"554 Too many nonmail commands\r\n", b"421 4.7.0 mx Error: too many errors\r\n"],
)
async def test_what_a_server_takes_no_more_of_is_asked_on_a_further_connection(
    script: Script, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_resets(monkeypatch, 3, answer)
    seen = await visit_shared_host(6, script, settings=FEW)
    assert [session.verbs.count("MAIL") for session in seen.server.sessions] == [4, 4]
    assert answered(seen, RelayForm.DOMAIN_SENDER) == domains(6)
    for domain in domains(6):
        passes()(verdict_on(seen, domain))


@pytest.mark.parametrize("script", SIX, ids=["grouped", "in turn"])
async def test_a_server_that_takes_no_more_is_left_in_the_end(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_resets(monkeypatch, 1, b"421 4.7.0 mx Error: too many errors\r\n")
    seen = await visit_shared_host(6, script, settings=replace(SETTINGS, max_connections=2))
    assert len(seen.server.sessions) == 2
    assert answered(seen, RelayForm.DOMAIN_SENDER) == domains(2)
    unknown("max_connections")(verdict_on(seen, domains(6)[-1]))


async def test_what_greylisting_left_no_room_for_is_asked_later() -> None:
    def greylist(_sender: str, _recipient: str) -> Answer:
        return b"451 4.7.1 Greylisted\r\n"

    greylisting = replace(HEALTHY, recipient=greylist)
    seen = await visit_shared_host(6, greylisting, taking(6), settings=FEW)
    first, second = refusals(seen)
    assert first <= MAX_REFUSALS + 2
    assert second <= MAX_REFUSALS
    assert len(seen.server.sessions) == 2
    for domain in domains(6):
        passes()(verdict_on(seen, domain))


async def test_a_server_that_only_puts_off_is_asked_twice_and_no_more() -> None:
    greylisting = replace(HEALTHY, recipient=lambda _sender, _recipient: b"451 4.7.1 Later\r\n")
    seen = await visit_shared_host(60, greylisting, settings=FEW)
    assert len(seen.server.sessions) == 2


async def test_retries_come_on_top_of_the_connections_allowed() -> None:
    busy = replace(HEALTHY, greeting=b"421 4.3.2 busy\r\n")
    seen = await probe_host(busy, busy, HEALTHY, settings=replace(SETTINGS, max_connections=1))
    assert [len(verbs) > 1 for verbs in seen.verbs] == [False, False, True]
    assert all(isinstance(attempt.rcpt, Reply) for attempt in seen.visit.relay)


BROKEN_TLS = replace(HEALTHY, tls=Handshake.GARBAGE)
AWAY = replace(HEALTHY, greeting=b"421 4.3.2 busy\r\n")
PUT_OFF = replace(HEALTHY, recipient=lambda _sender, _recipient: b"450 4.2.0 later\r\n")
