"""Servers slower than the limits of this check: senders wait five minutes, so nobody is blamed."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.smtp_script import Act, Answer, Paced, Script
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.evidence.smtp import Greeting
from mxcheck.model.policy import Policy
from mxcheck.probe.settings import SMTP_PORT, ProbeSettings
from mxcheck.rules.base import Fail, Pass, Unknown
from tests.faults.runs import DEFAULTS, Judged, judged_run
from tests.faults.timeless import run_timeless
from tests.hostile.speech import after
from tests.hostile.world import RawServer
from tests.probe.harness import ADDRESS, HEALTHY, HOST, mx_zone
from tests.rules.ask import fails, unknown

Served = Callable[[], ScriptedSmtp | RawServer]


def slowly(seconds: float, answer: bytes) -> Paced:
    return Paced(parts=(answer,), pace=lambda: asyncio.sleep(seconds))


def checked(served: Served, settings: ProbeSettings = DEFAULTS) -> tuple[Judged, float]:
    """Return the judged run and how many seconds it took, in a loop whose clock jumps."""

    async def run() -> tuple[Judged, float]:
        server = served()
        async with ScriptedDns(mx_zone(ADDRESS)) as dns, server:
            routes = {(ADDRESS, SMTP_PORT): server.address}
            judged = await judged_run(dns.address, routes, settings, Policy())
            return judged, asyncio.get_running_loop().time()

    return run_timeless(run())


def blamed(seen: Judged) -> set[str]:
    return {rule for rule, one in seen.answers().items() if isinstance(one, Fail)}


def scripted(script: Script) -> Served:
    return lambda: ScriptedSmtp(script)


GREETING = f"220 {HOST} ESMTP\r\n".encode()
EHLO = HEALTHY.ehlo_answer(in_tls=False)
assert isinstance(EHLO, bytes)
SLOW: dict[str, tuple[Script, str, str]] = {
    "greeting": (
        replace(HEALTHY, greeting=slowly(65, GREETING)),
        "smtp-greeting-bad",
        "no reply within 60 s (--greeting-timeout)",
    ),
    "EHLO": (
        replace(HEALTHY, ehlo=slowly(35, EHLO)),
        "smtp-ehlo-refused",
        "no reply within 30 s (--timeout)",
    ),
    "STARTTLS": (
        replace(HEALTHY, starttls=slowly(31, b"220 go ahead\r\n")),
        "starttls-refused",
        "no reply within 30 s (--timeout)",
    ),
    "RCPT": (
        replace(HEALTHY, recipient=lambda _sender, _recipient: slowly(40, b"550 no\r\n")),
        "open-relay",
        "no reply within 30 s (--timeout)",
    ),
}


@pytest.mark.parametrize("stage", SLOW)
def test_a_server_that_is_slower_than_this_check_waits_is_blamed_for_nothing(stage: str) -> None:
    script, rule, words = SLOW[stage]
    seen, _ = checked(scripted(script))
    assert blamed(seen) == set()
    unknown(words)(seen.answers()[rule])
    assert seen.verdict.exit_code == 3


def test_a_greeting_after_65_seconds_is_fine_if_it_is_waited_for() -> None:
    slow = replace(HEALTHY, greeting=slowly(65, GREETING))
    seen, _ = checked(scripted(slow), replace(DEFAULTS, greeting_timeout=70))
    assert isinstance(seen.answers()["smtp-greeting-bad"], Pass)
    fails("greets after 65.0 s")(seen.answers()["smtp-slow"])
    assert seen.verdict.exit_code == 0


def test_a_server_that_never_greets_is_unknown_and_the_flag_is_named() -> None:
    seen, _ = checked(scripted(replace(HEALTHY, greeting=Act.SILENCE)))
    assert isinstance(seen.answers()["smtp-greeting-bad"], Unknown)
    assert "--greeting-timeout" in str(seen.answers()["smtp-greeting-bad"])


def test_a_quit_that_is_not_answered_costs_two_seconds() -> None:
    seen, seconds = checked(lambda: RawServer(after("QUIT")))
    assert isinstance(seen.answers()["open-relay"], Pass)
    assert seconds < 5


STRAY: dict[str, tuple[bytes, bytes]] = {
    "an empty line": (b"\r\n", b""),
    "an empty line, later": (b"", b"\r\n"),
    "two empty lines": (b"\r\n\r\n", b""),
    "two empty lines, later": (b"", b"\n\n"),
    "a second greeting": (GREETING, b""),
    "a second greeting, later": (b"", GREETING),
    "garbage": (b"welcome!\r\n", b""),
    "garbage, later": (b"", b"welcome!\r\n"),
}


@pytest.mark.parametrize("name", STRAY)
def test_what_follows_the_greeting_is_its_fault_whenever_it_arrives(name: str) -> None:
    with_greeting, before_ehlo = STRAY[name]
    assert isinstance(EHLO, bytes)
    script = replace(HEALTHY, greeting=GREETING + with_greeting, ehlo=before_ehlo + EHLO)
    seen, seconds = checked(scripted(script))
    assert blamed(seen) == {"smtp-greeting-bad"}
    fails("the server speaks out of turn")(seen.answers()["smtp-greeting-bad"])
    assert not isinstance(seen.visit().greeting, Greeting)
    assert seconds < 5


@pytest.mark.parametrize("answer", [b"what?\r\n", b"\r\n"])
def test_an_answer_to_ehlo_that_nothing_follows_is_the_fault_of_ehlo(answer: Answer) -> None:
    seen, _ = checked(scripted(replace(HEALTHY, ehlo=answer)))
    assert blamed(seen) == {"smtp-ehlo-refused"}
