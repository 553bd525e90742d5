"""The verdict: results, the conclusion about each domain and about the run, the exit code."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from mxcheck.evidence.domain import Domain, Run
from mxcheck.evidence.runs import Evidence
from mxcheck.judge.posture import Posture
from mxcheck.model.location import Location
from mxcheck.model.policy import Level, Policy
from mxcheck.model.waivers import Waiver
from mxcheck.rules.base import AnyRule, Cause
from mxcheck.rules.subjects import Subject
from mxcheck.wire.mx import hosts_left_out
from mxcheck.wire.tls_rpt import ResultType


class Outcome(StrEnum):
    """What a rule answered."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


class Conclusion(StrEnum):
    """The conclusion about a domain, or about the whole run."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One rule's answer about one subject; `blocks` says that it keeps the run from passing.

    `result_type` is what senders call the failure in their TLS reports (RFC 8460 4.3); `overrides`
    are the overrides that the answer rests on, which the message names too. `cause` is why the
    result is unknown, if a note of the run describes that for all such results.
    """

    rule: AnyRule
    level: Level
    outcome: Outcome
    subject: Subject
    message: str
    remedy: str = ""
    waiver: Waiver | None = None
    blocks: bool = False
    result_type: ResultType | None = None
    overrides: tuple[str, ...] = ()
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchedOff:
    """A rule that was not asked about a subject, because its level is off."""

    rule: AnyRule
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The results about one named thing, in the order of the catalogue, and the conclusion.

    `location` is the line of the checked project to which reports pin what they found.
    """

    name: str
    policy: Policy
    results: tuple[Result, ...]
    switched_off: tuple[SwitchedOff, ...]
    conclusion: Conclusion
    location: Location = field(default_factory=Location)
    posture: Posture = field(default_factory=Posture)

    @property
    def why_not_judged(self) -> str:
        """Say why the group is unknown if no result explains it; otherwise return ""."""
        if not (self.results or self.switched_off):
            return "the run broke off before this domain was judged"
        blocked = any(result.blocks for result in self.results)
        if self.conclusion is not Conclusion.UNKNOWN or blocked:
            return ""
        return self._left_out() or "nothing could be judged about this domain"

    def _left_out(self) -> str:
        """Say what of the group no rule was asked about; "" if nothing was left out."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainVerdict(Group):
    """The results about a domain, with the evidence that reports show beside them.

    `overrides_read` are the names of the overrides that the asked rules read.
    """

    domain: Domain
    run: Run
    overrides_read: frozenset[str] = frozenset()

    def _left_out(self) -> str:
        number = hosts_left_out(self.domain)
        return f"{number} MX hosts were not checked, because there are too many" if number else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The whole run: what every report is made from.

    `notes` are the causes that concern the whole run, and `causes` those of them that leave results
    open, each with its note; `waiver_notes` name the waivers that ran out or matched nothing.
    `location` is where findings point that concern no domain. `saved` says that the evidence was
    gathered by a run before. `docs` is the URL in front of the path of a page of the documentation.
    """

    evidence: Evidence
    policy: Policy
    domains: Sequence[DomainVerdict]
    notes: tuple[str, ...]
    waiver_notes: tuple[str, ...]
    conclusion: Conclusion
    exit_code: int
    causes: Mapping[Cause, str] = field(default_factory=dict)
    docs: str = ""
    location: Location = field(default_factory=Location)
    saved: bool = False

    @property
    def groups(self) -> Sequence[Group]:
        """Return everything that has results of its own."""
        return self.domains

    def counts(self) -> dict[str, int]:
        """Return how many results there are of each outcome, the waived ones apart."""
        seen = Counter(
            "waived" if result.waiver else str(result.outcome)
            for group in self.groups
            for result in group.results
        )
        return {name: seen[name] for name in (*map(str, Outcome), "waived")}
