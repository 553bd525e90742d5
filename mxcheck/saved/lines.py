"""Saved evidence: JSON Lines, one observation a line, written and read one at a time.

A run is a line `run`, a line for each visit, each address whose names were looked up, each domain
and each lookup that SPF leads to, and a line `end`. Files that are put one behind the other are the
evidence of several runs.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from mxcheck.evidence.dns import ReverseDns
from mxcheck.evidence.domain import Domain, Run
from mxcheck.evidence.runs import Evidence
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.spf import SpfLookup
from mxcheck.model.quoting import quote
from mxcheck.saved.errors import NOT_WHOLE, EvidenceError, describe_faults, describe_unknown_line
from mxcheck.saved.line_kinds import (
    LINES,
    Begin,
    BeginLine,
    DomainLine,
    End,
    EndLine,
    Line,
    ReverseLine,
    SpfLine,
    VisitLine,
)

SCHEMA_VERSION = "2"
_KIND = re.compile(r'\{\s*"(\w+)"')


@cache
def _adapters() -> dict[type[Line], TypeAdapter[Line]]:
    """Return, for each kind of line, what turns it to JSON and back."""
    return {kind: TypeAdapter(kind) for kind in LINES.values()}


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
    yield from (SpfLine(spf=one) for one in run.spf)
    yield EndLine(
        end=End(
            finished_at=run.finished_at.astimezone(UTC),
            domains=len(run.domains),
            visits=len(run.visits),
            reverse=len(run.reverse),
            spf=len(run.spf),
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
    spf: list[SpfLookup] = field(default_factory=list)
    domains: list[Domain] = field(default_factory=list)

    def add(self, line: VisitLine | ReverseLine | SpfLine | DomainLine) -> None:
        match line:
            case VisitLine():
                self.visits.append(line.visit)
            case ReverseLine():
                self.reverse.append(line.reverse)
            case SpfLine():
                self.spf.append(line.spf)
            case DomainLine():
                self.domains.append(line.domain)

    def end(self, end: End, number: int) -> Run:
        wanted = (end.domains, end.visits, end.reverse, end.spf)
        if wanted != (len(self.domains), len(self.visits), len(self.reverse), len(self.spf)):
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
            spf=tuple(self.spf),
            interrupted=end.interrupted,
            deadline_passed=end.deadline_passed,
        )


def _parse(text: str, number: int) -> Line:
    kind = _KIND.match(text.lstrip())
    if kind is None or kind[1] not in LINES:
        raise EvidenceError(f"line {number}: {describe_unknown_line(text, LINES)}")
    if kind[1] == "schema_version":
        _check_version(text, number)
    try:
        line = _adapters()[LINES[kind[1]]].validate_json(text, strict=True)
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
