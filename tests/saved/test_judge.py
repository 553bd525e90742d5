"""The output and exit code of judging saved evidence, compared with those of a check."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from mxcheck import app
from mxcheck.config.load import Config
from mxcheck.config.output import ReportRequest, Screen
from mxcheck.evidence.domain import Run
from mxcheck.model.policy import OnUnknown, Policy
from mxcheck.model.targets import Target
from mxcheck.model.waivers import Waiver
from mxcheck.probe.settings import ProbeSettings
from mxcheck.report import REPORTS
from mxcheck.rules.cert import cert_expired
from tests.build import DOMAIN, OBSERVED_AT, evidence_of, expired_visit, root
from tests.saving import as_evidence, loaded_run

GATHERED_ON = OBSERVED_AT.date()
OTHER = "other.example"
WITHOUT_NOTES = {"save-evidence", "codequality"}
NOTE = "judged from evidence that was gathered on 2026-01-31 at 12:00 UTC"


def config_of(folder: Path, *domains: str, waivers: tuple[Waiver, ...] = ()) -> Config:
    return Config(
        policy=Policy(),
        targets=tuple(Target(domain=name, policy=Policy()) for name in domains or (DOMAIN,)),
        probe=ProbeSettings(),
        waivers=waivers,
        ca_pem=root().certificate_pem,
        reports=tuple(
            ReportRequest(format=name, path=str(folder / name))
            for name in ("json", "save-evidence")
        ),
        screen=Screen(),
    )


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The day by the clock; a test puts its own in place of it."""
    day = [GATHERED_ON]
    monkeypatch.setattr(app, "today", lambda: day[0])
    return day


def report_in(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "json").read_text())
    return read


@pytest.mark.parametrize(
    ("days", "age"),
    [
        (0, ""),
        (1, ", 1 day ago"),
        (40, ", 40 days ago"),
        (-1, ", a day that has not come yet by this machine's clock"),
    ],
)
def test_title_and_note_say_that_and_when_the_evidence_was_gathered(
    days: int, age: str, today: list[date], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    today[0] += timedelta(days=days)
    assert app.judge(as_evidence(evidence_of()), config_of(tmp_path)) == 0
    text = capsys.readouterr().out
    title = " ".join(text.partition("\n\n")[0].split())
    assert title.endswith(", 2026-01-31T12:00:00Z, judged from saved evidence")
    [note] = report_in(tmp_path)["notes"]
    assert note == f"{NOTE}{age}: days and dates are counted as of then"
    assert " ".join(note.split()) in " ".join(text.split())
    assert report_in(tmp_path)["started_at"] == "2026-01-31T12:00:00Z"
    assert report_in(tmp_path)["finished_at"] == "2026-01-31T12:00:03Z"


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize("name", sorted(REPORTS.keys() - WITHOUT_NOTES))
def test_every_report_has_the_note(name: str, tmp_path: Path) -> None:
    request = ReportRequest(format=name, path=str(tmp_path / name))
    config = replace(config_of(tmp_path), reports=(request,))
    app.judge(as_evidence(evidence_of()), config)
    assert "evidence that was gathered on" in (tmp_path / name).read_text()


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(("expired", "code"), [(False, 3), (True, 1)])
@pytest.mark.parametrize("on_unknown", OnUnknown)
def test_a_domain_that_the_evidence_lacks_is_unknown(
    *, expired: bool, code: int, on_unknown: OnUnknown, tmp_path: Path
) -> None:
    evidence = evidence_of(expired_visit()) if expired else evidence_of()
    config = config_of(tmp_path, DOMAIN, OTHER)
    policy = replace(config.policy, on_unknown=on_unknown)
    targets = tuple(replace(target, policy=policy) for target in config.targets)
    assert app.judge(as_evidence(evidence), replace(config, policy=policy, targets=targets)) == code
    report = report_in(tmp_path)
    held, lacking = report["domains"]
    assert held["domain"] == DOMAIN
    assert (lacking["domain"], lacking["verdict"], lacking["mx"]) == (OTHER, "unknown", [])
    assert {result["outcome"] for result in lacking["results"]} == {"unknown", "not-applicable"}
    assert report["notes"][1].startswith(f"the evidence does not hold {OTHER}, which the config")
    [mx_missing] = [one for one in lacking["results"] if one["rule"] == "mx-missing"]
    assert "the saved evidence does not hold this domain" in mx_missing["message"]
    assert loaded_run((tmp_path / "save-evidence").read_text()) == evidence


def waiver_until(day: date) -> Waiver:
    return Waiver(rule="cert-expired", until=day, reason="OPS-123", location="mxcheck.toml:9")


@pytest.mark.parametrize(
    ("until", "days", "waived"),
    [
        (GATHERED_ON, 0, True),
        (GATHERED_ON, 1, False),
        (GATHERED_ON + timedelta(days=1), 1, True),
        # A clock that is behind makes no waiver hold that had run out already.
        (GATHERED_ON - timedelta(days=1), -9, False),
    ],
)
def test_a_waiver_holds_until_its_day_has_passed_today(
    until: date, days: int, *, waived: bool, today: list[date], tmp_path: Path
) -> None:
    today[0] += timedelta(days=days)
    waivers = (waiver_until(until), replace(waiver_until(until), rule="cert-name-mismatch"))
    evidence = evidence_of(expired_visit())
    assert app.judge(as_evidence(evidence), config_of(tmp_path, waivers=waivers)) == (
        0 if waived else 1
    )
    report = report_in(tmp_path)
    assert report["counts"]["waived"] == (2 if waived else 0)
    ran_out = f"mxcheck.toml:9: the waiver of cert-expired ran out on {until}"
    assert (ran_out in report["waiver_notes"]) is not waived


def test_days_are_counted_as_of_the_evidence(today: list[date], tmp_path: Path) -> None:
    today[0] += timedelta(days=5000)
    assert app.judge(as_evidence(evidence_of()), config_of(tmp_path)) == 0


@pytest.mark.usefixtures("today")
def test_a_run_that_was_interrupted_stays_one(tmp_path: Path) -> None:
    assert (
        app.judge(as_evidence(replace(evidence_of(), interrupted=True)), config_of(tmp_path)) == 130
    )
    assert "the run was interrupted" in report_in(tmp_path)["notes"][1]


def interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("today")
def test_an_interrupt_is_raised_after_the_reports_and_leaves_the_evidence_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mxcheck.app.judge_domain", interrupt)
    with pytest.raises(KeyboardInterrupt):
        app.judge(as_evidence(evidence_of()), config_of(tmp_path))
    report = report_in(tmp_path)
    assert (report["exit_code"], report["verdict"]) == (130, "unknown")
    assert loaded_run((tmp_path / "save-evidence").read_text()) == evidence_of()


@pytest.mark.usefixtures("today")
def test_a_bug_never_becomes_a_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> NoReturn:
        raise ZeroDivisionError

    monkeypatch.setattr("mxcheck.judge.judge.RULES", (replace(cert_expired.RULE, check=crash),))
    with pytest.raises(ZeroDivisionError):
        app.judge(as_evidence(evidence_of()), config_of(tmp_path))
    report = report_in(tmp_path)
    assert (report["exit_code"], report["verdict"]) == (70, "unknown")
    assert "bug" in report["notes"][0]
    assert report["notes"][1].startswith(NOTE)


@pytest.mark.usefixtures("today")
def test_a_check_does_not_say_that_it_judges_saved_evidence(tmp_path: Path) -> None:
    def verdict(evidence: Run) -> str:
        verdict = app.Judging(config_of(tmp_path)).judge(as_evidence(evidence))
        return "".join(REPORTS["markdown"](verdict))

    assert "saved evidence" not in verdict(evidence_of())
    assert "gathered on" not in verdict(evidence_of())
