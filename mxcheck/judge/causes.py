"""The order of causes: which rule owns the fault that leaves another rule without evidence."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from mxcheck.judge.shared import SharedAnswers
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
from mxcheck.rules.subjects import SOURCES

BY_ID = {rule.id: rule for rule in RULES}


@dataclass(slots=True)
class Answers:
    """The answers about one domain; none is asked for twice, for a cause explains many rules.

    `shared` has those that hold for other domains too.
    """

    shared: SharedAnswers = field(default_factory=SharedAnswers)
    known: dict[tuple[str, ...], Answer | Unknown] = field(default_factory=dict)

    def of(self, rule: AnyRule, case: DomainCase) -> Answer | Unknown:
        """Return what a rule answers about a case; if its evidence is missing, with the owner."""
        judged = self._judged(rule, case)
        return self.explain(rule, case, judged) if isinstance(judged, Missing) else judged

    def explain(self, rule: AnyRule, case: DomainCase, missing: Missing) -> NotApplicable | Unknown:
        """Return why a rule has no evidence: the first of its causes that fails, else is unknown.

        A failure that is at most a warning comes after the others, as it seldom keeps evidence
        away. If every cause passes, nobody owns this one, and it must not look like a pass.
        """
        causes = [cause for cause in causes_of(rule) if isinstance(case, SOURCES[cause.scope].case)]
        answers = [(cause, self._judged(cause, case)) for cause in causes]
        # A cause whose own evidence is missing has another cause.
        owners = [(cause, one) for cause, one in answers if not isinstance(one, Pass | Missing)]
        if not owners:
            return Unknown(message=missing.message)
        owner, _ = min(owners, key=lambda owned: _gravity(owned[1]))
        return NotApplicable(message=missing.message, owner=owner.id)

    def _judged(self, rule: AnyRule, case: DomainCase) -> Answer | Unknown:
        key = (rule.id, *SOURCES[rule.scope].parts_of(case))
        if key not in self.known:
            self.known[key] = self.shared.judge(rule, case)
        return self.known[key]


def _gravity(answered: Answer | Unknown) -> int:
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


def answer(rule: AnyRule, case: DomainCase) -> Answer | Unknown:
    """Return what one rule answers about a case."""
    return Answers().of(rule, case)


@cache
def causes_of(rule: AnyRule) -> tuple[AnyRule, ...]:
    """Return the rules that a rule is after, directly or not, the earliest cause first."""
    return tuple(BY_ID[cause] for cause in _walk(rule, met={rule.id}))


def _walk(rule: AnyRule, met: set[str]) -> Iterator[str]:
    for cause in (*SOURCES[rule.scope].after, *rule.after):
        if cause not in met:
            met.add(cause)
            yield from _walk(BY_ID[cause], met)
            yield cause
