"""Saved evidence: JSON Lines, one observation a line, written and read one at a time.

A run is a line `run`, a line for each visit, each address whose names were looked up and each
domain, and a line `end`. Files that are put one behind the other are the evidence of several runs.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal, TypeAlias

from pydantic import ConfigDict, TypeAdapter, ValidationError

from mxcheck.evidence.dns import AskedResolver, ReverseDns
from mxcheck.evidence.domain import Domain, Run
from mxcheck.evidence.overrides import Override
from mxcheck.evidence.runs import Evidence
from mxcheck.evidence.smtp import CanaryCall, Visit
from mxcheck.evidence.way_out import WayOut
from mxcheck.model.quoting import quote
from mxcheck.saved.errors import NOT_WHOLE, EvidenceError, describe_faults, describe_unknown_line

SCHEMA_VERSION = "2"
_KIND = re.compile(r'\{\s*"(\w+)"')
_CONFIG = ConfigDict(
    extra="forbid", allow_inf_nan=False, ser_json_bytes="base64", val_json_bytes="base64"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """How a run began: moments in RFC 3339, in UTC."""

    observed_at: datetime
    port: int
    resolvers: tuple[AskedResolver, ...] = ()
    via: WayOut | None = None
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """How a run ended, and how many lines of each kind come before this one."""

    finished_at: datetime
    domains: int
    visits: int
    reverse: int = 0
    canaries: tuple[CanaryCall, ...] = ()
    interrupted: bool = False
    deadline_passed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginLine:
    """The first line of a run; bytes everywhere are base64 (RFC 4648 5).

    Unknown keys are refused: evidence that is ignored in silence would be judged as not seen.
    """

    __pydantic_config__ = _CONFIG

    schema_version: Literal["2"] = "2"
    run: Begin


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLine:
    """One visit."""

    __pydantic_config__ = _CONFIG

    visit: Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverseLine:
    """The names of one address."""

    __pydantic_config__ = _CONFIG

    reverse: ReverseDns


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainLine:
    """One domain."""

    __pydantic_config__ = _CONFIG

    domain: Domain


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLine:
    """The last line of a run; without it the file is not whole."""

    __pydantic_config__ = _CONFIG

    end: End


Line: TypeAlias = BeginLine | VisitLine | ReverseLine | DomainLine | EndLine
_LINES: dict[str, type[Line]] = {
    "schema_version": BeginLine,
    "visit": VisitLine,
    "reverse": ReverseLine,
    "domain": DomainLine,
    "end": EndLine,
}


@cache
def _adapters() -> dict[type[Line], TypeAdapter[Line]]:
    """Return, for each kind of line, what turns it to JSON and back."""
    return {kind: TypeAdapter(kind) for kind in _LINES.values()}


@cache
def any_line() -> TypeAdapter[Line]:
    """Return the adapter of all kinds of lines, which gives the schema of them."""
    return TypeAdapter(Line)


def dump_evidence(evidence: Evidence) -> Iterator[str]:
    """Yield the lines of all runs as JSON, in ASCII only, each with a line feed at its end."""
    for run in evidence.runs:
        for line in _lines(run):
            document = _adapters()[type(line)].dump_python(line, mode="json")
            yield json.dumps(_readable(document), separators=(",", ":")) + "\n"


def _lines(run: Run) -> Iterator[Line]:
    yield BeginLine(
        run=Begin(
            observed_at=run.observed_at.astimezone(UTC),
            port=run.port,
            resolvers=run.resolvers,
            via=run.via,
            overrides=run.overrides,
        )
    )
    yield from (VisitLine(visit=visit) for visit in run.visits)
    yield from (ReverseLine(reverse=reverse) for reverse in run.reverse)
    yield from (DomainLine(domain=domain) for domain in run.domains)
    yield EndLine(
        end=End(
            finished_at=run.finished_at.astimezone(UTC),
            domains=len(run.domains),
            visits=len(run.visits),
            reverse=len(run.reverse),
            canaries=run.canaries,
            interrupted=run.interrupted,
            deadline_passed=run.deadline_passed,
        )
    )


def load_evidence(texts: Iterable[str]) -> Evidence:
    """Return the evidence in the lines that `dump_evidence` wrote, or raise EvidenceError."""
    runs = tuple(_read_runs(texts))
    if not runs:
        raise EvidenceError("is empty: it contains no run")
    return Evidence(runs=runs)


def _read_runs(texts: Iterable[str]) -> Iterator[Run]:
    reader: _RunReader | None = None
    number = 0
    for number, text in enumerate(texts, 1):
        if not text.strip():
            continue
        line = _parse(text, number)
        if isinstance(line, BeginLine):
            if reader:
                raise EvidenceError(f"line {number}: the run before has no end")
            reader = _RunReader(begin=line.run)
        elif reader is None:
            raise EvidenceError(f"line {number}: no run begins before it")
        elif isinstance(line, EndLine):
            yield reader.end(line.end, number)
            reader = None
        else:
            reader.add(line)
    if reader:
        raise EvidenceError(f"line {number}: {NOT_WHOLE}: the line `end` of its run is missing")


@dataclass(slots=True, kw_only=True)
class _RunReader:
    """A run as far as it was read."""

    begin: Begin
    visits: list[Visit] = field(default_factory=list)
    reverse: list[ReverseDns] = field(default_factory=list)
    domains: list[Domain] = field(default_factory=list)

    def add(self, line: VisitLine | ReverseLine | DomainLine) -> None:
        match line:
            case VisitLine():
                self.visits.append(line.visit)
            case ReverseLine():
                self.reverse.append(line.reverse)
            case DomainLine():
                self.domains.append(line.domain)

    def end(self, end: End, number: int) -> Run:
        wanted = (end.domains, end.visits, end.reverse)
        if wanted != (len(self.domains), len(self.visits), len(self.reverse)):
            raise EvidenceError(f"line {number}: lines of this run are missing or added")
        return Run(
            observed_at=self.begin.observed_at,
            finished_at=end.finished_at,
            port=self.begin.port,
            domains=tuple(self.domains),
            visits=tuple(self.visits),
            canaries=end.canaries,
            resolvers=self.begin.resolvers,
            via=self.begin.via,
            overrides=self.begin.overrides,
            reverse=tuple(self.reverse),
            interrupted=end.interrupted,
            deadline_passed=end.deadline_passed,
        )


def _parse(text: str, number: int) -> Line:
    kind = _KIND.match(text.lstrip())
    if kind is None or kind[1] not in _LINES:
        raise EvidenceError(f"line {number}: {describe_unknown_line(text, _LINES)}")
    if kind[1] == "schema_version":
        _check_version(text, number)
    try:
        line = _adapters()[_LINES[kind[1]]].validate_json(text, strict=True)
    except ValidationError as error:
        raise EvidenceError(describe_faults(error.errors(include_url=False), number)) from None
    return _in_utc(line, number)


def _check_version(text: str, number: int) -> None:
    try:
        version = json.loads(text)["schema_version"]
    except (ValueError, RecursionError):
        return  # the adapter names the fault
    if version != SCHEMA_VERSION:
        raise EvidenceError(
            f"line {number}: schema_version: {quote(version)} is not {quote(SCHEMA_VERSION)}, the"
            " version that this mxcheck reads; judge the evidence with the mxcheck that saved it"
        )


def _in_utc(line: Line, number: int) -> Line:
    match line:
        case BeginLine(run=begin):
            at = _utc("run.observed_at", begin.observed_at, number)
            return replace(line, run=replace(begin, observed_at=at))
        case EndLine(end=end):
            at = _utc("end.finished_at", end.finished_at, number)
            return replace(line, end=replace(end, finished_at=at))
        case _:
            return line


def _utc(name: str, moment: datetime, number: int) -> datetime:
    place = f"line {number}: {name}: {moment.isoformat()}"
    if moment.tzinfo is None:
        raise EvidenceError(f"{place} does not say in which zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise EvidenceError(f"{place} is not a moment of the calendar in UTC") from None


def _readable(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the same, in which lone surrogates are escapes: JSON readers refuse them."""
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode("utf-8")
        case dict():
            return {key: _readable(item) for key, item in value.items()}
        case list():
            return [_readable(item) for item in value]
        case _:
            return value
