"""Words that several reports share: labels of results, counts, title, exit code."""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from types import MappingProxyType

import mxcheck
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Outcome, Result, Verdict
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
from mxcheck.wire.mx import hosts_left_out

NOT_JUDGED = "the run broke off before this domain was judged"
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
    """Return the results that are always shown, most severe first."""
    shown = [result for result in results if label_of(result) in FINDINGS]
    return sorted(shown, key=lambda result: FINDINGS.index(label_of(result)))


def worst_first(verdict: Verdict) -> list[int]:
    """Return the places of the domains in the verdict: by conclusion, and as they come."""
    order = (Conclusion.FAIL, Conclusion.UNKNOWN, Conclusion.PASS)
    ranks = [order.index(domain.conclusion) for domain in verdict.domains]
    return sorted(range(len(ranks)), key=ranks.__getitem__)


def was_judged(domain: DomainVerdict) -> bool:
    """Return whether any rule was selected for a domain, even at level off."""
    return bool(domain.results or domain.switched_off)


def why_not_judged(domain: DomainVerdict) -> str:
    """Say why a domain is unknown if no result explains it; otherwise return ""."""
    if not was_judged(domain):
        return NOT_JUDGED
    unknown = domain.conclusion is Conclusion.UNKNOWN
    blocked = any(result.blocks for result in domain.results)
    if not unknown or blocked:
        return ""
    left_out = hosts_left_out(domain.domain)
    if left_out:
        return f"{left_out} MX hosts were not checked, because there are too many"
    return "nothing could be judged about this domain"


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
    counts = Counter(label_of(one) for domain in verdict.domains for one in domain.results)
    return ", ".join(filter(None, (_findings(counts), f"{counts[Label.PASS]} passed")))


def count_rest(verdict: DomainVerdict) -> str:
    """Count the results of a domain that are not findings."""
    others = _count(verdict.results, Label.NOT_APPLICABLE)
    shown = [f"{_count(verdict.results, Label.PASS)} passed"]
    shown += [f"{others} not applicable"] if others else []
    shown += [f"{len(verdict.switched_off)} switched off"] if verdict.switched_off else []
    return ", ".join(shown)


def title_of(verdict: Verdict) -> str:
    """Say what was checked and when, and whether the evidence was saved before."""
    evidence = verdict.evidence
    about = f"mxcheck {mxcheck.__version__}: {plural(len(verdict.domains), 'domain')}"
    saved = ", judged from saved evidence" if verdict.saved else ""
    return f"{about}, port {evidence.port}, {moment(evidence.observed_at)}{saved}"


def explain_exit_code(code: int) -> str:
    """Return the exit code with its meaning."""
    return f"exit code {code}: {_MEANINGS.get(code, '')}".rstrip(": ")


def plural(count: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is 1."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _count(results: Iterable[Result], label: Label) -> int:
    return sum(label_of(result) is label for result in results)
