"""Findings with fingerprints, by which GitHub and GitLab recognise them in the next run."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass

from mxcheck.judge.verdict import DomainVerdict, Outcome, Result, Verdict
from mxcheck.model.location import Location
from mxcheck.report.labels import FINDINGS, Label, label_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A result other than a pass, with a fingerprint that is unique within the run.

    The fingerprint depends on the rule and its subject only, so that a new wording, date or line
    does not change it.
    """

    domain: str
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
    for domain in verdict.domains:
        for result in domain.results:
            label = label_of(result)
            if label in FINDINGS:
                identity = _identity(domain, result)
                seen[identity] += 1
                found.append(
                    Finding(
                        domain=domain.domain.name,
                        location=domain.location,
                        result=result,
                        label=label,
                        fingerprint=f"{identity}:{seen[identity]}",
                    )
                )
    return sorted(found, key=lambda finding: FINDINGS.index(finding.label))


def fingerprint_of(*names: str) -> str:
    """Return a fingerprint of these names in this order."""
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:32]


def _identity(domain: DomainVerdict, result: Result) -> str:
    subject = result.subject
    return fingerprint_of(
        result.rule.id, domain.domain.name, subject.mx or "", subject.address or ""
    )
