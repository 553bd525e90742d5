"""Every place of a policy's fetch crossed with every fault: half a policy is none."""

import errno
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import product

import pytest

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.smtp_script import Act
from mxcheck.judge.verdict import Outcome
from mxcheck.model.policy import Policy
from mxcheck.probe.https.policy_host import HTTPS_PORT
from tests.faults.dialling import Dials, NoWay
from tests.faults.https import FRAMINGS, HEAD, PLACES, POLICY, Answer, FaultyHttps, with_length
from tests.faults.runs import Judged, judged_run
from tests.faults.timeless import ensure_none, side_by_side
from tests.probe.harness import ADDRESS, ADDRESS2, DOMAIN, mx_zone
from tests.probe.https.policy_world import POLICY_HOST

FETCHING = "mta-sts-policy-unfetchable"
OF_A_POLICY = (
    *("mta-sts-policy-invalid", "mta-sts-not-enforced"),
    *("mta-sts-max-age-short", "mta-sts-mx-unlisted"),
)
POLICY_ALONE = Policy(select=("mta-sts",), ignore=("mta-sts-mx-unauthenticated", "tls-rpt-missing"))
ZONE = f"""{mx_zone(ADDRESS)}
_mta-sts.{DOMAIN}. TXT "v=STSv1; id=1;"
{POLICY_HOST}. A {ADDRESS2}
"""
ACTS = (Act.RESET, Act.SILENCE, Act.HALF_CLOSE, Act.CLOSE)
RETRIES, EVER = 2, 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An answer, as often as `times`; whether senders get a policy of it, and try again."""

    name: str
    answer: Answer
    times: int
    whole: bool = False
    may_pass: bool = False

    def __str__(self) -> str:
        return f"{self.name}, {self.times} times"

    @property
    def wanted(self) -> tuple[Outcome, int]:
        """What the rule about fetching answers, and the exit code."""
        fine = self.whole or (self.may_pass and self.times <= RETRIES)
        return (Outcome.PASS, 0) if fine else (Outcome.FAIL, 1)


def cut_cells(framing: str, act: Act) -> Iterator[Cell]:
    """An answer that is cut at each place."""
    for location, times in product(PLACES, (1, RETRIES, EVER)):
        answer = Answer(words=FRAMINGS[framing](POLICY), location=location, act=act)
        if (framing, location, act) == ("until the end", "the body", Act.CLOSE):
            continue  # nothing tells that from a shorter policy
        yield Cell(
            name=f"{act.name} at {location}, framed by {framing}",
            answer=answer,
            times=times,
            whole=location == "the end" and (framing != "until the end" or act is Act.CLOSE),
            # A silent server uses up the time that there is for all tries (RFC 8461 3.3).
            may_pass=not answer.sent and act is not Act.SILENCE,
        )


async def run(answer: Answer, times: int) -> tuple[Judged, FaultyHttps]:
    """A run over a domain whose policy host gives this answer a number of times."""
    async with AsyncExitStack() as stack:
        dns = await stack.enter_async_context(ScriptedDns(ZONE))
        https = await stack.enter_async_context(FaultyHttps(answer, times))
        routes = {(ADDRESS2, HTTPS_PORT): https.address}
        return await judged_run(dns.address, routes, policy=POLICY_ALONE), https


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("act", ACTS)
def test_an_answer_that_is_cut(framing: str, act: Act) -> None:
    ensure(list(cut_cells(framing, act)))


def ensure(cells: list[Cell]) -> None:
    seen = side_by_side([run(cell.answer, cell.times) for cell in cells])
    ensure_none(
        f"{cell}: {problem}"
        for cell, (judged, https) in zip(cells, seen, strict=True)
        for problem in _problems(cell, judged, https)
    )


def _problems(cell: Cell, judged: Judged, https: FaultyHttps) -> Iterator[str]:
    outcome, code = cell.wanted
    results = {result.rule.id: result for result in judged.verdict.domains[0].results}
    if results[FETCHING].outcome is not outcome or judged.verdict.exit_code != code:
        yield f"{results[FETCHING].outcome}, {results[FETCHING].message}, where {outcome} is due"
    judged_on = {results[rule].outcome for rule in OF_A_POLICY} - {Outcome.NOT_APPLICABLE}
    if judged_on != ({Outcome.PASS} if outcome is Outcome.PASS else set()):
        yield f"the policy is judged: {judged_on}"
    most = min(cell.times, RETRIES) + 1 if cell.may_pass else 1
    if https.connections > most:
        yield f"it is asked {https.connections} times, where {most} are enough"


ODD = {
    "garbage": b"what do you mean?\r\n\r\n",
    "an SMTP greeting": b"220 mail.example.com ESMTP\r\n",
    "a 421": b"HTTP/1.1 421 Misdirected Request\r\nContent-Length: 0\r\n\r\n",
    "a 404": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    "a 204": b"HTTP/1.1 204 No Content\r\n\r\n",
    "a 206": with_length(POLICY).replace(b"200 OK", b"206 Partial Content"),
    "a redirect": b"HTTP/1.1 301 No\r\nLocation: https://a.example/\r\nContent-Length: 0\r\n\r\n",
    "a 1xx without end": b"HTTP/1.1 103 Early Hints\r\n\r\n" * 9,
    "HTML": with_length(POLICY).replace(b"text/plain", b"text/html"),
    "two lengths": with_length(POLICY).replace(b"\r\n\r\n", b"\r\nContent-Length: 9\r\n\r\n"),
    "chunks of no length": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + POLICY,
}


@pytest.mark.parametrize("act", ACTS)
def test_an_answer_that_is_none(act: Act) -> None:
    ensure(
        [
            Cell(name=f"{name}, then {act.name}", answer=Answer(words=words, act=act), times=times)
            for (name, words), times in product(ODD.items(), (1, EVER))
        ]
    )


def busy(status: int, retry_after: str = "") -> bytes:
    """An answer that may pass, and how long the server wants to be left alone."""
    field = f"Retry-After: {retry_after}\r\n" if retry_after else ""
    return f"HTTP/1.1 {status} Busy\r\n{field}Content-Length: 0\r\n\r\n".encode()


SOON = format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True)
PASSING = {
    "a 503": busy(503),
    "a 503 for a second": busy(503, "1"),
    "a 503 for some seconds": busy(503, "9"),
    "a 503 until soon": busy(503, SOON),
    "a 503 until a moment past": busy(503, "Wed, 21 Oct 2015 07:28:00 GMT"),
    "a 503 for who knows how long": busy(503, "a while"),
    "a 429": busy(429, "2"),
    "a 408": busy(408),
    "a 502": busy(502),
    "a 500": busy(500),
}
NOT_PASSING = {
    "a 503 for longer than there is time": busy(503, "120"),
    "a 503 for ever": busy(503, "999999999"),
    "a 503 until a far year": busy(503, "Fri, 31 Dec 9999 23:59:59 GMT"),
    "a 404 for a second": busy(404, "1"),
    "a 410": busy(410),
}


def test_an_answer_that_may_pass_is_asked_for_again_within_the_time_that_there_is() -> None:
    ensure(
        [
            Cell(name=name, answer=Answer(words=words), times=times, may_pass=may_pass)
            for answers, may_pass in ((PASSING, True), (NOT_PASSING, False))
            for (name, words), times in product(answers.items(), (1, RETRIES, EVER))
        ]
    )


def test_an_answer_that_is_late_is_one() -> None:
    answer = Answer(words=with_length(POLICY), seconds=25)
    ensure([Cell(name="late", answer=answer, times=EVER, whole=True)])


ERRORS = {
    **dict.fromkeys((0, errno.ECONNREFUSED, errno.ECONNRESET, errno.EHOSTUNREACH), Outcome.FAIL),
    **dict.fromkeys((errno.ENETUNREACH, errno.EMFILE, errno.EPERM), Outcome.UNKNOWN),
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("times", [1, EVER])
def test_a_policy_host_that_cannot_be_reached(error: int, times: int, dials: Dials) -> None:
    async def unreached() -> Judged:
        async with AsyncExitStack() as stack:
            dns = await stack.enter_async_context(ScriptedDns(ZONE))
            https = await stack.enter_async_context(
                FaultyHttps(Answer(words=with_length(POLICY)), 0)
            )
            dials.troubles = {https.address: NoWay(error=error, times=times)}
            routes = {(ADDRESS2, HTTPS_PORT): https.address}
            return await judged_run(dns.address, routes, policy=POLICY_ALONE)

    [judged] = side_by_side([unreached()])
    passes = times == 1 and error != errno.ENETUNREACH
    outcome = Outcome.PASS if passes else ERRORS[error]
    results = {result.rule.id: result.outcome for result in judged.verdict.domains[0].results}
    assert results[FETCHING] is outcome
    assert judged.verdict.exit_code == {Outcome.PASS: 0, Outcome.FAIL: 1}.get(outcome, 3)
