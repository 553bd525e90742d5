"""The SARIF 2.1.0 report, for GitHub code scanning and other readers.

Passes and results that are not applicable are left out: GitHub ignores `kind` and would open an
alert for each of them.
"""

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import quote

import mxcheck
from mxcheck.judge.severity import Label
from mxcheck.judge.verdict import Group, Outcome, Verdict
from mxcheck.model.exit_codes import EXIT_BUG, EXIT_INTERRUPTED
from mxcheck.model.location import Location
from mxcheck.model.waivers import Waiver
from mxcheck.report.escape import for_sarif, for_terminal
from mxcheck.report.identity import Finding, identify
from mxcheck.report.json.encode import stream_text
from mxcheck.report.labels import waived
from mxcheck.report.sarif_rules import rule_descriptors
from mxcheck.report.seen import moment

Object: TypeAlias = dict[str, object]

MOST_RESULTS = 25_000
"""Results that GitHub accepts in a run; it refuses a longer report entirely."""

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "%SRCROOT%"
_NOT_FINISHED = frozenset({EXIT_BUG, EXIT_INTERRUPTED})
_LEVELS = MappingProxyType(
    {
        Label.FAIL: "error",
        Label.WARNING: "warning",
        # GitHub ignores suppressions: at its own level, a waived failure would block there what
        # passes here.
        Label.WAIVED: "note",
    },
)


_RESULTS = "@results"


def render_sarif(verdict: Verdict) -> Iterator[str]:
    """Render the report as JSON, in ASCII only, with a final line feed; a result at a time."""
    found = identify(verdict)
    run: Object = {
        "tool": {
            "driver": {
                "name": "mxcheck",
                "version": mxcheck.__version__,
                "rules": rule_descriptors(),
            }
        },
        "invocations": [_invocation(verdict, max(len(found) - MOST_RESULTS, 0))],
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
        "results": [_RESULTS],
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return stream_text(document, _RESULTS, map(_result, found[:MOST_RESULTS]))


def _invocation(verdict: Verdict, left_out: int) -> Object:
    notes = [_notification(note, "warning") for note in verdict.notes]
    notes += [_notification(text, "error") for text in map(_not_judged, verdict.groups) if text]
    if left_out:
        text = f"the {left_out} least severe findings are left out: GitHub accepts {MOST_RESULTS}"
        notes.append(_notification(text, "warning"))
    return {
        "executionSuccessful": verdict.exit_code not in _NOT_FINISHED,
        "exitCode": verdict.exit_code,
        "startTimeUtc": moment(verdict.evidence.observed_at),
        "endTimeUtc": moment(verdict.evidence.finished_at),
        "toolExecutionNotifications": notes,
        "toolConfigurationNotifications": [
            _notification(note, "note") for note in verdict.waiver_notes
        ],
    }


def _not_judged(group: Group) -> str:
    return f"{group.name}: {group.why_not_judged}" if group.why_not_judged else ""


def _notification(text: str, level: str) -> Object:
    return {"level": level, "message": {"text": for_sarif(text)}}


def _result(finding: Finding) -> Object:
    result = finding.result
    return {
        "ruleId": result.rule.id,
        **_judgement(finding),
        "message": {"text": "\n".join(_lines(finding))},
        "locations": [_location(finding.location)],
        # GitHub reads only the one of this name. Without it, GitHub would compute it from the line
        # of the file, and would take two findings of a rule on the same line for one.
        "partialFingerprints": {
            "primaryLocationLineHash": finding.fingerprint,
            "mxcheck/v1": finding.fingerprint,
        },
        # 2.1.0 3.27.23: every result of a run has suppressions, or none has; [] counts.
        "suppressions": [_suppression(result.waiver)] if result.waiver else [],
        "properties": _properties(finding),
    }


def _judgement(finding: Finding) -> Object:
    if finding.result.outcome is Outcome.UNKNOWN:
        # 2.1.0 3.27.9, "insufficient information to decide"; 3.27.10 has "none" with it.
        return {"kind": "open", "level": "none"}
    return {"kind": "fail", "level": _LEVELS[finding.label]}


def _lines(finding: Finding) -> Iterable[str]:
    yield for_sarif(finding.message)
    if finding.result.remedy:
        yield f"What to do: {for_sarif(finding.result.remedy)}"
    if finding.result.waiver:
        yield for_sarif(waived(finding.result.waiver))


def _location(location: Location) -> Object:
    uri = quote(location.path, safe="/", errors="surrogateescape")
    artifact = {"uri": uri, "uriBaseId": _ROOT}
    return {
        "physicalLocation": {"artifactLocation": artifact, "region": {"startLine": location.line}}
    }


def _suppression(waiver: Waiver) -> Object:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": for_terminal(waived(waiver)),
    }


def _properties(finding: Finding) -> Object:
    result = finding.result
    about = {
        "domain": finding.group,
        **result.subject.named,
        "resultType": result.result_type,
    }
    known = {name: for_terminal(value) for name, value in about.items() if value}
    return {**known, "blocks": result.blocks}
