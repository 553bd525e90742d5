"""The stages of a run, joined: configuration, probe, verdict, reports."""

from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from mxcheck.config.load import Config
from mxcheck.config.output import ReportRequest
from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import Evidence
from mxcheck.evidence.outcome import Unseen
from mxcheck.exit_codes import EXIT_BUG, EXIT_FAIL, EXIT_INTERRUPTED, EXIT_PASS, EXIT_USAGE
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
from mxcheck.probe.run import ProbeRun
from mxcheck.report import REPORTS
from mxcheck.rules import RULES
from mxcheck.rules.base import DomainCase, Family
from mxcheck.rules.trust import TrustStore
from mxcheck.rules.way_out import way_out_notes
from mxcheck.stdout import complain
from mxcheck.targets import Target
from mxcheck.verdict import DomainVerdict, Verdict

_VISITING = frozenset({Family.SMTP, Family.TLS, Family.CERT, Family.RELAY})
_OF_A_FAILED_HANDSHAKE = frozenset(
    {"tls-handshake-failed", "tls-version-old", "tls-legacy-accepted"}
)
_DNSSEC = frozenset({"dnssec-bogus", "dnssec-missing"})
BUG_NOTE = (
    "mxcheck met a bug and stopped: this is what it had gathered until then. The traceback is on"
    " stderr; please report it."
)


def check(config: Config) -> int:
    """Probe, judge and report; the exit code. What a bug interrupts is reported all the same."""
    run = Run(config)
    broken_off = EXIT_BUG
    try:
        with progress_line(config.screen) as progress:
            run.probe.progress = progress
            evidence = run.probe.gather()
        verdict = run.judge(evidence)
        broken_off = EXIT_PASS
    except KeyboardInterrupt:
        broken_off = EXIT_INTERRUPTED
        run.probe.interrupted = True
        raise
    finally:
        if broken_off:
            report(run.so_far(broken_off), config)
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

    def so_far(self, exit_code: int) -> Verdict:
        """The verdict on a run that broke off: what was judged, and the evidence of the rest."""
        evidence = self.probe.evidence()
        for bench in self._benches(evidence)[len(self.judged) :]:
            self.judged.append(unjudged(bench.case))
        bug = (BUG_NOTE,) if exit_code == EXIT_BUG else ()
        return self._verdict(evidence, exit_code, (*bug, *run_notes(evidence)))

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
    notes = [*way_out_notes(evidence), *half_seen_notes(evidence)]
    if evidence.interrupted:
        notes.append("the run was interrupted: what was not seen by then is unknown")
    if evidence.deadline_passed:
        notes.append("the run's deadline passed: what was not seen by then is unknown (--deadline)")
    return tuple(notes)


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
        complain(f"mxcheck: {problem}")


def _reason(error: OSError) -> str:
    return error.strerror or str(error)


def _with_needs(target: Target) -> Target:
    """The target, and what the rules that are asked of it need."""
    asked = [rule for rule in RULES if is_asked(rule, target.policy)]
    families, ids = {rule.family for rule in asked}, {rule.id for rule in asked}
    relay = Family.RELAY in families and target.policy.relay is not RelayMode.OFF
    return replace(
        target,
        visit=bool(families & _VISITING),
        relay=relay,
        dnssec=bool(ids & _DNSSEC),
        reverse="reverse-dns-mismatch" in ids,
        legacy_tls="tls-legacy-accepted" in ids,
        failed_tls=bool(ids & _OF_A_FAILED_HANDSHAKE),
        injection="starttls-injectable" in ids,
    )
