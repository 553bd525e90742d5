"""From evidence to results: every rule is asked about every subject of a domain."""

import datetime as dt
from dataclasses import dataclass, field, replace

from mxcheck.judge.causes import Answers
from mxcheck.judge.conclusion import conclude_domain
from mxcheck.judge.posture import posture_of
from mxcheck.judge.provenance import overrides_behind
from mxcheck.judge.selection import is_asked, is_selected
from mxcheck.judge.shared import SharedAnswers
from mxcheck.judge.unselected import unknown_without
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Outcome, Result, SwitchedOff
from mxcheck.judge.waiving import weigh
from mxcheck.model.location import Location
from mxcheck.model.policy import Level
from mxcheck.model.waivers import Waivers
from mxcheck.rules import RULES
from mxcheck.rules.base import (
    Answer,
    AnyRule,
    DomainCase,
    EndpointCase,
    Fail,
    Family,
    Missing,
    NotApplicable,
    Pass,
    Unknown,
)
from mxcheck.rules.facts.promise import is_reported
from mxcheck.rules.subjects import SOURCES, Asked, Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainToJudge:
    """All that judging one domain takes; waivers hold as of `day`, or as of the evidence.

    `shared` has the answers that hold for other domains too.
    """

    case: DomainCase
    waivers: Waivers = field(default_factory=Waivers)
    location: Location = field(default_factory=Location)
    day: dt.date | None = None
    shared: SharedAnswers = field(default_factory=SharedAnswers)

    @property
    def today(self) -> dt.date:
        """Return the day by which waivers hold."""
        return self.day or self.case.run.observed_at.date()


def judge_domain(judged: DomainToJudge) -> DomainVerdict:
    """Ask every rule that the policy calls for about a domain, its MX hosts and their addresses."""
    results: list[Result] = []
    switched_off: list[SwitchedOff] = []
    read: set[str] = set()
    policy, answers = judged.case.policy, Answers(judged.shared)
    for rule, level in judged.shared.selected(RULES, policy):
        for asked in SOURCES[rule.scope].find(judged.case):
            if level is Level.OFF:
                switched_off.append(SwitchedOff(rule=rule, subject=asked.subject))
                continue
            result = _result_of(rule, level, asked, _given(rule, asked, answers))
            results.append(weigh(result, judged.case, judged.waivers, judged.today))
            read.update(_overrides_read(result, asked.case))
    return DomainVerdict(
        name=judged.case.domain.name,
        domain=judged.case.domain,
        run=judged.case.run,
        policy=policy,
        results=tuple(results),
        switched_off=tuple(switched_off),
        conclusion=conclude_domain(results, judged.case),
        location=judged.location,
        overrides_read=frozenset(read),
        posture=posture_of(judged.case),
    )


def unjudged(judged: DomainToJudge) -> DomainVerdict:
    """Return the verdict on a domain that a bug kept from being judged."""
    return DomainVerdict(
        name=judged.case.domain.name,
        domain=judged.case.domain,
        run=judged.case.run,
        policy=judged.case.policy,
        results=(),
        switched_off=(),
        conclusion=Conclusion.UNKNOWN,
        location=judged.location,
    )


def _given(rule: AnyRule, asked: Asked, answers: Answers) -> Answer | Unknown:
    """Return what a rule answers; if it has no subject, why, with the owner of the cause."""
    match asked.why_none:
        case None:
            return answers.of(rule, asked.case)
        case Missing() as missing:
            return answers.explain(rule, asked.case, missing)
        case why_none:
            return why_none


def _result_of(rule: AnyRule, level: Level, asked: Asked, given: Answer | Unknown) -> Result:
    """Return the result of what a rule answers about a subject."""
    accepted = _accept(given, rule, asked.case)
    result = _as_reported(_result(rule, level, asked.subject, accepted), asked.case)
    return _mark(result, asked.case, given)


def _accept(given: Answer | Unknown, rule: AnyRule, case: DomainCase) -> Answer | Unknown:
    """Turn "another rule owns the cause" into unknown if that rule was left unselected.

    To ignore a rule, or to set it to off, is to accept its cause; a selection that happens to
    leave it out accepts nothing, and a cause that nobody judged must not look like a pass.
    """
    if not isinstance(given, NotApplicable) or not given.owner:
        return given
    policy = case.policy
    owner = next(rule for rule in RULES if rule.id == given.owner)
    unselected = not is_selected(owner, replace(policy, ignore=()))
    if unselected and is_asked(owner, replace(policy, select=(), no_smtp=False)):
        return unknown_without(owner, rule, given, case)
    return given


def _result(rule: AnyRule, level: Level, subject: Subject, given: Answer | Unknown) -> Result:
    outcome, remedy, result_type, cause = Outcome.NOT_APPLICABLE, "", None, None
    match given:
        case Pass():
            outcome = Outcome.PASS
        case Fail():
            outcome, remedy = Outcome.FAIL, given.remedy
            result_type = given.result_type
        case Unknown():
            outcome, remedy, cause = Outcome.UNKNOWN, given.remedy, given.cause
        case NotApplicable():
            pass
    if isinstance(given, Fail | Unknown) and given.at_most is Level.WARNING:
        level = Level.WARNING
    return Result(
        rule=rule,
        level=level,
        outcome=outcome,
        subject=subject,
        message=given.message,
        remedy=remedy,
        result_type=result_type,
        cause=cause,
    )


def _as_reported(result: Result, case: DomainCase) -> Result:
    """Leave out what senders call the failure, if they would not report it (RFC 8460 4.3).

    Failures under DANE or MTA-STS are reported in any case.
    """
    if not (result.result_type and isinstance(case, EndpointCase)):
        return result
    promised = result.rule.family in {Family.DANE, Family.MTA_STS} or is_reported(case)
    return result if promised else replace(result, result_type=None)


def _mark(result: Result, case: DomainCase, given: Answer | Unknown) -> Result:
    """Name the overrides that the result rests on, or that its cause rests on, in every report."""
    if not case.run.overrides:
        return result
    behind = overrides_behind(result.rule, case, failed=result.outcome is Outcome.FAIL)
    if isinstance(given, NotApplicable) and given.owner:
        owner = next(rule for rule in RULES if rule.id == given.owner)
        behind = tuple(dict.fromkeys((*behind, *overrides_behind(owner, case, failed=False))))
    if not behind:
        return result
    message = f"{result.message} (what if: {', '.join(behind)})"
    return replace(result, message=message, overrides=behind)


def _overrides_read(result: Result, case: DomainCase) -> tuple[str, ...]:
    """Return the overrides that a rule read: those of the words about a failure only if it fails.

    Else an override that no asked rule judges would seem to have passed.
    """
    failed = result.outcome is Outcome.FAIL
    return overrides_behind(result.rule, case, failed=failed) if case.run.overrides else ()
