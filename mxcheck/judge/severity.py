"""How severe results are: their labels, and the order in which every report shows them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from mxcheck.judge.verdict import Outcome, Result, Verdict
from mxcheck.model.location import Location


class Label(StrEnum):
    """The word for a result, most severe first; unknown in lower case does not block."""

    FAIL = "FAIL"
    UNKNOWN = "UNKNOWN"
    WARNING = "WARNING"
    OPEN = "unknown"
    WAIVED = "WAIVED"
    PASS = "pass"  # noqa: S105 - not a password
    NOT_APPLICABLE = "n/a"
    OFF = "off"


FINDINGS = (Label.FAIL, Label.UNKNOWN, Label.WARNING, Label.OPEN, Label.WAIVED)
"""The labels whose results are always shown with message and remedy, in this order."""


def label_of(result: Result) -> Label:
    """Return the label of a result."""
    if result.waiver:
        return Label.WAIVED
    match result.outcome:
        case Outcome.FAIL:
            return Label.FAIL if result.blocks else Label.WARNING
        case Outcome.UNKNOWN:
            return Label.UNKNOWN if result.blocks else Label.OPEN
        case Outcome.PASS:
            return Label.PASS
        case Outcome.NOT_APPLICABLE:
            return Label.NOT_APPLICABLE


def findings(results: Sequence[Result]) -> list[Result]:
    """Return the results that are always shown, most severe first.

    Those that a note of the run describes are not among them.
    """
    shown = [one for one in results if label_of(one) in FINDINGS and not one.cause]
    return sorted(shown, key=lambda result: FINDINGS.index(label_of(result)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A finding, with the name and the location of its group, which need not stay in memory."""

    group: str
    location: Location
    result: Result


def all_findings(
    verdict: Verdict, of_group: Callable[[Sequence[Result]], Sequence[Result]] = tuple
) -> list[Found]:
    """Return the findings of all groups, most severe first; `of_group` may leave out or merge."""
    found = [
        Found(group=group.name, location=group.location, result=result)
        for group in verdict.groups
        for result in of_group(group.results)
        if label_of(result) in FINDINGS
    ]
    return sorted(found, key=lambda one: FINDINGS.index(label_of(one.result)))
