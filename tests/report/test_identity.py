"""What tells a finding from all others, and what leaves it as it was."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mxcheck.judge.verdict import Conclusion, DomainVerdict, Result, Verdict
from mxcheck.model.location import Location
from mxcheck.model.waivers import Waiver
from mxcheck.report.identity import identify
from mxcheck.rules.base import Scope
from mxcheck.rules.subjects import Subject
from tests.build import OBSERVED_AT, evidence_of
from tests.report import verdicts
from tests.report.verdicts import AT_MX1, AT_MX2, EXPIRED, MISNAMED, At, verdict_of
from tests.saving import as_evidence


def run_of(*results: Result) -> Verdict:
    return verdict_of(evidence_of(), results, Conclusion.FAIL, 1)


def fingerprint(result: Result, **changes: object) -> str:
    """The fingerprint of a result alone in its domain."""
    verdict = run_of(result)
    [domain] = verdict.domains
    [finding] = identify(replace(verdict, domains=(with_changes(domain, changes),)))
    return finding.fingerprint


def with_changes(domain: DomainVerdict, changes: dict[str, object]) -> DomainVerdict:
    name = changes.get("domain", domain.name)
    location = changes.get("location", domain.location)
    assert isinstance(name, str)
    assert isinstance(location, Location)
    return replace(domain, name=name, location=location)


FAILED = At(AT_MX1).failed(EXPIRED, "it expired 3 days ago", "renew it")


def test_a_fingerprint_does_not_follow_words_levels_or_lines() -> None:
    waiver = Waiver(rule="cert-expired", until=date(2026, 12, 31), reason="known")
    same = (
        replace(FAILED, message="it expired 4 days ago", remedy=""),
        replace(FAILED, waiver=waiver, blocks=False),
        At(AT_MX1).unknown(EXPIRED, "no answer"),
    )
    for result in same:
        assert fingerprint(result, location=Location(path="b.toml", line=7)) == fingerprint(FAILED)


def test_a_fingerprint_is_the_same_in_every_version() -> None:
    assert fingerprint(FAILED) == "bed09695b5e41d3350eafd34d4f324ec:1"


@pytest.mark.parametrize(
    "other",
    [
        At(AT_MX1).failed(MISNAMED, "", ""),
        At(AT_MX2).failed(EXPIRED, "", ""),
        At(Subject(kind=Scope.MX, parts=AT_MX1.parts[:1])).failed(EXPIRED, "", ""),
        At(replace(AT_MX1, parts=("mx2.example.com", AT_MX1.parts[1]))).failed(EXPIRED, "", ""),
    ],
)
def test_a_fingerprint_follows_the_rule_and_the_subject(other: Result) -> None:
    assert fingerprint(other) != fingerprint(FAILED)


def test_a_fingerprint_follows_the_domain() -> None:
    assert fingerprint(FAILED, domain="example.net") != fingerprint(FAILED)


def test_fingerprints_are_unique_even_where_two_results_have_one_subject() -> None:
    prints = [finding.fingerprint for finding in identify(run_of(FAILED, FAILED))]
    assert prints == [fingerprint(FAILED), fingerprint(FAILED).replace(":1", ":2")]


def test_a_run_of_another_day_has_the_same_fingerprints() -> None:
    verdict = verdicts.broken()
    later = replace(verdict.evidence.runs[0], observed_at=OBSERVED_AT + timedelta(days=1))
    again = identify(replace(verdict, evidence=as_evidence(later)))
    assert [one.fingerprint for one in again] == [one.fingerprint for one in identify(verdict)]


def test_the_gravest_come_first_and_passes_not_at_all() -> None:
    labels = [str(finding.label) for finding in identify(verdicts.broken())]
    assert labels == ["FAIL", "FAIL", "FAIL", "WARNING", "unknown", "WAIVED"]
    assert not identify(verdicts.healthy())


def test_what_was_not_judged_is_called_so() -> None:
    [finding] = identify(verdicts.closed())
    assert finding.message.startswith("not judged: mx1.example.com [192.0.2.1] could not be")
    [failed] = identify(run_of(At(AT_MX1).failed(EXPIRED, "", "")))
    assert failed.message == "the title of cert-expired"
