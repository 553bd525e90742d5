"""mxcheck in a process of its own, whose time, peak memory and words on stderr are measured."""

import io
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mxcheck import app
from mxcheck.config.load import Config
from mxcheck.config.output import ReportRequest, Screen
from mxcheck.evidence.domain import Run
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from mxcheck.probe.settings import ProbeSettings
from mxcheck.report import REPORTS
from tests.saving import as_evidence

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

_FORKING = multiprocessing.get_context("forkserver")
# Forked from a process that is warm, a run costs little more than itself.
_FORKING.set_forkserver_preload(["tests.hostile.warm"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to check, and how."""

    domains: tuple[str, ...]
    policy: Policy = field(default_factory=Policy)
    settings: ProbeSettings = field(default_factory=ProbeSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One answer of a rule, as the JSON report has it."""

    domain: str
    rule: str
    outcome: str
    message: str
    mx: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What came of a run: `peak` in MiB that it needed beyond what it began with.

    `seconds` went by; of those it worked for `busy`, however busy the machine was beside it.
    `report` is the JSON report, `sizes` what every report came to in bytes.
    """

    exit_code: int
    seconds: float
    busy: float
    peak: float
    printed: str
    stderr: str
    report: dict[str, Any]
    sizes: dict[str, int]

    def results(self, domain: str) -> list[Result]:
        """All that was judged of a domain."""
        (found,) = (one for one in self.report["domains"] if one["domain"] == domain)
        return [
            Result(
                domain=domain,
                rule=one["rule"],
                outcome=one["outcome"],
                message=one["message"],
                mx=one["subject"]["mx"] or "",
                address=one["subject"]["address"] or "",
            )
            for one in found["results"]
        ]


class Client:
    """A run that was started; the loop of the servers goes on while it runs."""

    def __init__(self, job: Job) -> None:
        self.pipe, other = _FORKING.Pipe()
        self._process: ForkServerProcess = _FORKING.Process(target=_check, args=(job, other))
        self._process.start()
        other.close()

    def fileno(self) -> int:
        """What becomes readable once the run is over."""
        return self.pipe.fileno()

    def measured(self) -> Measured:
        """What came of the run, once it is over."""
        try:
            measured: Measured = self.pipe.recv()
        finally:
            self.end()
        return measured

    def end(self) -> None:
        """Let go of the process, and end it where it still runs."""
        self.pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()


def _check(job: Job, pipe: Connection) -> None:
    with _folder() as paths:
        stdout, stderr = io.StringIO(), io.StringIO()
        before, begun, worked = _peak(), time.monotonic(), time.process_time()
        with redirect_stdout(stdout), redirect_stderr(stderr):
            exit_code = app.check(_config(job, paths))
        measured = Measured(
            exit_code=exit_code,
            seconds=time.monotonic() - begun,
            busy=time.process_time() - worked,
            peak=_peak() - before,
            printed=stdout.getvalue(),
            stderr=stderr.getvalue(),
            report=json.loads(paths["json"].read_text()),
            sizes={name: path.stat().st_size for name, path in paths.items()},
        )
    pipe.send(measured)


def judge_all(evidence: Run) -> None:
    """Judge evidence and write every report of it, to no end."""
    domains = tuple(domain.name for domain in evidence.domains)
    with _folder() as paths:
        app.judge(as_evidence(evidence), _config(Job(domains=domains), paths))


@contextmanager
def _folder() -> Iterator[dict[str, Path]]:
    """Where each of the reports goes."""
    with tempfile.TemporaryDirectory() as folder:
        yield {name: Path(folder) / name for name in REPORTS}


def _config(job: Job, paths: Mapping[str, Path]) -> Config:
    return Config(
        policy=job.policy,
        targets=tuple(Target(domain=name, policy=job.policy) for name in job.domains),
        probe=job.settings,
        ca_pem=job.settings.ca_pem,
        reports=tuple(ReportRequest(format=name, path=str(path)) for name, path in paths.items()),
        screen=Screen(verbose=True),
    )


def _peak() -> float:
    """The most memory that this process has had resident, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
