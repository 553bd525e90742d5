"""Findings with fingerprints, by which GitHub and GitLab recognise them in the next run."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass

from mxcheck.judge.severity import Found, Label, all_findings, label_of
from mxcheck.judge.verdict import Outcome, Result, Verdict
from mxcheck.model.location import Location


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A result other than a pass, with a fingerprint that is unique within the run.

    The fingerprint depends on the rule and its subject only, so that a new wording, date or line
    does not change it.
    """

    group: str
    location: Location
    result: Result
    label: Label
    fingerprint: str

    @property
    def message(self) -> str:
        """The message, for formats without an outcome "unknown"; not escaped yet."""
        said = self.result.message or self.result.rule.title
        return f"not judged: {said}" if self.result.outcome is Outcome.UNKNOWN else said


def identify(verdict: Verdict) -> list[Finding]:
    """Return the findings of the run, most severe first.

    Unknown and waived results are included: GitHub and GitLab take what a later report leaves out
    for repaired.
    """
    seen: Counter[str] = Counter()
    found = []
    for one in all_findings(verdict):
        identity = _identity(one)
        seen[identity] += 1
        found.append(
            Finding(
                group=one.group,
                location=one.location,
                result=one.result,
                label=label_of(one.result),
                fingerprint=f"{identity}:{seen[identity]}",
            )
        )
    return found


def fingerprint_of(*names: str) -> str:
    """Return a fingerprint of these names in this order."""
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:32]


def _identity(found: Found) -> str:
    # A subject with fewer than two parts has "" for the others, so that fingerprints stay.
    parts = found.result.subject.parts
    names = (*parts, *("" for _ in range(2 - len(parts))))
    return fingerprint_of(found.result.rule.id, found.group, *names)
