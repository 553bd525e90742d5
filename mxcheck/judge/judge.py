"""From evidence to results: every rule asked of every subject; levels, selection, waivers."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from mxcheck.evidence.domain import Evidence, MxHost
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.override_notes import untold_overrides, unused_overrides
from mxcheck.judge.provenance import overrides_behind
from mxcheck.judge.unselected import unknown_without
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Outcome, Result, Subject, SwitchedOff
from mxcheck.model.exit_codes import (
    EXIT_FAIL,
    EXIT_INTERRUPTED,
    EXIT_PASS,
    EXIT_UNKNOWN,
    EXIT_USAGE,
)
from mxcheck.model.location import Location
from mxcheck.model.policy import FailOn, Level, OnUnknown, Policy
from mxcheck.model.waivers import Waiver, find_waiver
from mxcheck.rules import RULES
from mxcheck.rules.base import (
    Answer,
    AnyRule,
    DomainCase,
    EndpointCase,
    Fail,
    MxCase,
    NotApplicable,
    Pass,
    Scope,
    Unknown,
)
from mxcheck.rules.facts.stages import why_no_addresses, why_no_hosts
from mxcheck.wire.mx import hosts_left_out

Asked = tuple[Subject, DomainCase, NotApplicable | None]
"""A subject, its case, and why a rule about it is not applicable, where the case is wider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainToJudge:
    """All that judging one domain takes; waivers hold as of `day`, or as of the evidence."""

    case: DomainCase
    waivers: tuple[Waiver, ...] = ()
    location: Location = field(default_factory=Location)
    day: dt.date | None = None


def judge_domain(bench: DomainToJudge) -> DomainVerdict:
    """Ask every rule that the policy calls for about a domain, its MX hosts and their addresses."""
    results: list[Result] = []
    switched_off: list[SwitchedOff] = []
    policy = bench.case.policy
    for rule in RULES:
        if not is_selected(rule, policy):
            continue
        level = level_of(rule, policy)
        for subject, case, moot in _subjects(rule.scope, bench.case):
            if level is Level.OFF:
                switched_off.append(SwitchedOff(rule=rule, subject=subject))
                continue
            answer = moot or rule.judge(case)
            result = _result(rule, level, subject, _accept(answer, rule, case))
            overrides = overrides_behind(rule, case, failed=result.outcome is Outcome.FAIL)
            results.append(_weigh(_mark(result, overrides), bench))
    return DomainVerdict(
        domain=bench.case.domain,
        policy=policy,
        results=tuple(results),
        switched_off=tuple(switched_off),
        conclusion=_conclude_all(results, bench.case),
        location=bench.location,
    )


def unjudged(bench: DomainToJudge) -> DomainVerdict:
    """The verdict on a domain that a bug kept from being judged."""
    return DomainVerdict(
        domain=bench.case.domain,
        policy=bench.case.policy,
        results=(),
        switched_off=(),
        conclusion=Conclusion.UNKNOWN,
        location=bench.location,
    )


def is_asked(rule: AnyRule, policy: Policy) -> bool:
    """Whether the policy wants an answer from this rule."""
    return is_selected(rule, policy) and level_of(rule, policy) is not Level.OFF


def is_selected(rule: AnyRule, policy: Policy) -> bool:
    """Whether the policy asks for this rule at all, whatever its level."""
    names = {rule.id, str(rule.family)}
    wanted = not policy.select or bool(names & set(policy.select))
    return wanted and not names & set(policy.ignore)


def level_of(rule: AnyRule, policy: Policy) -> Level:
    """The level at which the policy asks this rule; off yields where the rule is selected by id."""
    level = policy.levels.get(rule.id, rule.level)
    if rule.id in policy.required:
        return Level.ERROR
    if level is Level.OFF and rule.id in policy.select:
        return Level.ERROR
    return level


def conclude(results: Sequence[Result]) -> Conclusion:
    """What results come to: never a pass where nothing was judged."""
    blocking = {result.outcome for result in results if result.blocks}
    if Outcome.FAIL in blocking:
        return Conclusion.FAIL
    judged = any(
        result.waiver or result.outcome in {Outcome.PASS, Outcome.FAIL} for result in results
    )
    return Conclusion.UNKNOWN if blocking or not judged else Conclusion.PASS


def _conclude_all(results: Sequence[Result], case: DomainCase) -> Conclusion:
    """What they come to, where MX hosts may be left out: those are unknown, whatever they are."""
    conclusion = conclude(results)
    about_hosts = any(result.rule.scope is not Scope.DOMAIN for result in results)
    minded = case.policy.on_unknown is OnUnknown.FAIL and about_hosts
    if conclusion is Conclusion.PASS and minded and hosts_left_out(case.domain):
        return Conclusion.UNKNOWN
    return conclusion


def _subjects(scope: Scope, case: DomainCase) -> Iterator[Asked]:
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
        visit = case.evidence.visit(case.host.name, address)
        subject = Subject(mx=case.host.name, address=address)
        yield subject, _at_endpoint(case, visit), None


def _at_host(case: DomainCase, host: MxHost) -> MxCase:
    return MxCase(
        evidence=case.evidence,
        policy=case.policy,
        trust=case.trust,
        domain=case.domain,
        host=host,
    )


def _at_endpoint(case: MxCase, visit: Visit) -> EndpointCase:
    return EndpointCase(
        evidence=case.evidence,
        policy=case.policy,
        trust=case.trust,
        domain=case.domain,
        host=case.host,
        visit=visit,
    )


def _accept(answer: Answer | Unknown, rule: AnyRule, case: DomainCase) -> Answer | Unknown:
    """Turn "another rule owns the cause" into unknown where that rule was left unselected.

    Ignoring a rule, or setting it to off, says that its cause is accepted; a selection that
    happens to leave it out says nothing, and a cause nobody judged must not look like a pass.
    """
    if not isinstance(answer, NotApplicable) or not answer.owner:
        return answer
    policy = case.policy
    owner = next(rule for rule in RULES if rule.id == answer.owner)
    unselected = policy.select and not {owner.id, str(owner.family)} & set(policy.select)
    if unselected and is_asked(owner, replace(policy, select=())):
        return unknown_without(owner, rule, answer, case)
    return answer


def _result(rule: AnyRule, level: Level, subject: Subject, answer: Answer | Unknown) -> Result:
    outcome, remedy, result_type = Outcome.NOT_APPLICABLE, "", None
    match answer:
        case Pass():
            outcome = Outcome.PASS
        case Fail():
            outcome, remedy = Outcome.FAIL, answer.remedy
            result_type = answer.result_type
        case Unknown():
            outcome, remedy = Outcome.UNKNOWN, answer.remedy
        case NotApplicable():
            pass
    if isinstance(answer, Fail | Unknown) and answer.at_most is Level.WARNING:
        level = Level.WARNING
    return Result(
        rule=rule,
        level=level,
        outcome=outcome,
        subject=subject,
        message=answer.message,
        remedy=remedy,
        result_type=result_type,
    )


def _mark(result: Result, overrides: tuple[str, ...]) -> Result:
    """Name the overrides that the result rests on, in every report."""
    if not overrides:
        return result
    message = f"{result.message} (what if: {', '.join(overrides)})"
    return replace(result, message=message, overrides=overrides)


def _weigh(result: Result, bench: DomainToJudge) -> Result:
    policy = bench.case.policy
    if result.outcome is Outcome.FAIL:
        blocks = result.level is Level.ERROR or policy.fail_on is FailOn.WARNING
    elif result.outcome is Outcome.UNKNOWN:
        blocks = result.level is Level.ERROR and policy.on_unknown is OnUnknown.FAIL
    else:
        return result
    day = bench.day or bench.case.evidence.observed_at.date()
    waiver = find_waiver(_matching_waivers(result, bench), day)
    return replace(result, waiver=waiver, blocks=blocks and waiver is None)


def _matching_waivers(result: Result, bench: DomainToJudge) -> list[Waiver]:
    domain = bench.case.domain.name
    return [waiver for waiver in bench.waivers if _speaks_of(waiver, result, domain)]


def _speaks_of(waiver: Waiver, result: Result, domain: str) -> bool:
    return waiver.matches(result.rule.id, domain, result.subject.mx, result.subject.address)


def waiver_notes(
    waivers: Sequence[Waiver], verdicts: Sequence[DomainVerdict], day: dt.date
) -> tuple[str, ...]:
    """The waivers that ran out where they would be needed, and those that nothing called for."""
    troubles = [
        (result, verdict.domain.name)
        for verdict in verdicts
        for result in verdict.results
        if result.outcome in {Outcome.FAIL, Outcome.UNKNOWN}
    ]
    notes = []
    for waiver in waivers:
        needed = any(_speaks_of(waiver, result, domain) for result, domain in troubles)
        if needed and not waiver.holds(day):
            notes.append(
                f"{waiver.location}: the waiver of {waiver.rule} ran out on {waiver.until}"
            )
        elif not needed:
            notes.append(f"{waiver.location}: the waiver of {waiver.rule} matched nothing")
    return tuple(notes)


def exit_code_of(evidence: Evidence, verdicts: Sequence[DomainVerdict]) -> int:
    """The exit code: an interrupt, an unused override, a failure, then what was not judged."""
    if evidence.interrupted:
        return EXIT_INTERRUPTED
    if unused_overrides(evidence):
        # The run judged something else than the user meant.
        return EXIT_USAGE
    match conclude_run(evidence, verdicts):
        case Conclusion.PASS:
            return EXIT_PASS
        case Conclusion.FAIL:
            return EXIT_FAIL
        case Conclusion.UNKNOWN:
            return EXIT_UNKNOWN


def conclude_run(evidence: Evidence, verdicts: Sequence[DomainVerdict]) -> Conclusion:
    """What the domains come to together: the worst of them, and never a pass without any.

    Nor is it a pass where an override may have been meant for something else than was judged.
    """
    conclusions = {verdict.conclusion for verdict in verdicts} or {Conclusion.UNKNOWN}
    if untold_overrides(evidence):
        conclusions.add(Conclusion.UNKNOWN)
    for worst in (Conclusion.FAIL, Conclusion.UNKNOWN):
        if worst in conclusions:
            return worst
    return Conclusion.PASS
