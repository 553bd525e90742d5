"""The stages of a run, joined: configuration, probe, verdict, reports."""

import sys
from dataclasses import dataclass, field, replace

from mxcheck.config.load import Config
from mxcheck.evidence.domain import Evidence
from mxcheck.exit_codes import EXIT_BUG, EXIT_FAIL, EXIT_USAGE
from mxcheck.judge import (
    Bench,
    conclude_run,
    exit_code_of,
    is_asked,
    judge_domain,
    unjudged,
    waiver_notes,
)
from mxcheck.output import STDOUT, progress_line, show, write_report
from mxcheck.policy import RelayMode
from mxcheck.probe.run import ProbeRun
from mxcheck.report import REPORTS
from mxcheck.rules import RULES
from mxcheck.rules.base import DomainCase, Family
from mxcheck.rules.trust import TrustStore
from mxcheck.rules.way_out import way_out_notes
from mxcheck.targets import Target
from mxcheck.verdict import DomainVerdict, Verdict

_VISITING = frozenset({Family.SMTP, Family.TLS, Family.CERT, Family.RELAY})
BUG_NOTE = (
    "mxcheck met a bug and stopped: this is what it had gathered until then. The traceback is on"
    " stderr; please report it."
)


def check(config: Config) -> int:
    """Probe, judge and report; the exit code. What a bug interrupts is reported all the same."""
    run = Run(config)
    finished = False
    try:
        with progress_line(config.screen) as progress:
            run.probe.progress = progress
            evidence = run.probe.gather()
        verdict = run.judge(evidence)
        finished = True
    finally:
        if not finished:
            report(run.so_far(), config)
    return report(verdict, config)


@dataclass(slots=True)
class Run:
    """One run under a configuration; `judged` fills as domains are judged."""

    config: Config
    judged: list[DomainVerdict] = field(default_factory=list)
    probe: ProbeRun = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the probe for the targets, without starting it."""
        targets = tuple(map(_with_needs, self.config.targets))
        self.probe = ProbeRun(targets=targets, settings=self.config.probe)

    def judge(self, evidence: Evidence) -> Verdict:
        """Judge every domain."""
        for bench in self._benches(evidence):
            self.judged.append(judge_domain(bench))
        return self._verdict(evidence, exit_code_of(evidence, self.judged), run_notes(evidence))

    def so_far(self) -> Verdict:
        """The verdict after a bug: what was judged, and the bare evidence of the rest."""
        evidence = self.probe.evidence()
        for bench in self._benches(evidence)[len(self.judged) :]:
            self.judged.append(unjudged(bench.case))
        return self._verdict(evidence, EXIT_BUG, (BUG_NOTE, *run_notes(evidence)))

    def _benches(self, evidence: Evidence) -> list[Bench]:
        trust = TrustStore(added=self.config.ca_pem)
        return [
            Bench(
                case=DomainCase(
                    evidence=evidence, policy=target.policy, trust=trust, domain=domain
                ),
                waivers=self.config.waivers,
            )
            for target, domain in zip(self.config.targets, evidence.domains, strict=True)
        ]

    def _verdict(self, evidence: Evidence, exit_code: int, notes: tuple[str, ...]) -> Verdict:
        day = evidence.observed_at.date()
        return Verdict(
            evidence=evidence,
            policy=self.config.policy,
            domains=tuple(self.judged),
            notes=notes,
            waiver_notes=waiver_notes(self.config.waivers, self.judged, day),
            conclusion=conclude_run(self.judged),
            exit_code=exit_code,
        )


def run_notes(evidence: Evidence) -> tuple[str, ...]:
    """The causes that concern the whole run."""
    notes = list(way_out_notes(evidence))
    if evidence.interrupted:
        notes.append("the run was interrupted: what was not seen by then is unknown")
    if evidence.deadline_passed:
        notes.append("the run's deadline passed: what was not seen by then is unknown (--deadline)")
    return tuple(notes)


def report(verdict: Verdict, config: Config) -> int:
    """Write every report and the screen; the exit code of the run."""
    problems = [
        problem
        for request in config.reports
        if (problem := write_report(request.path, REPORTS[request.format](verdict)))
    ]
    if all(request.path != STDOUT for request in config.reports):
        show(verdict, config.screen)
    for problem in problems:
        sys.stderr.write(f"mxcheck: {problem}\n")
    # A missing report must stop a pipeline too, unless something graver does already.
    graver = verdict.exit_code in {EXIT_FAIL, EXIT_BUG}
    return EXIT_USAGE if problems and not graver else verdict.exit_code


def _with_needs(target: Target) -> Target:
    """The target, and what the rules that are asked of it need."""
    families = {rule.family for rule in RULES if is_asked(rule, target.policy)}
    relay = Family.RELAY in families and target.policy.relay is not RelayMode.OFF
    return replace(target, visit=bool(families & _VISITING), relay=relay)
