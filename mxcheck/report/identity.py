"""What is found, one by one, with what tells it from all else from run to run."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass

from mxcheck.judge.verdict import DomainVerdict, Outcome, Result, Verdict
from mxcheck.report.labels import FINDINGS, Label, label_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A result that is no pass; its fingerprint is unique within the run.

    It is made from the rule and what the rule was asked about: a new wording, date or line leaves
    it as it was.
    """

    domain: DomainVerdict
    result: Result
    label: Label
    fingerprint: str

    @property
    def message(self) -> str:
        """What was found, for readers that know of no unknown; with the words of strangers."""
        said = self.result.message or self.result.rule.title
        return f"not judged: {said}" if self.result.outcome is Outcome.UNKNOWN else said


def identify(verdict: Verdict) -> list[Finding]:
    """The findings of the run, the gravest first.

    The unknown and the waived are among them. What is absent from a later report counts as repaired
    on GitHub and GitLab, and neither is.
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
                        domain=domain,
                        result=result,
                        label=label,
                        fingerprint=f"{identity}:{seen[identity]}",
                    )
                )
    return sorted(found, key=lambda finding: FINDINGS.index(finding.label))


def fingerprint_of(*names: str) -> str:
    """What stands for these names, and for no others in this order."""
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()[:32]


def _identity(domain: DomainVerdict, result: Result) -> str:
    subject = result.subject
    return fingerprint_of(
        result.rule.id, domain.domain.name, subject.mx or "", subject.address or ""
    )
