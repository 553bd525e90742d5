"""The verdicts on many domains in little memory: beyond a few, their results are compressed."""

import pickle
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, overload

from mxcheck.judge.verdict import DomainVerdict, Outcome, Result, SwitchedOff
from mxcheck.model.policy import Level
from mxcheck.rules import RULES
from mxcheck.rules.base import Cause, Scope
from mxcheck.rules.subjects import Subject
from mxcheck.wire.tls_rpt import ResultType

UNPACKED = 500
"""Verdicts that are kept as they are; the results of one take some 30 KB, packed some 2 KB."""

_NUMBERS = {rule.id: number for number, rule in enumerate(RULES)}


class Verdicts(Sequence[DomainVerdict]):
    """A list of verdicts to which more can be appended.

    `outlines` are the same verdicts, those beyond the first few without their results.
    """

    def __init__(self) -> None:
        """Begin without any verdict."""
        self.outlines: list[DomainVerdict] = []
        self._packed: list[bytes] = []

    def append(self, verdict: DomainVerdict) -> None:
        """Add the verdict on one more domain."""
        if len(self.outlines) < UNPACKED:
            self.outlines.append(verdict)
            return
        self.outlines.append(replace(verdict, results=(), switched_off=()))
        self._packed.append(_pack(verdict))

    def __len__(self) -> int:
        """Return the number of verdicts."""
        return len(self.outlines)

    @overload
    def __getitem__(self, index: int) -> DomainVerdict: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[DomainVerdict]: ...
    def __getitem__(self, index: int | slice) -> DomainVerdict | Sequence[DomainVerdict]:
        """Return the verdict at a place in the list, or those of a slice."""
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        outline = self.outlines[number]
        return outline if number < UNPACKED else _unpack(outline, self._packed[number - UNPACKED])

    def __iter__(self) -> Iterator[DomainVerdict]:
        """Yield each verdict; one that is packed lives as long as it is used."""
        yield from self.outlines[:UNPACKED]
        yield from map(_unpack, self.outlines[UNPACKED:], self._packed)


def _pack(verdict: DomainVerdict) -> bytes:
    """Return the results as rows of plain values, which are quicker to restore than objects."""
    results = [_row(result) for result in verdict.results]
    off = [(_NUMBERS[one.rule.id], *_plain(one.subject)) for one in verdict.switched_off]
    return zlib.compress(pickle.dumps((results, off), pickle.HIGHEST_PROTOCOL), 1)


def _unpack(outline: DomainVerdict, packed: bytes) -> DomainVerdict:
    results, off = pickle.loads(zlib.decompress(packed))  # noqa: S301 - what `_pack` packed
    return replace(
        outline,
        results=tuple(_result(*row) for row in results),
        switched_off=tuple(
            SwitchedOff(rule=RULES[rule], subject=Subject(kind=Scope(kind), parts=parts))
            for rule, kind, parts in off
        ),
    )


def _row(result: Result) -> tuple[Any, ...]:
    return (
        (_NUMBERS[result.rule.id], str(result.level), str(result.outcome)),
        _plain(result.subject),
        (result.message, result.remedy, result.waiver, result.blocks),
        result.result_type and str(result.result_type),
        (result.overrides, result.cause and str(result.cause)),
    )


def _result(
    judged: tuple[int, str, str],
    subject: tuple[str, tuple[str, ...]],
    said: tuple[str, str, Any, bool],
    result_type: str | None,
    because: tuple[tuple[str, ...], str | None],
) -> Result:
    rule, level, outcome = judged
    kind, parts = subject
    message, remedy, waiver, blocks = said
    overrides, cause = because
    return Result(
        rule=RULES[rule],
        level=Level(level),
        outcome=Outcome(outcome),
        subject=Subject(kind=Scope(kind), parts=parts),
        message=message,
        remedy=remedy,
        waiver=waiver,
        blocks=blocks,
        result_type=ResultType(result_type) if result_type else None,
        overrides=overrides,
        cause=Cause(cause) if cause else None,
    )


def _plain(subject: Subject) -> tuple[str, tuple[str, ...]]:
    return str(subject.kind), subject.parts
