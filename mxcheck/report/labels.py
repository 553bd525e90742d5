"""Words that several reports share: labels of results, counts, title, exit code."""

from collections import Counter
from collections.abc import Iterable
from types import MappingProxyType

import mxcheck
from mxcheck.judge.severity import Label, label_of
from mxcheck.judge.verdict import Group, Result, Verdict
from mxcheck.model.exit_codes import (
    EXIT_BUG,
    EXIT_FAIL,
    EXIT_INTERRUPTED,
    EXIT_PASS,
    EXIT_UNKNOWN,
    EXIT_USAGE,
)
from mxcheck.model.waivers import Waiver
from mxcheck.report.seen import moment
from mxcheck.rules.facts.egress import DOCS

EXPLAIN = "Why, and how to repair it on each MTA: mxcheck explain"

_MEANINGS = MappingProxyType(
    {
        EXIT_PASS: "all that is required passed or was waived",
        EXIT_FAIL: "something required failed",
        EXIT_UNKNOWN: "something required could not be judged",
        EXIT_USAGE: "an override changed nothing",
        EXIT_BUG: "a bug in mxcheck; this is what was gathered",
        EXIT_INTERRUPTED: "interrupted; this is what was gathered",
    },
)


def remedy_beside(result: Result, run: Verdict) -> str:
    """Return the remedy, or "" if a note of the run contains it already."""
    return "" if any(result.remedy in note for note in run.notes) else result.remedy


def waived(waiver: Waiver) -> str:
    """Say until when a result is waived, and why."""
    return f"waived until {waiver.until}: {waiver.reason}"


def count_findings(results: Iterable[Result]) -> str:
    """Count the results of each label that is always shown; "" if there are none."""
    return _findings(Counter(map(label_of, results)))


def _findings(counts: Counter[Label]) -> str:
    unknown = counts[Label.UNKNOWN] + counts[Label.OPEN]
    amounts = (
        (counts[Label.FAIL], plural(counts[Label.FAIL], "failure")),
        (counts[Label.WARNING], plural(counts[Label.WARNING], "warning")),
        (unknown, f"{unknown} unknown"),
        (counts[Label.WAIVED], f"{counts[Label.WAIVED]} waived"),
    )
    return ", ".join(words for count, words in amounts if count)


def count_all(verdict: Verdict) -> str:
    """Count the findings and passes of the run."""
    counts = Counter(label_of(one) for group in verdict.groups for one in group.results)
    return ", ".join(filter(None, (_findings(counts), f"{counts[Label.PASS]} passed")))


def count_rest(group: Group) -> str:
    """Count the results of a group that are not findings."""
    others = _count(group.results, Label.NOT_APPLICABLE)
    shown = [f"{_count(group.results, Label.PASS)} passed"]
    shown += [f"{others} not applicable"] if others else []
    shown += [f"{len(group.switched_off)} switched off"] if group.switched_off else []
    return ", ".join(shown)


def title_of(verdict: Verdict) -> str:
    """Say what was checked and when, and whether the evidence was saved before."""
    evidence = verdict.evidence
    about = f"mxcheck {mxcheck.__version__}: {plural(len(verdict.domains), 'domain')}"
    saved = ", judged from saved evidence" if verdict.saved else ""
    return f"{about}, port {evidence.port}, {moment(evidence.observed_at)}{saved}"


def explain_exit_code(verdict: Verdict) -> str:
    """Return the exit code with its meaning, and what of that is due to none of the domains."""
    code = verdict.exit_code
    causes = [f"{cause} ({verdict.docs}{DOCS[cause]})" for cause in verdict.causes]
    meanings = [] if causes and code == EXIT_UNKNOWN else [_MEANINGS.get(code, "")]
    return f"exit code {code}: {'; '.join(filter(None, (*meanings, *causes)))}".rstrip(": ")


def plural(count: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is 1."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _count(results: Iterable[Result], label: Label) -> int:
    return sum(label_of(result) is label for result in results)
