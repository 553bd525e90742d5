"""A ClientHello that is longer than one TCP segment, and servers that do not bear it."""

from dataclasses import replace

import pytest

from mxcheck.demo.smtp_script import Script
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Injection
from mxcheck.evidence.tls import Alert, OwnHello, ServerHello
from tests.probe.harness import HEALTHY, ISSUED, NO_RELAY, SETTINGS, Seen, probe_host
from tests.probe.smtp.odd_tls import Choking
from tests.wanting import wanting, without

VISIT, HELLO = ["EHLO", "STARTTLS", "EHLO", "QUIT"], ["EHLO", "STARTTLS"]
LARGE = wanting(NO_RELAY, Item.LARGE_HELLO)
EVERYTHING = wanting(LARGE, Item.OTHER_CHAIN, Item.OLD_TLS, Item.FAILED_HANDSHAKE)
IMPATIENT = replace(SETTINGS, timeout=1)
ALERT = bytes.fromhex("15 0301 0002 02 28")
BUSY = replace(HEALTHY, greeting=b"421 4.3.2 too many connections\r\n")


def choking(*, hangs_up: bool) -> Script:
    tls = Choking(chain_pem=ISSUED.chain_pem, key_pem=ISSUED.key_pem, hangs_up=hangs_up)
    return replace(HEALTHY, tls=tls)


def outcomes(seen: Seen) -> list[tuple[bool, str]]:
    """Return whether each hello was long, and how it was answered."""
    return [(hello.large, answer_of(hello)) for hello in seen.visit.large_hellos]


def answer_of(hello: OwnHello) -> str:
    match hello.answer:
        case Unseen(trouble=trouble):
            return trouble
        case ServerHello(group=group):
            return group
        case Alert(description=description):
            return description


async def test_a_server_that_answers_is_asked_once() -> None:
    seen = await probe_host(HEALTHY, target=LARGE)
    assert outcomes(seen) == [(True, "x25519")]
    assert seen.verbs == [VISIT, HELLO]


async def test_any_tls_is_an_answer() -> None:
    seen = await probe_host(HEALTHY, replace(HEALTHY, tls=ALERT), target=LARGE)
    assert outcomes(seen) == [(True, "handshake_failure")]


@pytest.mark.parametrize(("hangs_up", "trouble"), [(False, "timeout"), (True, "closed")])
async def test_silence_and_hanging_up_are_asked_again(*, hangs_up: bool, trouble: str) -> None:
    seen = await probe_host(choking(hangs_up=hangs_up), target=LARGE, settings=IMPATIENT)
    assert outcomes(seen) == [(True, trouble), (True, trouble), (False, "x25519")]
    assert seen.verbs == [VISIT, HELLO, HELLO, HELLO]


async def test_a_failure_that_does_not_come_again() -> None:
    seen = await probe_host(HEALTHY, choking(hangs_up=True), HEALTHY, target=LARGE)
    assert outcomes(seen) == [(True, "closed"), (True, "x25519")]


async def test_a_short_hello_that_another_question_sends_follows() -> None:
    seen = await probe_host(choking(hangs_up=True), target=EVERYTHING, settings=IMPATIENT)
    assert outcomes(seen) == [(True, "closed"), (True, "closed"), (False, "handshake_failure")]
    assert seen.visit.large_hellos[-1] == seen.visit.chain_hellos[0]
    (old,) = seen.visit.hellos
    assert answer_of(old) == Trouble.BUDGET
    assert len(seen.verbs) == 4


async def test_an_ordinary_server_sees_four_connections() -> None:
    seen = await probe_host(HEALTHY, target=EVERYTHING)
    assert seen.verbs == [VISIT, HELLO, HELLO, HELLO]
    assert outcomes(seen) == [(True, "x25519")]
    assert [answer_of(hello) for hello in seen.visit.hellos] == ["protocol_version"]
    assert seen.world.gauge.peak == 1


@pytest.mark.parametrize(
    ("limit", "wanted"),
    [
        (2, [(True, "budget")]),
        (3, [(True, "closed"), (True, "budget")]),
    ],
)
async def test_what_rules_at_error_level_read_comes_first(
    limit: int, wanted: list[tuple[bool, str]]
) -> None:
    settings = replace(SETTINGS, max_connections=limit)
    seen = await probe_host(choking(hangs_up=True), target=EVERYTHING, settings=settings)
    (chain,) = seen.visit.chain_hellos
    assert isinstance(chain.answer, Alert)
    assert outcomes(seen) == wanted


async def test_a_server_that_does_not_answer_afterwards_either() -> None:
    seen = await probe_host(
        *(HEALTHY, choking(hangs_up=True), choking(hangs_up=True), BUSY),
        target=LARGE,
        settings=replace(SETTINGS, retries=0),
    )
    assert outcomes(seen) == [(True, "closed"), (True, "closed"), (False, "turned-away")]


async def test_a_server_that_refuses_the_connection_was_not_asked() -> None:
    settings = replace(SETTINGS, retries=0)
    seen = await probe_host(HEALTHY, BUSY, target=LARGE, settings=settings)
    assert outcomes(seen) == [(True, "turned-away")]
    assert not seen.visit.large_hellos[0].sent


@pytest.mark.parametrize(
    ("first", "asked", "left"),
    [
        (Item.OLD_TLS, "hellos", "large_hellos"),
        (Item.LARGE_HELLO, "large_hellos", "hellos"),
    ],
)
async def test_rules_at_error_level_get_their_answer_first(
    first: Item, asked: str, left: str
) -> None:
    target = replace(without(EVERYTHING, Item.OTHER_CHAIN), first=frozenset({first}))
    settings = replace(SETTINGS, max_connections=2)
    visit = (await probe_host(HEALTHY, target=target, settings=settings)).visit
    assert answer_of(getattr(visit, asked)[0]) in {"x25519", "protocol_version"}
    assert answer_of(getattr(visit, left)[0]) == Trouble.BUDGET


async def test_so_does_the_injection_test() -> None:
    target = replace(wanting(EVERYTHING, Item.INJECTION), first=frozenset({Item.INJECTION}))
    settings = replace(SETTINGS, max_connections=3)
    visit = (await probe_host(HEALTHY, target=target, settings=settings)).visit
    assert isinstance(visit.injection, Injection)
    assert answer_of(visit.hellos[0]) == answer_of(visit.large_hellos[0]) == Trouble.BUDGET
