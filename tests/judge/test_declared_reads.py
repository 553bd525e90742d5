"""Rules read the evidence that they declare, and no other; nor does other evidence change them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import pytest

from mxcheck.evidence.domain import Run
from mxcheck.evidence.items import FIELDS, Item, Readable, with_requirements
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.records import PlainRecord
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.rules import RULES
from mxcheck.rules.base import Answer, AnyRule, DomainCase, Fail, Scope, Unknown
from mxcheck.rules.subjects import SOURCES
from tests.build import ADDRESS, canary, trust, unseen
from tests.judge.erasing import all_erased
from tests.judge.recording import begin, record_cases, touched
from tests.whole import whole_evidence

NAMED = Policy(senders=(ADDRESS, "2001:db8::25"), dkim_selectors=("s1", "s2"))
POLICIES = (
    NAMED,
    replace(NAMED, relay=RelayMode.THOROUGH, require=("tls-rpt",), allow_private=True),
)


def cases(
    scope: Scope, evidence: Run, policies: Sequence[Policy] = POLICIES
) -> Iterator[DomainCase]:
    for domain in evidence.domains:
        for policy in policies:
            case = DomainCase(run=evidence, policy=policy, trust=trust(), domain=domain)
            found = SOURCES[scope].find(case)
            yield from (asked.case for asked in found if not asked.why_none)


@cache
def recordings(scope: Scope) -> list[tuple[DomainCase, DomainCase]]:
    """Each case, and the same over evidence that records what is read of it."""
    found = list(cases(scope, whole_evidence()))
    return list(zip(found, record_cases(found), strict=True))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_reads_no_more_than_it_declares(rule: AnyRule) -> None:
    asked = 0
    for case, recording in recordings(rule.scope):
        begin()
        answer = rule.judge(recording)
        declared = rule.reads
        if isinstance(answer, Fail):
            declared = (*rule.all_reads, *rule.if_gathered)
        assert not touched().undeclared(declared), (case.domain.name, answer)
        asked += 1
    assert asked


Answers = dict[str, list[Answer | Unknown]]


def answers(item: Readable | None) -> Answers:
    every = {scope: list(cases(scope, shut_in(), POLICIES[:1])) for scope in Scope}
    if item is not None:
        every = {scope: all_erased(item, found) for scope, found in every.items()}
    return {rule.id: [rule.judge(case) for case in every[rule.scope]] for rule in RULES}


def shut_in() -> Run:
    """The evidence of a machine whose outbound port 25 is closed."""
    silent = canary(unseen(Trouble.TIMEOUT, "no answer within 10 s"))
    return replace(whole_evidence(), canaries=(silent,))


@cache
def before() -> Answers:
    return answers(None)


@pytest.mark.parametrize("item", [*Item, *PlainRecord])
def test_without_an_item_only_rules_that_read_it_answer_otherwise(item: Readable) -> None:
    after = answers(item)
    changed = {rule for rule, answered in before().items() if answered != after[rule]}
    same = {other for other in Item if other == item or covers_the_same(other, item)}
    reading = {rule.id for rule in RULES if {item, *same} & {*rule.all_reads, *rule.if_gathered}}
    assert changed, f"nothing in the evidence of the tests shows {item}"
    assert changed <= reading


def covers_the_same(item: Item, other: Readable) -> bool:
    """Whether two items share fields, so that neither can be erased alone."""
    if isinstance(other, PlainRecord):
        return False
    mine, others = (
        {(kind, name) for kind, names in FIELDS[one] for name in names} for one in (item, other)
    )
    return bool(mine & others)


def test_every_item_is_read_by_a_rule_and_gathered_after_what_it_requires() -> None:
    read = {item for rule in RULES for item in rule.all_reads}
    assert read == {*Item, *PlainRecord}
    for item in read:
        assert item in with_requirements(frozenset({item}))
