"""What is shared among domains changes no verdict."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mxcheck.evidence.domain import Domain, Run
from mxcheck.judge.judge import DomainToJudge, judge_domain
from mxcheck.judge.shared import _HIDDEN, ReadsDomainError, SharedAnswers
from mxcheck.judge.verdict import Result
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.rules import RULES
from mxcheck.rules.base import DomainCase, Rule, Scope
from mxcheck.rules.subjects import SOURCES
from tests.build import evidence_of, trust
from tests.whole import whole_evidence

POLICIES = (Policy(), Policy(require=("dane", "mta-sts"), relay=RelayMode.THOROUGH))


def results(run: Run, domain: Domain, policy: Policy, shared: SharedAnswers) -> tuple[Result, ...]:
    case = DomainCase(run=run, policy=policy, trust=trust(), domain=domain)
    return judge_domain(DomainToJudge(case=case, shared=shared)).results


def domains_at_the_same_hosts(run: Run) -> Iterator[Domain]:
    """Each domain, then one with the same hosts and all else of the domain before it."""
    before = run.domains[-1]
    for domain in run.domains:
        yield domain
        yield replace(before, name=before.name, hosts=domain.hosts)
        before = domain


@pytest.mark.parametrize("policy", POLICIES, ids=["defaults", "all"])
def test_no_verdict_depends_on_the_domains_before(policy: Policy) -> None:
    run, shared = whole_evidence(), SharedAnswers()
    for domain in domains_at_the_same_hosts(run):
        alone = results(run, domain, policy, SharedAnswers())
        assert results(run, domain, policy, shared) == alone, domain.name


def test_a_rule_that_does_not_look_at_the_domain_is_asked_once() -> None:
    asked: list[str] = []

    def find(_case: DomainCase) -> str:
        asked.append("find")
        return "seen"

    one = next(rule for rule in RULES if rule.scope is Scope.ENDPOINT)
    rule: Rule[DomainCase, str] = replace(one, find=find)
    run, shared = evidence_of(), SharedAnswers()
    for name in ("example.com", "other.example"):
        case = DomainCase(
            run=run, policy=POLICIES[0], trust=trust(), domain=replace(run.domains[0], name=name)
        )
        for asked_about in _endpoints(case):
            shared.judge(rule, asked_about)
    assert len(asked) == len(list(_endpoints(case)))


def _endpoints(case: DomainCase) -> Iterator[DomainCase]:
    yield from (asked.case for asked in SOURCES[Scope.ENDPOINT].find(case))


def test_the_hidden_domain_tells_whatever_is_read() -> None:
    for name in ("name", "mx", "hosts", "mta_sts", "record", "caa"):
        with pytest.raises(ReadsDomainError):
            getattr(_HIDDEN, name)
    assert isinstance(_HIDDEN, Domain)
