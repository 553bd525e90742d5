"""The stages of a run, joined: configuration, probe or saved evidence, verdict, reports."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace

from mxcheck.config.load import Config
from mxcheck.config.output import ReportRequest
from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import Evidence
from mxcheck.evidence.outcome import Unseen
from mxcheck.exit_codes import EXIT_BUG, EXIT_FAIL, EXIT_INTERRUPTED, EXIT_USAGE
from mxcheck.judge import (
    Bench,
    conclude_run,
    exit_code_of,
    is_asked,
    judge_domain,
    unjudged,
    waiver_notes,
)
from mxcheck.output import STDOUT, progress_line, show, undisturbed, write_report
from mxcheck.policy import RelayMode
from mxcheck.probe.clock import today
from mxcheck.probe.run import ProbeRun
from mxcheck.report import REPORTS
from mxcheck.report.escape import for_terminal
from mxcheck.rules import RULES
from mxcheck.rules.base import DomainCase, Family
from mxcheck.rules.trust import TrustStore
from mxcheck.rules.way_out import way_out_notes
from mxcheck.saved_notes import lacking, saved_notes
from mxcheck.stdout import complain
from mxcheck.targets import Target
from mxcheck.verdict import DomainVerdict, Verdict
from mxcheck.what_if_notes import what_if_notes
from mxcheck.wire.mx import NULL_MX, parse_mx

_VISITING = frozenset({Family.SMTP, Family.TLS, Family.CERT, Family.RELAY})
_VISITING_RULES = frozenset({"dane-mismatch", "mta-sts-mx-unauthenticated"})
# The rules about certificates ask what DANE and MTA-STS promise.
_OF_DANE = frozenset({Family.DANE, Family.CERT})
_OF_MTA_STS = frozenset({Family.MTA_STS, Family.CERT})
_TLS_RPT = frozenset({"tls-rpt-missing", "tls-rpt-record-invalid"})
_OF_A_FAILED_HANDSHAKE = frozenset(
    {"tls-handshake-failed", "tls-version-old", "tls-legacy-accepted"}
)
_DNSSEC = frozenset({"dnssec-bogus", "dnssec-missing"})
BUG_NOTE = (
    "mxcheck met a bug and stopped: this is what it had gathered until then. The traceback is on"
    " stderr; please report it."
)


Settle = Callable[[], None]
"""Called once it stands what a run comes to, before it is reported."""


def check(config: Config, settle: Settle = lambda: None) -> int:
    """Probe, judge and report; the exit code. What a bug interrupts is reported all the same."""
    run = Run(config)
    with _reported(run, run.seen_until, settle):
        with progress_line(config.screen) as progress:
            run.probe.progress = progress
            evidence = run.probe.gather()
        verdict = run.judge(evidence)
        settle()
    return report(verdict, config)


def judge(evidence: Evidence, config: Config, settle: Settle = lambda: None) -> int:
    """Judge evidence that was gathered before, and report as `check` does; the exit code."""
    judging = Judging(config, today=today())
    with _reported(judging, lambda _: evidence, settle):
        with progress_line(config.screen) as progress:
            progress("judging saved evidence", 0, len(config.targets))
            verdict = judging.judge(evidence)
        settle()
    return report(verdict, config)


@dataclass(slots=True)
class Judging:
    """The judging of evidence under a configuration; `judged` fills as domains are judged.

    `today` is the day on which saved evidence is judged, None where it was gathered just now.
    """

    config: Config
    judged: list[DomainVerdict] = field(default_factory=list)
    today: dt.date | None = None

    def judge(self, evidence: Evidence) -> Verdict:
        """Judge every domain."""
        for bench in self._benches(evidence):
            self.judged.append(judge_domain(bench))
        return self._verdict(evidence, exit_code_of(evidence, self.judged))

    def so_far(self, evidence: Evidence, exit_code: int) -> Verdict:
        """The verdict on a run that broke off: what was judged, and the evidence of the rest."""
        for bench in self._benches(evidence)[len(self.judged) :]:
            self.judged.append(unjudged(bench))
        return self._verdict(evidence, exit_code)

    def _benches(self, evidence: Evidence) -> list[Bench]:
        trust = TrustStore(added=self.config.ca_pem)
        held = {domain.name: domain for domain in evidence.domains}
        return [
            Bench(
                case=DomainCase(
                    evidence=evidence,
                    policy=target.policy,
                    trust=trust,
                    domain=held.get(target.domain) or lacking(target.domain),
                ),
                waivers=self.config.waivers,
                place=target.place or self.config.place,
                day=self._day(evidence),
            )
            for target in self.config.targets
        ]

    def _day(self, evidence: Evidence) -> dt.date:
        """The day by which waivers hold: a waiver that has run out is no part of today's policy."""
        return max(self.today or dt.date.min, evidence.observed_at.date())

    def _notes(self, evidence: Evidence, exit_code: int) -> Iterator[str]:
        if exit_code == EXIT_BUG:
            yield BUG_NOTE
        if self.today:
            names = [target.domain for target in self.config.targets]
            yield from saved_notes(evidence, self.today, names)
        yield from run_notes(evidence)

    def _verdict(self, evidence: Evidence, exit_code: int) -> Verdict:
        day = self._day(evidence)
        return Verdict(
            evidence=evidence,
            policy=self.config.policy,
            domains=tuple(self.judged),
            notes=tuple(self._notes(evidence, exit_code)),
            waiver_notes=waiver_notes(self.config.waivers, self.judged, day),
            conclusion=conclude_run(self.judged),
            exit_code=exit_code,
            place=self.config.place,
            saved=self.today is not None,
        )


@dataclass(slots=True)
class Run(Judging):
    """One run under a configuration: the probe, and the judging of what it gathers."""

    probe: ProbeRun = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the probe for the targets, without starting it."""
        targets = tuple(map(_with_needs, self.config.targets))
        self.probe = ProbeRun(targets=targets, settings=self.config.probe)

    def seen_until(self, exit_code: int) -> Evidence:
        """What the probe had seen when the run broke off, with this exit code."""
        self.probe.interrupted |= exit_code == EXIT_INTERRUPTED
        return self.probe.evidence()


@contextmanager
def _reported(
    judging: Judging, seen_until: Callable[[int], Evidence], settle: Settle
) -> Iterator[None]:
    """Report what there is where the block breaks off, and let what broke it go on."""
    try:
        yield
    except BaseException as broken:
        settle()
        exit_code = EXIT_INTERRUPTED if isinstance(broken, KeyboardInterrupt) else EXIT_BUG
        report(judging.so_far(seen_until(exit_code), exit_code), judging.config)
        raise


def run_notes(evidence: Evidence) -> tuple[str, ...]:
    """The causes that concern the whole run."""
    notes = [*what_if_notes(evidence), *way_out_notes(evidence), *half_seen_notes(evidence)]
    notes.extend(many_hosts_notes(evidence))
    if evidence.interrupted:
        notes.append("the run was interrupted: what was not seen by then is unknown")
    if evidence.deadline_passed:
        notes.append("the run's deadline passed: what was not seen by then is unknown (--deadline)")
    return tuple(notes)


def many_hosts_notes(evidence: Evidence) -> Iterator[str]:
    """The domains that have more MX hosts than are looked at."""
    for domain in evidence.domains:
        if not isinstance(domain.mx, Answer):
            continue
        named = len(parse_mx(domain.mx).keys() - {NULL_MX})
        looked_at = len(domain.hosts)
        if named > looked_at > 0:
            yield (
                f"{domain.name} has {named} MX hosts: those that senders try first were"
                f" looked at, {looked_at} of them"
            )


def half_seen_notes(evidence: Evidence) -> list[str]:
    """The MX hosts of which one address family could be looked up and the other could not."""
    hosts = {host.name: host for domain in evidence.domains for host in domain.hosts}
    notes = []
    for host in hosts.values():
        for record, lookup, other in (("A", host.ipv4, host.ipv6), ("AAAA", host.ipv6, host.ipv4)):
            if isinstance(lookup, Unseen) and isinstance(other, Answer):
                notes.append(
                    f"the {record} lookup for {host.name} failed ({lookup.detail}): addresses that"
                    " it may have there were not looked at"
                )
    return notes


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
        show(verdict, config.screen)
    except OSError as error:
        problems.append(f"the text report could not be printed: {_reason(error)}")


def _name(problems: list[str]) -> None:
    for problem in problems:
        complain(f"mxcheck: {for_terminal(problem)}")


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _with_needs(target: Target) -> Target:
    """The target, and what the rules that are asked of it need."""
    asked = [rule for rule in RULES if is_asked(rule, target.policy)]
    families, ids = {rule.family for rule in asked}, {rule.id for rule in asked}
    relay = Family.RELAY in families and target.policy.relay is not RelayMode.OFF
    return replace(
        target,
        visit=bool(families & _VISITING or ids & _VISITING_RULES),
        relay=relay,
        dnssec=bool(ids & _DNSSEC or families & _OF_DANE),
        reverse="reverse-dns-mismatch" in ids,
        dane=bool(families & _OF_DANE or "tls-rpt-missing" in ids),
        mta_sts=bool(families & _OF_MTA_STS),
        tls_rpt=bool(ids & _TLS_RPT),
        legacy_tls="tls-legacy-accepted" in ids,
        failed_tls=bool(ids & _OF_A_FAILED_HANDSHAKE),
        injection="starttls-injectable" in ids,
    )
