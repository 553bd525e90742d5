"""Subjects: what they are called, and where each kind comes from."""

from dataclasses import replace

import pytest

from mxcheck.evidence.domain import MxHost
from mxcheck.model.policy import Policy
from mxcheck.rules.base import DomainCase, Scope
from mxcheck.rules.subjects import SOURCES, Asked, Subject, subject_of
from tests.build import ADDRESS, HOST, domain_of, evidence_of, healthy_host, trust

POLICY = Policy(senders=(ADDRESS,), dkim_selectors=("s1",))
ENDPOINT = Subject(kind=Scope.ENDPOINT, parts=(HOST, ADDRESS))


@pytest.mark.parametrize(
    ("subject", "text", "named"),
    [
        (Subject(), "", {}),
        (Subject(kind=Scope.MX, parts=(HOST,)), HOST, {"mx": HOST}),
        (ENDPOINT, f"{HOST} [{ADDRESS}]", {"mx": HOST, "address": ADDRESS}),
        (Subject(kind=Scope.ENDPOINT, parts=(HOST,)), HOST, {"mx": HOST}),
        (Subject(kind=Scope.ENDPOINT), "", {}),
        (Subject(kind=Scope.SENDER, parts=(ADDRESS,)), ADDRESS, {"sender": ADDRESS}),
        (Subject(kind=Scope.SELECTOR, parts=("s1",)), "s1", {"selector": "s1"}),
    ],
)
def test_a_subject_names_its_parts(subject: Subject, text: str, named: dict[str, str]) -> None:
    assert str(subject) == text
    assert subject.named == named


def found(kind: Scope, *addresses: str) -> list[Asked]:
    return list(SOURCES[kind].find(case_of(replace(healthy_host(), addresses=addresses))))


def case_of(*hosts: MxHost) -> DomainCase:
    domain = domain_of(*hosts)
    return DomainCase(run=evidence_of(), policy=POLICY, trust=trust(), domain=domain)


@pytest.mark.parametrize("kind", Scope)
def test_every_kind_has_a_source_whose_cases_tell_their_subject(kind: Scope) -> None:
    assert set(SOURCES) == set(Scope)
    [asked] = found(kind, ADDRESS)
    assert asked.why_none is None
    assert isinstance(asked.case, SOURCES[kind].case)
    assert asked.subject == subject_of(kind, asked.case)
    assert len(asked.subject.parts) == len(SOURCES[kind].part_names)


def test_a_case_tells_the_wider_subjects_too() -> None:
    [asked] = found(Scope.ENDPOINT, ADDRESS)
    assert subject_of(Scope.MX, asked.case) == Subject(kind=Scope.MX, parts=(HOST,))
    assert subject_of(Scope.DOMAIN, asked.case) == Subject()


def test_a_host_without_addresses_says_why_it_has_no_subject() -> None:
    [asked] = found(Scope.ENDPOINT)
    assert asked.why_none
    assert asked.subject == Subject(kind=Scope.ENDPOINT, parts=(HOST,))
    [domain] = SOURCES[Scope.ENDPOINT].find(case_of())
    assert domain.why_none
    assert domain.subject.parts == ()


@pytest.mark.parametrize(
    ("kind", "key"), [(Scope.SENDER, "`senders`"), (Scope.SELECTOR, "`dkim_selectors`")]
)
def test_without_configured_subjects_the_configuration_is_why(kind: Scope, key: str) -> None:
    [asked] = SOURCES[kind].find(replace(case_of(healthy_host()), policy=Policy()))
    assert asked.why_none
    assert not asked.why_none.owner
    assert key in asked.why_none.message
    assert asked.subject == Subject(kind=kind)
