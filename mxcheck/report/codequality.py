"""The Code Quality report of GitLab: a JSON array of findings.

The format has no field for notes on the run: each is a finding of its own, so that whoever reviews
a merge request sees what its config file changes. Notes on waivers are left out. GitLab shows
descriptions as plain text.
"""

import re
from collections.abc import Iterator
from itertools import chain
from types import MappingProxyType
from typing import TypeAlias

from mxcheck.judge.severity import Label
from mxcheck.judge.verdict import Verdict
from mxcheck.model.location import Location
from mxcheck.report.escape import for_json, for_terminal
from mxcheck.report.identity import Finding, fingerprint_of, identify
from mxcheck.report.json.encode import stream_text
from mxcheck.report.labels import waived

Issue: TypeAlias = dict[str, object]

NOTE = "note"
"""The check_name of a note on the run; no rule has this id."""

NOT_JUDGED = "not-judged"
"""The check_name of a domain that was not judged; no rule has this id."""

_NUMBER = re.compile(r"\d+")
_SEVERITIES = MappingProxyType(
    {
        Label.FAIL: "critical",
        Label.UNKNOWN: "major",
        Label.WARNING: "minor",
        Label.OPEN: "info",
        Label.WAIVED: "info",
    },
)


_ISSUES = "@issues"


def render_codequality(verdict: Verdict) -> Iterator[str]:
    """Render the report as JSON, in ASCII only, with a final line feed; a finding at a time."""
    found = map(_issue, identify(verdict))
    return stream_text([_ISSUES], _ISSUES, chain(_notes(verdict), found, _not_judged(verdict)))


def _notes(verdict: Verdict) -> Iterator[Issue]:
    for note in verdict.notes:
        yield {
            "description": f"note: {for_terminal(note)}",
            "check_name": NOTE,
            # Another date or line leaves it as it was.
            "fingerprint": fingerprint_of(NOTE, _NUMBER.sub("", note)),
            "severity": _SEVERITIES[Label.OPEN],
            "location": _location(verdict.location),
        }


def _issue(finding: Finding) -> Issue:
    return {
        "description": "; ".join(_parts(finding)),
        "check_name": finding.result.rule.id,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.label],
        "location": _location(finding.location),
    }


def _parts(finding: Finding) -> Iterator[str]:
    if finding.result.waiver:
        yield for_terminal(waived(finding.result.waiver))
    yield for_terminal(finding.message)
    if finding.result.remedy:
        yield f"what to do: {for_terminal(finding.result.remedy)}"


def _not_judged(verdict: Verdict) -> Iterator[Issue]:
    for group in verdict.groups:
        if group.why_not_judged:
            yield {
                "description": for_terminal(f"{group.name}: {group.why_not_judged}"),
                "check_name": NOT_JUDGED,
                "fingerprint": fingerprint_of(NOT_JUDGED, group.name),
                "severity": _SEVERITIES[Label.UNKNOWN],
                "location": _location(group.location),
            }


def _location(location: Location) -> Issue:
    return {"path": for_json(location.path), "lines": {"begin": location.line}}
