"""The stages of a run, joined: configuration, probe or saved evidence, verdict, reports."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from mxcheck.config.load import Config
from mxcheck.config.output import ReportRequest
from mxcheck.console.output import STDOUT, show, write_report
from mxcheck.console.signals import ignore_first_signal, undisturbed
from mxcheck.console.streams import complain
from mxcheck.console.watching import watch
from mxcheck.evidence.runs import Evidence
from mxcheck.judge.conclusion import conclude_run, exit_code_of
from mxcheck.judge.judge import (
    DomainToJudge,
    judge_domain,
    unjudged,
)
from mxcheck.judge.notes import run_causes, run_notes
from mxcheck.judge.packing import Verdicts
from mxcheck.judge.plan import with_plan
from mxcheck.judge.saved_notes import lacking, saved_notes
from mxcheck.judge.shared import SharedAnswers
from mxcheck.judge.verdict import Verdict
from mxcheck.judge.waiving import waiver_notes
from mxcheck.model.exit_codes import EXIT_BUG, EXIT_FAIL, EXIT_INTERRUPTED, EXIT_USAGE
from mxcheck.model.waivers import Waivers
from mxcheck.probe.clock import today
from mxcheck.probe.progress import Stage
from mxcheck.probe.run import ProbeRun
from mxcheck.probe.via.errors import WayOutError
from mxcheck.report import REPORTS
from mxcheck.report.escape import for_terminal
from mxcheck.rules.base import DomainCase
from mxcheck.rules.trust import TrustStore

BUG_NOTE = (
    "mxcheck met a bug and stopped: this is what it had gathered until then. The traceback is on"
    " stderr; please report it."
)


Settle = Callable[[], None]
"""Called once the outcome of a run is certain, before it is reported."""


def check(config: Config, settle: Settle = lambda: None) -> int:
    """Probe, judge and report; the exit code. What a bug interrupts is reported all the same."""
    run = Checking(config)
    with _reported(run, run.seen_until, settle):
        with watch(config.screen) as watcher:
            run.probe.progress, run.probe.heartbeat = watcher.progress, watcher.heartbeat
            run.probe.late = watcher.late
            evidence = Evidence(runs=(run.probe.gather(),))
        verdict = run.judge(evidence)
        settle()
    return report(verdict, config)


def judge(evidence: Evidence, config: Config, settle: Settle = lambda: None) -> int:
    """Judge evidence that was gathered before, and report as `check` does; the exit code."""
    judging = Judging(config, today=today())
    with _reported(judging, lambda _: evidence, settle):
        with watch(config.screen, takes_long=False) as watcher:
            watcher.progress(Stage(name="judging saved evidence", total=len(config.targets)))
            verdict = judging.judge(evidence)
        settle()
    return report(verdict, config)


@dataclass(slots=True)
class Judging:
    """The judging of evidence under a configuration; `judged` fills as domains are judged.

    `today` is the day on which saved evidence is judged, None where it was gathered just now.
    """

    config: Config
    judged: Verdicts = field(default_factory=Verdicts)
    today: dt.date | None = None
    waivers: Waivers = field(init=False)
    shared: SharedAnswers = field(default_factory=SharedAnswers)

    def __post_init__(self) -> None:
        """Index the waivers."""
        self.waivers = Waivers(self.config.waivers)

    def judge(self, evidence: Evidence) -> Verdict:
        """Judge every domain."""
        for domain in self._to_judge(evidence):
            self.judged.append(judge_domain(domain))
        return self._verdict(evidence, exit_code_of(evidence, self.judged.outlines))

    def so_far(self, evidence: Evidence, exit_code: int) -> Verdict:
        """Return the verdict on a run that broke off.

        What was judged, and the evidence of the rest.
        """
        for domain in self._to_judge(evidence, len(self.judged)):
            self.judged.append(unjudged(domain))
        return self._verdict(evidence, exit_code)

    def _to_judge(self, evidence: Evidence, start: int = 0) -> Iterator[DomainToJudge]:
        trust = TrustStore(added=self.config.ca_pem)
        seen = {domain.name: (run, domain) for run, domain in evidence.domains()}
        for target in self.config.targets[start:]:
            run, domain = seen.get(target.domain) or (evidence.runs[0], lacking(target.domain))
            yield DomainToJudge(
                case=DomainCase(run=run, policy=target.policy, trust=trust, domain=domain),
                waivers=self.waivers,
                shared=self.shared,
                location=target.location or self.config.location,
                day=self._day(evidence),
            )

    def _day(self, evidence: Evidence) -> dt.date:
        """Return the day by which waivers hold.

        A waiver that has run out does not belong to today's policy.
        """
        return max(self.today or dt.date.min, evidence.observed_at.date())

    def _notes(self, evidence: Evidence, exit_code: int) -> Iterator[str]:
        if exit_code == EXIT_BUG:
            yield BUG_NOTE
        yield from self.config.notes
        if self.today:
            names = [target.domain for target in self.config.targets]
            yield from saved_notes(evidence, self.today, names)
        yield from run_notes(evidence, self.judged.outlines, self.config.docs)

    def _verdict(self, evidence: Evidence, exit_code: int) -> Verdict:
        day = self._day(evidence)
        return Verdict(
            evidence=evidence,
            policy=self.config.policy,
            domains=self.judged,
            notes=tuple(self._notes(evidence, exit_code)),
            causes=run_causes(evidence, self.config.docs),
            docs=self.config.docs,
            waiver_notes=waiver_notes(self.waivers, self.judged, day),
            conclusion=conclude_run(evidence, self.judged.outlines),
            exit_code=exit_code,
            location=self.config.location,
            saved=self.today is not None,
        )


@dataclass(slots=True)
class Checking(Judging):
    """One run under a configuration: the probe, and the judging of what it gathers."""

    probe: ProbeRun = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the probe for the targets, without starting it."""
        Judging.__post_init__(self)
        targets = tuple(map(with_plan, self.config.targets))
        self.probe = ProbeRun(targets=targets, settings=self.config.probe)

    def seen_until(self, exit_code: int) -> Evidence:
        """Return what the probe had seen when the run broke off, with this exit code."""
        self.probe.record.interrupted |= exit_code == EXIT_INTERRUPTED
        return Evidence(runs=(self.probe.seen(),))


@contextmanager
def _reported(
    judging: Judging, seen_until: Callable[[int], Evidence], settle: Settle
) -> Iterator[None]:
    """Report what there is where the block breaks off, and let what broke it go on."""
    try:
        yield
    except WayOutError:  # nothing was probed
        raise
    except BaseException as broken:
        settle()
        exit_code = EXIT_INTERRUPTED if isinstance(broken, KeyboardInterrupt) else EXIT_BUG
        report(judging.so_far(seen_until(exit_code), exit_code), judging.config)
        raise


def report(verdict: Verdict, config: Config) -> int:
    """Write every report and the screen; the exit code of the run."""
    problems: list[str] = []
    with undisturbed(), ExitStack() as outputs:
        # Callbacks run from the last to the first, each whatever became of those before it: a bug
        # in one report does not lose the others.
        outputs.callback(_name, problems)
        if all(request.path != STDOUT for request in config.reports):
            outputs.callback(_show, verdict, config, problems)
        for request in reversed(config.reports):
            outputs.callback(_write, request, verdict, problems)
    # A missing report must stop a pipeline too, unless something graver does already.
    graver = verdict.exit_code in {EXIT_FAIL, EXIT_BUG, EXIT_INTERRUPTED}
    return EXIT_USAGE if problems and not graver else verdict.exit_code


def _write(request: ReportRequest, verdict: Verdict, problems: list[str]) -> None:
    try:
        write_report(request.path, REPORTS[request.format](verdict))
    except OSError as error:
        problems.append(f"the report {request.path} could not be written: {_reason(error)}")


def _show(verdict: Verdict, config: Config, problems: list[str]) -> None:
    try:
        with ignore_first_signal():
            show(verdict, config.screen)
    except OSError as error:
        problems.append(f"the text report could not be printed: {_reason(error)}")


def _name(problems: list[str]) -> None:
    for problem in problems:
        with ignore_first_signal():
            complain(f"mxcheck: {for_terminal(problem)}")


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
