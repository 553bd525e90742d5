"""Conclusions: about a domain and about the run, and the exit code."""

from collections.abc import Sequence

from mxcheck.evidence.runs import Evidence
from mxcheck.judge.override_notes import doubtful_overrides, unused_overrides
from mxcheck.judge.verdict import Conclusion, DomainVerdict, Outcome, Result
from mxcheck.model.exit_codes import (
    EXIT_FAIL,
    EXIT_INTERRUPTED,
    EXIT_PASS,
    EXIT_UNKNOWN,
    EXIT_USAGE,
)
from mxcheck.model.policy import OnUnknown
from mxcheck.rules.base import DomainCase, Scope
from mxcheck.wire.mx import hosts_left_out


def conclude(results: Sequence[Result]) -> Conclusion:
    """Return the conclusion from results: never a pass if nothing was judged."""
    blocking = {result.outcome for result in results if result.blocks}
    if Outcome.FAIL in blocking:
        return Conclusion.FAIL
    judged = any(
        result.waiver or result.outcome in {Outcome.PASS, Outcome.FAIL} for result in results
    )
    return Conclusion.UNKNOWN if blocking or not judged else Conclusion.PASS


def conclude_domain(results: Sequence[Result], case: DomainCase) -> Conclusion:
    """Return the conclusion about a domain, of which MX hosts may be left out.

    Those are unknown, whatever they are.
    """
    conclusion = conclude(results)
    about_hosts = any(result.rule.scope is not Scope.DOMAIN for result in results)
    counts = case.policy.on_unknown is OnUnknown.FAIL and about_hosts
    if conclusion is Conclusion.PASS and counts and hosts_left_out(case.domain):
        return Conclusion.UNKNOWN
    return conclusion


def exit_code_of(evidence: Evidence, verdicts: Sequence[DomainVerdict]) -> int:
    """Return the exit code.

    An interrupt, an unused override, a failure, then what was not judged.
    """
    if evidence.interrupted:
        return EXIT_INTERRUPTED
    if unused_overrides(evidence, verdicts):
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
    """Return the conclusion about the run: that of the worst domain, and never a pass without any.

    Nor is it a pass where an override may have been meant for something else than was judged.
    """
    conclusions = {verdict.conclusion for verdict in verdicts} or {Conclusion.UNKNOWN}
    if doubtful_overrides(evidence, verdicts):
        conclusions.add(Conclusion.UNKNOWN)
    for worst in (Conclusion.FAIL, Conclusion.UNKNOWN):
        if worst in conclusions:
            return worst
    return Conclusion.PASS
