"""Subjects: what they are called, and where each kind comes from."""

from dataclasses import replace

import pytest

from mxcheck.evidence.domain import MxHost
from mxcheck.model.policy import Policy
from mxcheck.rules.base import DomainCase, Scope
from mxcheck.rules.subjects import SOURCES, Asked, Subject, subject_of
from tests.build import ADDRESS, HOST, domain_of, evidence_of, healthy_host, trust

ENDPOINT = Subject(kind=Scope.ENDPOINT, parts=(HOST, ADDRESS))


@pytest.mark.parametrize(
    ("subject", "text", "named"),
    [
        (Subject(), "", {}),
        (Subject(kind=Scope.MX, parts=(HOST,)), HOST, {"mx": HOST}),
        (ENDPOINT, f"{HOST} [{ADDRESS}]", {"mx": HOST, "address": ADDRESS}),
        (Subject(kind=Scope.ENDPOINT, parts=(HOST,)), HOST, {"mx": HOST}),
        (Subject(kind=Scope.ENDPOINT), "", {}),
    ],
)
def test_a_subject_names_its_parts(subject: Subject, text: str, named: dict[str, str]) -> None:
    assert str(subject) == text
    assert subject.named == named


def found(kind: Scope, *addresses: str) -> list[Asked]:
    return list(SOURCES[kind].find(case_of(replace(healthy_host(), addresses=addresses))))


def case_of(*hosts: MxHost) -> DomainCase:
    return DomainCase(run=evidence_of(), policy=Policy(), trust=trust(), domain=domain_of(*hosts))


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
