"""The text of `mxcheck doctor`: a line for each finding, and what to do."""

import textwrap
from collections.abc import Collection, Iterator, Sequence

import mxcheck
from mxcheck.judge.doctor.finding import Finding, Weight
from mxcheck.model.exit_codes import EXIT_PASS
from mxcheck.report.escape import for_terminal

_WIDTH = 80
_WEIGHT, _ABOUT = 9, 15


def render_doctor(findings: Sequence[Finding], exit_code: int) -> Iterator[str]:
    """Yield the lines of the report."""
    yield f"mxcheck {mxcheck.__version__}: what can be checked from here"
    yield ""
    told: set[str] = set()
    for finding in findings:
        yield from _lines(finding, told)
        told.add(finding.remedy)
    yield ""
    yield _conclusion(findings, exit_code)


def _lines(finding: Finding, told: Collection[str]) -> Iterator[str]:
    """Yield what was seen, and what to do, unless that was `told` before."""
    lead = f"{finding.weight:<{_WEIGHT}}{finding.about:<{_ABOUT}} "
    yield from _wrap(finding.seen, lead)
    if finding.remedy and finding.remedy not in told:
        yield from _wrap(finding.remedy, f"{' ' * (len(lead) - 2)}→ ")


def _wrap(text: str, lead: str) -> Iterator[str]:
    yield from textwrap.wrap(
        for_terminal(text),
        _WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _conclusion(findings: Sequence[Finding], exit_code: int) -> str:
    if exit_code == EXIT_PASS:
        limited = any(finding.weight is Weight.LIMIT for finding in findings)
        but = ", but for the limits above" if limited else ""
        return f"exit code {exit_code}: domains can be checked from here{but}"
    problems = [one.about for one in findings if one.weight is Weight.OBSTACLE]
    return f"exit code {exit_code}: checks from here leave results unknown: {'; '.join(problems)}"
