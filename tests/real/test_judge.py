"""What the check saw of real servers is judged again by a process that has no network at all."""

import json
import os
from pathlib import Path

import pytest

from tests.program import run_program
from tests.real.checked import Checked, Report
from tests.real.namespace import leave_network
from tests.real.world import RealWorld

pytestmark = pytest.mark.real

DOMAINS = (
    "healthy.test",
    "expired-wrong-name.test",
    "open-relay.test",
    "tls10.test",
    "second-mx-dead.test",
)


def judge(real_world: RealWorld, evidence: Path, folder: Path, *flags: str) -> Checked:
    """Run `mxcheck judge` in a network namespace without an interface."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MXCHECK_")}
    report = folder / "judged.json"
    given = ("--ca-file", str(real_world.ca_file), "--allow-private", "--json", str(report), *flags)
    done = run_program("judge", str(evidence), *given, cwd=folder, env=clean, before=leave_network)
    read: Report = json.loads(report.read_text())
    return Checked(done.returncode, read, done.stdout, done.stderr)


def apart_from_notes(report: Report) -> dict[str, object]:
    return {key: value for key, value in report.items() if key != "notes"}


def test_judging_equals_checking(real_world: RealWorld, tmp_path: Path) -> None:
    evidence = tmp_path / "evidence.json"
    checked = real_world.check(*DOMAINS, "--save-evidence", str(evidence))
    judged = judge(real_world, evidence, tmp_path)
    assert (judged.exit_code, judged.stderr) == (checked.exit_code, "") == (1, "")
    assert apart_from_notes(judged.report) == apart_from_notes(checked.report)
    assert judged.report["notes"][1:] == checked.report["notes"]
    assert "judged from saved evidence" in " ".join(judged.stdout.split())

    stricter = judge(real_world, evidence, tmp_path, "--min-cert-days", "3650")
    failed = {host for rule, host in stricter.failures() if rule == "cert-expiring"}
    assert "mx.healthy.test" in failed
    assert ("cert-expiring", "mx.healthy.test") not in checked.failures()
    milder = judge(real_world, evidence, tmp_path, "--min-tls", "1.0")
    assert ("tls-version-old", "mx.tls10.test") in checked.failures() - milder.failures()
