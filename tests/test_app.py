"""The stages joined: what is reported when all goes well, and when it does not."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from mxcheck import app
from mxcheck.config.load import Config
from mxcheck.config.output import ReportRequest, Screen
from mxcheck.evidence.domain import Evidence
from mxcheck.policy import Level, Policy, RelayMode
from mxcheck.probe.run import ProbeRun
from mxcheck.probe.settings import ProbeSettings
from mxcheck.rules.cert import cert_expired
from mxcheck.targets import Target
from tests.build import DOMAIN, evidence_of, expired_visit, root


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
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Evidence]:
    """The evidence that the probe comes back with; a test puts its own in place of it."""
    evidence = [evidence_of()]
    monkeypatch.setattr(ProbeRun, "gather", lambda _: evidence[0])
    monkeypatch.setattr(ProbeRun, "evidence", lambda _: evidence[0])
    return evidence


@pytest.mark.usefixtures("seen")
def test_reports_are_written_and_their_folders_made(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "report.json"
    assert app.check(config_of(to_json(path))) == 0
    assert json.loads(path.read_text())["verdict"] == "pass"
    assert [entry.name for entry in path.parent.iterdir()] == ["report.json"]


def test_a_failing_run_writes_its_reports_too(seen: list[Evidence], tmp_path: Path) -> None:
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
    seen: list[Evidence],
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
    seen: list[Evidence], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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


def test_an_interrupted_run_reports_what_it_has(seen: list[Evidence], tmp_path: Path) -> None:
    seen[0] = replace(evidence_of(), interrupted=True)
    assert app.check(config_of(to_json(tmp_path / "report.json"))) == 130
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["exit_code"] == 130
    assert "interrupted" in report["notes"][0]


@pytest.mark.usefixtures("seen")
def test_a_bug_in_the_probe_is_raised_after_what_was_gathered_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: ProbeRun) -> Evidence:
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
    monkeypatch.setattr("mxcheck.judge.RULES", (broken,))
    with pytest.raises(ZeroDivisionError):
        app.check(config_of(to_json(tmp_path / "report.json")))
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["exit_code"], report["verdict"]) == (70, "unknown")


@pytest.mark.parametrize(
    ("policy", "visit", "relay"),
    [
        (Policy(), True, True),
        (Policy(relay=RelayMode.OFF), True, False),
        (Policy(ignore=("relay",)), True, False),
        (Policy(select=("dns",)), False, False),
        (Policy(select=("mx-missing", "mx-not-public")), False, False),
        (Policy(select=("cert-expired",)), True, False),
    ],
)
def test_the_probe_asks_no_more_than_the_rules_need(
    policy: Policy, *, visit: bool, relay: bool
) -> None:
    [target] = app.Run(config_of(policy=policy)).probe.targets
    assert (target.visit, target.relay) == (visit, relay)


@pytest.mark.parametrize(
    ("policy", "dnssec", "reverse"),
    [
        (Policy(), True, False),
        (Policy(ignore=("dnssec-bogus",)), False, False),
        (Policy(select=("dnssec-missing",)), True, False),
        (Policy(select=("reverse-dns-mismatch",)), False, True),
        (Policy(levels={"reverse-dns-mismatch": Level.WARNING}), True, True),
        (Policy(select=("smtp",)), False, False),
    ],
)
def test_dns_is_asked_no_more_than_the_rules_need(
    policy: Policy, *, dnssec: bool, reverse: bool
) -> None:
    [target] = app.Run(config_of(policy=policy)).probe.targets
    assert (target.dnssec, target.reverse) == (dnssec, reverse)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_with_130_and_its_reports(number: int, tmp_path: Path) -> None:
    # The program asks a resolver that never answers, and says on stderr when it has begun.
    program = (
        "import socket, sys\n"
        "from mxcheck import cli, output\n"
        "silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "silent.bind(('127.0.0.1', 0))\n"
        "resolver = f'127.0.0.1:{silent.getsockname()[1]}'\n"
        "def begun(stage, done, total):\n"
        "    print(stage, file=sys.stderr, flush=True)\n"
        "output._no_progress = begun\n"
        "flags = ['--resolver', resolver, '--json', sys.argv[1]]\n"
        "sys.argv = ['mxcheck', 'check', 'example.com', *flags]\n"
        "cli.main()\n"
    )
    path = tmp_path / "report.json"
    command = (sys.executable, "-c", program, str(path))
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"looking up domains\n"
        process.send_signal(number)
        out, _ = process.communicate()
    assert process.returncode == 130
    assert b"interrupted" in out
    assert json.loads(path.read_text())["exit_code"] == 130
