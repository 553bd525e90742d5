"""What a result weighs: whether it blocks the run, and whether a waiver covers it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from mxcheck.judge.verdict import DomainVerdict, Outcome, Result
from mxcheck.model.policy import FailOn, Level, OnUnknown
from mxcheck.model.waivers import Waiver, Waivers, find_waiver
from mxcheck.rules.base import DomainCase


def weigh(result: Result, case: DomainCase, waivers: Waivers, day: dt.date) -> Result:
    """Return the result with its waiver, if one covers it, and with whether it blocks the run."""
    policy = case.policy
    if result.outcome is Outcome.FAIL:
        blocks = result.level is Level.ERROR or policy.fail_on is FailOn.WARNING
    elif result.outcome is Outcome.UNKNOWN:
        blocks = result.level is Level.ERROR and policy.on_unknown is OnUnknown.FAIL
    else:
        return result
    waiver = find_waiver(_speaking_of(waivers, result, case.domain.name), day)
    return replace(result, waiver=waiver, blocks=blocks and waiver is None)


def _speaking_of(waivers: Waivers, result: Result, domain: str) -> list[Waiver]:
    return waivers.speaking_of(result.rule.id, {"domain": domain, **result.subject.named})


def waiver_notes(
    waivers: Waivers, verdicts: Sequence[DomainVerdict], day: dt.date
) -> tuple[str, ...]:
    """Name the waivers that ran out and are needed, and those that matched nothing."""
    if not waivers.all:
        return ()
    matched = {
        id(waiver)
        for verdict in verdicts
        for result in verdict.results
        if result.outcome in {Outcome.FAIL, Outcome.UNKNOWN}
        for waiver in _speaking_of(waivers, result, verdict.domain.name)
    }
    notes = []
    for waiver in waivers.all:
        needed = id(waiver) in matched
        if needed and not waiver.holds(day):
            notes.append(
                f"{waiver.location}: the waiver of {waiver.rule} ran out on {waiver.until}"
            )
        elif not needed:
            notes.append(f"{waiver.location}: the waiver of {waiver.rule} matched nothing")
    return tuple(notes)
