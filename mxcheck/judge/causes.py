"""The order of causes: which rule owns the fault that leaves another rule without evidence."""

from collections.abc import Iterator
from functools import cache

from mxcheck.model.policy import Level
from mxcheck.rules import RULES
from mxcheck.rules.base import (
    Answer,
    AnyRule,
    DomainCase,
    Fail,
    Missing,
    NotApplicable,
    Pass,
    Unknown,
)
from mxcheck.rules.subjects import CASES, SOURCES

BY_ID = {rule.id: rule for rule in RULES}


def answer(rule: AnyRule, case: DomainCase) -> Answer | Unknown:
    """Return what a rule answers about a case; if its evidence is missing, with the owner."""
    judged = rule.judge(case)
    return explain(rule, case, judged) if isinstance(judged, Missing) else judged


def explain(rule: AnyRule, case: DomainCase, missing: Missing) -> NotApplicable | Unknown:
    """Return why a rule has no evidence: the first of its causes that fails, else is unknown.

    A failure that is at most a warning comes after the others: it seldom keeps evidence away. If
    every cause passes, nobody owns this one, and it must not look like a pass.
    """
    answers = [(cause, cause.judge(case)) for cause in causes_of(rule) if _is_asked_of(cause, case)]
    owners = [
        (_rank(answered), cause) for cause, answered in answers if not isinstance(answered, Pass)
    ]
    if not owners:
        return Unknown(message=missing.message)
    _, owner = min(owners, key=lambda ranked: ranked[0])
    return NotApplicable(message=missing.message, owner=owner.id)


def _rank(answered: Answer | Unknown) -> int:
    """Return how likely an answer tells the cause: the lowest number is the likeliest."""
    match answered:
        case Fail(at_most=Level.ERROR):
            return 0
        case Fail():
            return 1
        case Unknown():
            return 2
        case _:
            return 3


@cache
def causes_of(rule: AnyRule) -> tuple[AnyRule, ...]:
    """Return the rules that a rule is after, directly or not, the earliest cause first."""
    ordered = dict.fromkeys(_walk(rule, frozenset({rule.id})))
    return tuple(BY_ID[cause] for cause in ordered)


def _walk(rule: AnyRule, above: frozenset[str]) -> Iterator[str]:
    for cause in (*SOURCES[rule.scope].after, *rule.after):
        if cause not in above:
            yield from _walk(BY_ID[cause], above | {cause})
            yield cause


def _is_asked_of(rule: AnyRule, case: DomainCase) -> bool:
    return isinstance(case, CASES[rule.scope])
