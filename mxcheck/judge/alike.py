"""Findings that differ in the address alone become one, which names all the addresses."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from mxcheck.judge.severity import findings
from mxcheck.judge.verdict import Result
from mxcheck.rules.base import Scope

_Pieces: TypeAlias = tuple[str, ...]


def merge_alike(results: Sequence[Result]) -> list[Result]:
    """Return the results with those merged that say the same about addresses of one MX host.

    A merged result takes the place of the first of them; its subject has all their addresses, and
    its words are true of each of them.
    """
    alike: dict[object, list[Result]] = {}
    for number, result in enumerate(results):
        alike.setdefault(_key(result) or number, []).append(result)
    return [_merged(several) for several in alike.values()]


def merged_findings(results: Sequence[Result]) -> list[Result]:
    """Return the findings that are always shown, most severe first, each once."""
    return merge_alike(findings(results))


def _key(result: Result) -> object:
    """Return all that results have in common that differ in the address alone; else None."""
    if result.subject.kind is not Scope.ENDPOINT or len(result.subject.parts) <= 1:
        return None
    host, address = result.subject.parts
    return (
        (result.rule.id, result.level, result.outcome, result.blocks, host),
        (_around(result.message, host, address), _around(result.remedy, host, address)),
        (result.waiver, result.result_type, result.overrides),
    )


def _around(text: str, host: str, address: str) -> tuple[_Pieces, ...]:
    """Return a text without the address: cut where it follows its host, then elsewhere."""
    following = re.compile(rf"(?<![\w.-]){re.escape(f'{host} [{address}]')}")
    # Not within a longer address or name.
    alone = re.compile(rf"(?<![\w.:-]){re.escape(address)}(?![\w-]|[.:]\w)")
    return tuple(tuple(alone.split(part)) for part in following.split(text))


def _merged(several: Sequence[Result]) -> Result:
    first = several[0]
    if len(several) == 1:
        return first
    host = first.subject.parts[0]
    addresses = [result.subject.parts[1] for result in several]
    return replace(
        first,
        subject=replace(first.subject, parts=(host, *addresses)),
        message=_about_all(first.message, host, addresses),
        remedy=_about_all(first.remedy, host, addresses),
    )


def _about_all(text: str, host: str, addresses: Sequence[str]) -> str:
    """Leave out the address behind its host, since the subject names all; elsewhere name all."""
    every = " and ".join(filter(None, (", ".join(addresses[:-1]), addresses[-1])))
    return host.join(every.join(part) for part in _around(text, host, addresses[0]))
