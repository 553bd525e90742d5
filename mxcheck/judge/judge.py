"""From evidence to results: every rule is asked about every subject of a domain."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.causes import Answers
from mxcheck.judge.conclusion import conclude_domain
from mxcheck.judge.provenance import overrides_behind
from mxcheck.judge.selection import is_asked, is_selected, level_of
from mxcheck.judge.unselected import unknown_without
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Outcome, Result, Subject, SwitchedOff
from mxcheck.judge.waiving import weigh
from mxcheck.model.location import Location
from mxcheck.model.policy import Level
from mxcheck.model.waivers import Waiver
from mxcheck.rules import RULES
from mxcheck.rules.base import (
    Answer,
    AnyRule,
    DomainCase,
    EndpointCase,
    Fail,
    Family,
    Missing,
    MxCase,
    NotApplicable,
    Pass,
    Scope,
    Unknown,
)
from mxcheck.rules.facts.promise import is_reported
from mxcheck.rules.facts.stages import why_no_addresses, why_no_hosts

Asked = tuple[Subject, DomainCase, NotApplicable | None]
"""A subject, its case, and why a rule about it is not applicable, if the case is wider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainToJudge:
    """All that judging one domain takes; waivers hold as of `day`, or as of the evidence."""

    case: DomainCase
    waivers: tuple[Waiver, ...] = ()
    location: Location = field(default_factory=Location)
    day: dt.date | None = None

    @property
    def today(self) -> dt.date:
        """Return the day by which waivers hold."""
        return self.day or self.case.run.observed_at.date()


def judge_domain(judged: DomainToJudge) -> DomainVerdict:
    """Ask every rule that the policy calls for about a domain, its MX hosts and their addresses."""
    results: list[Result] = []
    switched_off: list[SwitchedOff] = []
    read: set[str] = set()
    policy, answers = judged.case.policy, Answers()
    for rule in RULES:
        if not is_selected(rule, policy):
            continue
        level = level_of(rule, policy)
        for subject, case, none in subjects_of(rule.scope, judged.case):
            if level is Level.OFF:
                switched_off.append(SwitchedOff(rule=rule, subject=subject))
                continue
            given = _explain(none, rule, case, answers) if none else answers.of(rule, case)
            result = _result_of(rule, level, subject, case, given)
            results.append(weigh(result, judged.case, judged.waivers, judged.today))
            read.update(_overrides_read(rule, case))
    return DomainVerdict(
        domain=judged.case.domain,
        run=judged.case.run,
        policy=policy,
        results=tuple(results),
        switched_off=tuple(switched_off),
        conclusion=conclude_domain(results, judged.case),
        location=judged.location,
        overrides_read=frozenset(read),
    )


def unjudged(judged: DomainToJudge) -> DomainVerdict:
    """Return the verdict on a domain that a bug kept from being judged."""
    return DomainVerdict(
        domain=judged.case.domain,
        run=judged.case.run,
        policy=judged.case.policy,
        results=(),
        switched_off=(),
        conclusion=Conclusion.UNKNOWN,
        location=judged.location,
    )


def subjects_of(scope: Scope, case: DomainCase) -> Iterator[Asked]:
    """Yield the subjects of a scope; if there are none, the domain or host that lacks them."""
    if scope is Scope.DOMAIN:
        yield Subject(), case, None
        return
    if not case.domain.hosts:
        yield Subject(), case, why_no_hosts(case)
    for host in case.domain.hosts:
        mx_case = _at_host(case, host)
        if scope is Scope.MX:
            yield Subject(mx=host.name), mx_case, None
        else:
            yield from _endpoints(mx_case)


def _endpoints(case: MxCase) -> Iterator[Asked]:
    if not case.host.addresses:
        yield Subject(mx=case.host.name), case, why_no_addresses(case)
    for address in case.host.addresses:
        visit = case.run.visit(case.host.name, address)
        subject = Subject(mx=case.host.name, address=address)
        yield subject, _at_endpoint(case, visit), None


def _at_host(case: DomainCase, host: MxHost) -> MxCase:
    return MxCase(
        run=case.run,
        policy=case.policy,
        trust=case.trust,
        domain=case.domain,
        host=host,
    )


def _at_endpoint(case: MxCase, visit: Visit) -> EndpointCase:
    return EndpointCase(
        run=case.run,
        policy=case.policy,
        trust=case.trust,
        domain=case.domain,
        host=case.host,
        visit=visit,
    )


def _result_of(
    rule: AnyRule, level: Level, subject: Subject, case: DomainCase, given: Answer | Unknown
) -> Result:
    """Return the result of what a rule answers about a subject."""
    result = _as_reported(_result(rule, level, subject, _accept(given, rule, case)), case)
    return _mark(result, case, given)


def _explain(
    none: NotApplicable, rule: AnyRule, case: DomainCase, answers: Answers
) -> NotApplicable | Unknown:
    """Name the owner of the cause for which there is no subject, if a rule owns it."""
    return answers.explain(rule, case, none) if isinstance(none, Missing) else none


def _accept(given: Answer | Unknown, rule: AnyRule, case: DomainCase) -> Answer | Unknown:
    """Turn "another rule owns the cause" into unknown if that rule was left unselected.

    To ignore a rule, or to set it to off, is to accept its cause; a selection that happens to
    leave it out accepts nothing, and a cause that nobody judged must not look like a pass.
    """
    if not isinstance(given, NotApplicable) or not given.owner:
        return given
    policy = case.policy
    owner = next(rule for rule in RULES if rule.id == given.owner)
    unselected = policy.select and not {owner.id, str(owner.family)} & set(policy.select)
    if unselected and is_asked(owner, replace(policy, select=())):
        return unknown_without(owner, rule, given, case)
    return given


def _result(rule: AnyRule, level: Level, subject: Subject, given: Answer | Unknown) -> Result:
    outcome, remedy, result_type = Outcome.NOT_APPLICABLE, "", None
    match given:
        case Pass():
            outcome = Outcome.PASS
        case Fail():
            outcome, remedy = Outcome.FAIL, given.remedy
            result_type = given.result_type
        case Unknown():
            outcome, remedy = Outcome.UNKNOWN, given.remedy
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


def _overrides_read(rule: AnyRule, case: DomainCase) -> tuple[str, ...]:
    """Return the overrides that a rule reads, or would read of a failure."""
    return overrides_behind(rule, case, failed=True) if case.run.overrides else ()
