"""The stages joined: what is reported when all goes well, and when it does not."""

import json
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from mxcheck import app
from mxcheck.config.load import Config
from mxcheck.config.output import ReportRequest, Screen
from mxcheck.evidence.domain import Run
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from mxcheck.probe.run import ProbeRun
from mxcheck.probe.settings import ProbeSettings
from mxcheck.report import REPORTS
from mxcheck.rules.cert import cert_expired
from tests.build import (
    DOMAIN,
    evidence_of,
    expired_visit,
    root,
)


def config_of(*reports: ReportRequest, policy: Policy | None = None) -> Config:
    policy = policy or Policy()
    return Config(
        policy=policy,
        targets=(Target(domain=DOMAIN, policy=policy),),
        probe=ProbeSettings(),
        ca_pem=root().certificate_pem,
        reports=reports,
        screen=Screen(quiet=True),
    )


def to_json(path: Path | str) -> ReportRequest:
    return ReportRequest(format="json", path=str(path))


def to_junit(path: Path | str) -> ReportRequest:
    return ReportRequest(format="junit-xml", path=str(path))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Run]:
    """The evidence that the probe comes back with; a test puts its own in place of it."""
    evidence = [evidence_of()]
    monkeypatch.setattr(ProbeRun, "gather", lambda _: evidence[0])
    monkeypatch.setattr(ProbeRun, "seen", lambda _: evidence[0])
    return evidence


@pytest.mark.usefixtures("seen")
def test_reports_are_written_and_their_folders_made(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "report.json"
    assert app.check(config_of(to_json(path))) == 0
    assert json.loads(path.read_text())["verdict"] == "pass"
    assert [entry.name for entry in path.parent.iterdir()] == ["report.json"]


def test_a_failing_run_writes_its_reports_too(seen: list[Run], tmp_path: Path) -> None:
    seen[0] = evidence_of(expired_visit())
    assert app.check(config_of(to_junit(tmp_path / "junit.xml"))) == 1
    assert "cert-expired" in (tmp_path / "junit.xml").read_text()


@pytest.mark.usefixtures("seen")
def test_a_report_on_stdout_stands_there_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.check(config_of(to_json("-"))) == 0
    assert json.loads(capsys.readouterr().out)["exit_code"] == 0


@pytest.mark.parametrize(("expired", "code"), [(False, 2), (True, 1)])
def test_a_report_that_cannot_be_written_is_named_and_the_others_are_written(
    *,
    expired: bool,
    code: int,
    seen: list[Run],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if expired:
        seen[0] = evidence_of(expired_visit())
    (tmp_path / "file").write_text("")
    blocked = tmp_path / "file" / "junit.xml"
    assert app.check(config_of(to_junit(blocked), to_json(tmp_path / "report.json"))) == code
    assert str(blocked) in capsys.readouterr().err
    assert json.loads((tmp_path / "report.json").read_text())["domains"]


def test_an_old_report_survives_where_the_new_one_cannot_be_written(
    seen: list[Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "report.json"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", full_disk)
    assert app.check(config_of(to_json(path))) == 2
    assert path.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report.json"]
    assert seen


def test_an_interrupted_run_reports_what_it_has(seen: list[Run], tmp_path: Path) -> None:
    seen[0] = replace(evidence_of(), interrupted=True)
    assert app.check(config_of(to_json(tmp_path / "report.json"))) == 130
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["exit_code"] == 130
    assert "interrupted" in report["notes"][0]


@pytest.mark.usefixtures("seen")
def test_a_bug_in_the_probe_is_raised_after_what_was_gathered_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: ProbeRun) -> Run:
        raise ZeroDivisionError

    monkeypatch.setattr(ProbeRun, "gather", crash)
    with pytest.raises(ZeroDivisionError):
        app.check(config_of(to_json(tmp_path / "report.json")))
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["exit_code"], report["verdict"]) == (70, "unknown")
    assert report["domains"][0]["mx"][0]["endpoints"][0]["connect_ms"] == 12.3
    assert "bug" in report["notes"][0]


@pytest.mark.usefixtures("seen")
def test_a_bug_in_a_rule_never_becomes_a_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> NoReturn:
        raise ZeroDivisionError

    broken = replace(cert_expired.RULE, check=crash)
    monkeypatch.setattr("mxcheck.judge.judge.RULES", (broken,))
    with pytest.raises(ZeroDivisionError):
        app.check(config_of(to_json(tmp_path / "report.json")))
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["exit_code"], report["verdict"]) == (70, "unknown")


def interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "location", ["mxcheck.probe.run.ProbeRun.gather_in_loop", "mxcheck.app.judge_domain"]
)
@pytest.mark.parametrize("writable", [True, False])
def test_an_interrupt_anywhere_is_raised_after_the_reports(
    *, location: str, writable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(_: ProbeRun) -> None:
        """See nothing."""

    monkeypatch.setattr(ProbeRun, "gather_in_loop", at_once)
    monkeypatch.setattr(location, interrupt)
    path = tmp_path / "report.json"
    blocked = [] if writable else [to_junit("/dev/null/junit.xml")]
    with pytest.raises(KeyboardInterrupt):
        app.check(config_of(*blocked, to_json(path)))
    report = json.loads(path.read_text())
    assert (report["exit_code"], report["verdict"]) == (130, "unknown")
    assert "interrupted" in report["notes"][0]
    assert not [note for note in report["notes"] if "bug" in note]


def test_an_interrupted_run_stays_one_where_a_report_cannot_be_written(
    seen: list[Run],
) -> None:
    seen[0] = replace(evidence_of(), interrupted=True)
    assert app.check(config_of(to_json("/dev/null/report.json"))) == 130


@pytest.mark.usefixtures("seen")
def test_a_bug_in_one_report_loses_neither_the_others_nor_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(_: object) -> NoReturn:
        raise ZeroDivisionError

    monkeypatch.setattr(app, "REPORTS", {**REPORTS, "junit-xml": crash})
    path = tmp_path / "report.json"
    broken, blocked = to_junit(tmp_path / "junit.xml"), to_json("/dev/null/x")
    with pytest.raises(ZeroDivisionError):
        app.check(config_of(broken, to_json(path), blocked))
    assert json.loads(path.read_text())["exit_code"] == 0
    out, err = capsys.readouterr()
    assert out.startswith("PASS")
    assert "/dev/null/x could not be written" in err
    assert not (tmp_path / "junit.xml").exists()


@pytest.mark.usefixtures("seen")
def test_reports_are_written_undisturbed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def disturbed(_: object) -> str:
        os.kill(os.getpid(), signal.SIGINT)
        return "whole"

    monkeypatch.setattr(app, "REPORTS", {**REPORTS, "json": disturbed})
    assert app.check(config_of(to_json(tmp_path / "report.json"))) == 0
    assert (tmp_path / "report.json").read_text() == "whole"


@pytest.mark.parametrize(("expired", "code"), [(False, 2), (True, 1)])
def test_a_screen_that_cannot_be_printed_is_named(
    *,
    expired: bool,
    code: int,
    seen: list[Run],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if expired:
        seen[0] = evidence_of(expired_visit())
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        monkeypatch.setattr(sys, "stdout", full)
        assert app.check(config_of()) == code
    [line] = capsys.readouterr().err.splitlines()
    assert line == (
        "mxcheck: the text report could not be printed: stdout: No space left on device"
    )
