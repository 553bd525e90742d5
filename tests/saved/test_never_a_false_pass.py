"""A rule that is asked only when judging never passes on evidence that nobody gathered."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mxcheck import app
from mxcheck.evidence.domain import Run
from mxcheck.judge.verdict import Conclusion, Outcome, Verdict
from mxcheck.model.policy import Policy, RelayMode, TlsVersion
from mxcheck.rules import RULES
from mxcheck.rules.base import AnyRule
from tests.saved.demo import EVERYTHING, Demo, Saved
from tests.saving import as_evidence, loaded_run

ONE = Policy(allow_private=True)
LITTLE = {
    "the default": ONE,
    "no relay test": replace(EVERYTHING, relay=RelayMode.OFF),
    "a basic relay test": replace(EVERYTHING, relay=RelayMode.BASIC),
    "nothing private": replace(EVERYTHING, allow_private=False),
    "older TLS allowed": replace(EVERYTHING, min_tls=TlsVersion.TLS10),
    **{
        f"nothing but {name}": replace(ONE, select=(name,))
        for name in (
            "mx-missing",
            "dnssec-missing",
            "reverse-dns-mismatch",
            "smtp",
            "tls",
            "tls-version-old",
            "starttls-injectable",
            "cert",
            "open-relay",
            "dane",
            "mta-sts",
            "tls-rpt-missing",
        )
    },
}
"""Policies under which less is gathered than EVERYTHING asks for."""

BY_DNS = {"mx-missing", "mx-implicit", "mx-null", "mx-unresolvable", "mx-is-alias"} | {
    "mx-is-address",
    "mx-name-invalid",
    "mx-ipv6-missing",
    "mx-not-public",
}
"""What the lookups of MX hosts and addresses tell, which every run makes."""

Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Evidence, judged under EVERYTHING or more."""

    evidence: Run
    demo: Demo

    def judge(self, policy: Policy = EVERYTHING) -> Verdict:
        config = self.demo.config(Path(), policy)
        return app.Judging(config, today=dt.date.min).judge(as_evidence(self.evidence))

    def outcomes(self, policy: Policy = EVERYTHING) -> Mapping[Key, Outcome]:
        return {
            (domain.domain.name, result.rule.id, str(result.subject)): result.outcome
            for domain in self.judge(policy).domains
            for result in domain.results
        }


def gathered(demo: Demo, saved: Saved) -> Gathered:
    return Gathered(loaded_run(saved.evidence.read_text()), demo)


@pytest.fixture(scope="module")
def truth(world: Demo, saved: Saved) -> Gathered:
    return gathered(world, saved)


@pytest.fixture(scope="module")
def next_to_nothing(world: Demo, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    folder = tmp_path_factory.mktemp("little")
    policy = Policy(select=("mx-missing",), relay=RelayMode.OFF, allow_private=True)
    return gathered(world, world.check(folder, policy))


@pytest.mark.parametrize("policy", LITTLE.values(), ids=list(LITTLE))
def test_what_passes_on_little_evidence_passes_on_all_of_it(
    world: Demo, truth: Gathered, tmp_path: Path, policy: Policy
) -> None:
    little = gathered(world, world.check(tmp_path, policy))
    whole = truth.outcomes()
    passed = {key for key, outcome in little.outcomes().items() if outcome is Outcome.PASS}
    assert passed
    assert {key: whole.get(key) for key in passed} == dict.fromkeys(passed, Outcome.PASS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_rule_passes_without_its_evidence(next_to_nothing: Gathered, rule: AnyRule) -> None:
    outcomes = {
        outcome for (_, name, _), outcome in next_to_nothing.outcomes().items() if name == rule.id
    }
    assert outcomes
    assert (Outcome.PASS in outcomes) == (rule.id in BY_DNS)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_no_domain_passes_by_a_rule_without_its_evidence(
    next_to_nothing: Gathered, rule: AnyRule
) -> None:
    verdict = next_to_nothing.judge(replace(EVERYTHING, select=(rule.id,)))
    passed = {one.domain.name for one in verdict.domains if one.conclusion is Conclusion.PASS}
    assert not passed or rule.id in BY_DNS


def test_a_sender_that_was_not_tried_is_no_sender_that_was_refused(truth: Gathered) -> None:
    policy = replace(EVERYTHING, relay_sender="outsider@example.net", select=("open-relay",))
    outcomes = set(truth.outcomes(policy).values())
    assert Outcome.UNKNOWN in outcomes
    assert Outcome.PASS not in outcomes


def test_a_recipient_that_was_not_tried_is_none_that_was_refused(truth: Gathered) -> None:
    policy = replace(EVERYTHING, relay_recipient="outsider@example.net", select=("open-relay",))
    assert Outcome.PASS not in truth.outcomes(policy).values()


def test_addresses_that_were_passed_over_are_unknown_once_they_are_allowed(
    world: Demo, tmp_path: Path
) -> None:
    policy = replace(EVERYTHING, allow_private=False)
    verdict = gathered(world, world.check(tmp_path, policy)).judge()
    results = [result for domain in verdict.domains for result in domain.results]
    unreached = [one for one in results if one.rule.id == "smtp-unreachable" and one.subject.parts]
    assert {one.outcome for one in unreached} == {Outcome.UNKNOWN}
    assert all("gathered without --allow-private" in one.message for one in unreached)
    fetched = [one for one in results if one.rule.id == "mta-sts-policy-unfetchable"]
    assert Outcome.UNKNOWN in {one.outcome for one in fetched}
    assert Outcome.FAIL not in {one.outcome for one in fetched}
