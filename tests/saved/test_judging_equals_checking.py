"""Saved evidence is judged as it was when it was gathered, and under another policy by that one."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mxcheck.model.policy import Policy, RelayMode
from tests.saved.command import apart_from_notes, flags_of, judge
from tests.saved.demo import EVERYTHING, Demo, Saved
from tests.saving import to_document


@pytest.mark.parametrize(
    "policy",
    [
        EVERYTHING,
        Policy(allow_private=True),
        Policy(allow_private=True, relay=RelayMode.OFF),
        Policy(),
    ],
    ids=["everything", "default", "no relay test", "nothing private"],
)
def test_judging_equals_checking(world: Demo, tmp_path: Path, policy: Policy) -> None:
    checked = world.check(tmp_path, policy)
    again = tmp_path / "again.json"
    judged = judge(
        tmp_path, "evidence.json", f"--save-evidence={again}", *flags_of(checked, policy)
    )
    report = json.loads(checked.report.read_text())
    assert judged.exit_code == checked.exit_code == report["exit_code"]
    assert apart_from_notes(judged.report) == apart_from_notes(report)
    assert judged.report["notes"][1:] == report["notes"]
    assert again.read_bytes() == checked.evidence.read_bytes()
    assert not judged.stderr


def test_the_evidence_does_not_depend_on_the_reports_beside_it(world: Demo, tmp_path: Path) -> None:
    checked = world.check(tmp_path)
    text = checked.evidence.read_text()
    assert text.isascii()
    document = to_document(text)
    assert document["schema_version"] == "2"
    assert [one["name"] for one in document["evidence"]["domains"]] == [
        one.name for one in world.world.domains
    ]


def test_another_threshold_is_judged_by(saved: Saved, tmp_path: Path) -> None:
    flags = flags_of(saved)
    before = judge(tmp_path, str(saved.evidence), *flags)
    after = judge(tmp_path, str(saved.evidence), *flags, "--min-cert-days=3650")
    assert before.report["policy"]["min_cert_days"] == 14
    assert after.report["policy"]["min_cert_days"] == 3650
    counts = (before.report["counts"], after.report["counts"])
    assert counts[1]["fail"] > counts[0]["fail"]
    changed = {
        result["rule"]
        for old, new in zip(before.report["domains"], after.report["domains"], strict=True)
        for result, earlier in zip(new["results"], old["results"], strict=True)
        if result["outcome"] != earlier["outcome"]
    }
    assert changed == {"cert-expiring", "mta-sts-cert-expiring"}


def test_another_trust_is_judged_by(saved: Saved, tmp_path: Path) -> None:
    rules = ("--select=cert-untrusted", "--select=cert-chain-incomplete")
    judged = judge(tmp_path, str(saved.evidence), "--allow-private", *rules)
    assert judged.exit_code == 1
    assert judged.report["counts"]["pass"] < judged.report["counts"]["fail"]


def test_a_private_address_fails_where_it_is_not_allowed_any_more(
    saved: Saved, tmp_path: Path
) -> None:
    flags = flags_of(saved, replace(EVERYTHING, allow_private=False))
    judged = judge(tmp_path, str(saved.evidence), *flags, "--select=mx-not-public")
    assert judged.exit_code == 1
    assert not judged.report["counts"]["pass"]


def test_policy_hosts_are_judged_by_that_trust_too(saved: Saved, tmp_path: Path) -> None:
    rule = "--select=mta-sts-policy-unfetchable"
    judged = judge(tmp_path, str(saved.evidence), "--allow-private", rule)
    assert (judged.exit_code, judged.report["counts"]["pass"]) == (1, 0)
    trusting = judge(tmp_path, str(saved.evidence), *flags_of(saved), rule)
    assert trusting.report["counts"]["pass"] == judged.report["counts"]["fail"] > 0
