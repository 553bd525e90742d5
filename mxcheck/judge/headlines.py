"""Headlines: what a run says of each of its groups in one line, the worst group first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mxcheck.judge.posture import Posture
from mxcheck.judge.severity import FINDINGS, Label, findings, label_of
from mxcheck.judge.verdict import Conclusion, Group, Result, Verdict
from mxcheck.rules.base import Cause

_FROM_THE_WORST = (Conclusion.FAIL, Conclusion.UNKNOWN, Conclusion.PASS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A group in short; `number` is its place in the verdict, as its results need not be in memory.

    `rules` are the ids of the rules with findings by the label of these, in the order of the
    catalogue. `causes` of the whole run leave more of the group open. `why` says why the group is
    unknown if no result explains it.
    """

    number: int
    name: str
    conclusion: Conclusion
    posture: Posture
    rules: Mapping[Label, tuple[str, ...]]
    causes: tuple[Cause, ...]
    why: str

    @property
    def is_all_told(self) -> bool:
        """Return whether nothing of the group is left to be told that reports always show."""
        return not (self.rules or self.why)


def headlines(verdict: Verdict) -> list[Headline]:
    """Return a headline for each group: by conclusion, then by its worst finding, then as given."""
    found = [_headline(number, group) for number, group in enumerate(verdict.groups)]
    return sorted(found, key=_rank)


def closing_list(worst_first: Sequence[Headline]) -> list[tuple[Headline, ...]]:
    """Return the groups that do not pass; those that only causes of the run leave open together."""
    alike: dict[object, list[Headline]] = {}
    for one in worst_first:
        if one.conclusion is not Conclusion.PASS:
            caused_alone = one.is_all_told and one.causes
            alike.setdefault(caused_alone or one.number, []).append(one)
    return [tuple(several) for several in alike.values()]


def _headline(number: int, group: Group) -> Headline:
    return Headline(
        number=number,
        name=group.name,
        conclusion=group.conclusion,
        posture=group.posture,
        rules=_rules_by_label(findings(group.results)),
        causes=tuple(dict.fromkeys(one.cause for one in group.results if one.cause)),
        why=group.why_not_judged,
    )


def _rules_by_label(found: Sequence[Result]) -> dict[Label, tuple[str, ...]]:
    """Return each rule once for a label, however many subjects it speaks of."""
    rules: dict[Label, dict[str, None]] = {}
    for result in found:
        rules.setdefault(label_of(result), {})[result.rule.id] = None
    return {label: tuple(ids) for label, ids in rules.items()}


def _rank(headline: Headline) -> tuple[int, int]:
    worst = min(map(FINDINGS.index, headline.rules), default=len(FINDINGS))
    return _FROM_THE_WORST.index(headline.conclusion), worst
