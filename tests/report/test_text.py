from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import TlsSession
from mxcheck.judge.verdict import Conclusion, Outcome, Result, Verdict
from mxcheck.report.screen import render_rich
from mxcheck.report.status import Status
from mxcheck.report.text import page
from mxcheck.rules.base import Family
from tests.build import (
    HOST,
    OBSERVED_AT,
    authority,
    chain_visit,
    evidence_of,
    expired_visit,
    healthy_chain,
    healthy_tls,
    healthy_visit,
)
from tests.fuzz.der import Node
from tests.odd_certificates import SEQUENCE, UTC_TIME, VALIDITY, with_field
from tests.report import verdicts
from tests.report.rendering import render_text
from tests.report.verdicts import (
    AT_MX1,
    EXPIRED,
    NO_STARTTLS,
    NO_TLS13,
    OPEN_RELAY,
    UNREACHABLE,
    At,
    a_rule,
)

HERE = At(AT_MX1)
NO_TLS = replace(healthy_visit(), tls=Unseen(trouble=Trouble.NOT_ASKED, detail="not announced"))
UNREACHED = replace(
    healthy_visit(), connection=Unseen(trouble=Trouble.REFUSED, detail="connection refused")
)
BARE = replace(healthy_visit(), tls=replace(healthy_tls(), chain=()))
KEY_WEAK = a_rule("cert-key-weak", Family.CERT)
EARLY = chain_visit(
    authority()
    .issue(names=(HOST,), not_before=timedelta(days=3, hours=1), not_after=timedelta(days=90))
    .der_chain
)
DATES = Node(SEQUENCE, b"", (Node(UTC_TIME, b"junk"), Node(UTC_TIME, b"junk")))
UNDATED = chain_visit((with_field(healthy_chain()[0], authority().key, VALIDITY, DATES),))


def status(visit: object, *results: Result) -> str:
    assert isinstance(visit, type(NO_TLS))
    spans = Status(visit=visit, results=results, at=OBSERVED_AT).spans()
    return " · ".join(span.text for span in spans)


@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize(
    "build",
    [verdicts.healthy, verdicts.broken, verdicts.closed, verdicts.null_mx],
)
def test_a_terminal_shows_the_same_words(build: Callable[[], Verdict], *, verbose: bool) -> None:
    shown = render_rich(build(), verbose=verbose, width=80)
    assert [line.rstrip() for line in shown.plain.splitlines()] == render_text(
        build(), verbose=verbose
    ).splitlines()


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("build", [verdicts.healthy, verdicts.broken, verdicts.closed])
def test_lines_fit_into_the_columns(build: Callable[[], Verdict], width: int) -> None:
    lines = "".join(page.render_text(build(), verbose=True, width=width)).splitlines()
    assert width - 10 < max(map(len, lines)) <= width


EXPIRED_TLS = expired_visit().tls
assert isinstance(EXPIRED_TLS, TlsSession)
EXPIRED_CHAIN = EXPIRED_TLS.chain


@pytest.mark.parametrize("visit", [healthy_visit(), NO_TLS, UNREACHED])
def test_the_certificate_that_is_judged_is_the_one_that_is_shown(visit: Visit) -> None:
    failed = HERE.failed(EXPIRED, "expired", "renew it")
    spans = Status(visit=visit, results=(failed,), at=OBSERVED_AT, given=EXPIRED_CHAIN).spans()
    shown = " · ".join(span.text for span in spans)
    assert "certificate to deploy expired 3 days ago · FAILS cert-expired" in shown
    assert shown.count("certificate") == 1


def test_the_summary_is_the_conclusion_in_one_line() -> None:
    assert page.render_summary(verdicts.healthy()) == (
        "PASS: 7 passed; exit code 0: all that is required passed or was waived\n"
    )


def test_a_remedy_that_a_note_gives_is_not_repeated() -> None:
    result = HERE.unknown(UNREACHABLE, "it was not asked", "ask it")
    verdict = verdicts.verdict_of(evidence_of(), (result,), Conclusion.UNKNOWN, 3)
    assert render_text(verdict, verbose=False).count("ask it") == 1
    noted = replace(verdict, notes=("Please ask it.",))
    assert render_text(noted, verbose=False).count("ask it") == 1


def test_a_cause_of_many_results_is_told_once_and_in_the_last_line() -> None:
    text = render_text(verdicts.closed(), verbose=False)
    assert "smtp-unreachable" not in text
    assert text.count("self-hosted") == 1
    last = "exit code 3: outbound port 25 looks closed here (docs/ci.md#port-25)"
    assert text.endswith(f"{last}\n")
    assert "\nUNKNOWN example.com: outbound port 25 looks closed here\n" in text
    details = render_text(verdicts.closed(), verbose=True)
    assert "not judged: port 25 is closed here" in details
    assert page.render_summary(verdicts.closed()).endswith(f"; {last}\n")


def test_a_cause_beside_a_failure_is_in_the_last_line_too() -> None:
    text = render_text(replace(verdicts.closed(), exit_code=1), verbose=False)
    assert "exit code 1: something required failed; outbound port 25 looks closed" in text


@pytest.mark.parametrize(
    ("results", "shown"),
    [
        ([HERE.failed(UNREACHABLE, "", "")], "NOT reachable (refused)"),
        ([HERE.unknown(UNREACHABLE, "")], "unknown whether reachable (refused)"),
        ([], "no connection (refused)"),
    ],
)
def test_status_of_an_address_without_connection(results: list[Result], shown: str) -> None:
    assert status(UNREACHED, *results) == shown


@pytest.mark.parametrize(
    ("visit", "results", "shown"),
    [
        (healthy_visit(), [HERE.passed(NO_STARTTLS, "")], "STARTTLS TLSv1.3"),
        (healthy_visit(), [HERE.failed(NO_TLS13, "", "")], "STARTTLS TLSv1.3 FAILS tls13-missing"),
        (NO_TLS, [HERE.failed(NO_STARTTLS, "", "")], "NO TLS (starttls-missing)"),
        (NO_TLS, [], "TLS not seen"),
        (healthy_visit(), [HERE.passed(EXPIRED, "")], "certificate valid, 60 days left"),
        (healthy_visit(), [], "certificate not judged (60 days left)"),
        (healthy_visit(), [HERE.unknown(EXPIRED, "")], "certificate not judged (60 days left)"),
        # Rules that were asked may all pass although the certificate is not valid now.
        (expired_visit(), [HERE.passed(KEY_WEAK, "")], "certificate expired 3 days ago"),
        (EARLY, [HERE.passed(KEY_WEAK, "")], "certificate not valid for another 3 days"),
        (UNDATED, [HERE.passed(KEY_WEAK, "")], "certificate unreadable"),
        (BARE, [], "no certificate"),
        (
            expired_visit(),
            [HERE.failed(EXPIRED, "", "")],
            "FAILS cert-expired",
        ),
        (healthy_visit(), [HERE.passed(OPEN_RELAY, "")], "relay refused"),
        (healthy_visit(), [HERE.failed(OPEN_RELAY, "", "")], "OPEN RELAY"),
        (healthy_visit(), [HERE.unknown(OPEN_RELAY, "")], "relay unknown"),
        (healthy_visit(), [], "relay not tested"),
    ],
)
def test_status_of_a_reached_address(visit: object, results: list[Result], shown: str) -> None:
    assert shown in status(visit, *results).split(" · ")


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(hours=3), "less than a day left"),
        (timedelta(days=1), "1 day left"),
        (timedelta(hours=-3), "expired less than a day ago"),
        (timedelta(days=-2), "expired 2 days ago"),
    ],
)
def test_days_are_counted_in_words(left: timedelta, shown: str) -> None:
    chain = authority().issue(names=("mx1.example.com",), not_after=left).der_chain
    visit = replace(healthy_visit(), tls=replace(healthy_tls(), chain=chain))
    assert f"certificate not judged ({shown})" in status(visit)


def test_every_outcome_has_a_label() -> None:
    text = render_text(verdicts.broken(), verbose=True)
    for label in ("FAIL", "WARNING", "unknown", "WAIVED", "pass", "n/a", "off"):
        assert f"  {label} " in text
    assert {result.outcome for result in verdicts.broken().domains[0].results} == set(Outcome)
