"""Evidence without one of its items."""

from collections.abc import Sequence
from dataclasses import MISSING, Field, fields, replace
from typing import Any, TypeVar

from mxcheck.evidence.dmarc import Dmarc
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.items import FIELDS, Item, Readable
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.outcome import NOT_ASKED
from mxcheck.evidence.smtp import Visit
from mxcheck.rules.base import DomainCase

T = TypeVar("T")


def all_erased(item: Readable, values: Sequence[T]) -> list[T]:
    """Each value without an item; what they share is erased once, and shared again."""
    done: dict[int, Any] = {}
    return [_erased(item, value, done) for value in values]


def erased(item: Readable, value: Any) -> Any:  # noqa: ANN401 - any part of the evidence
    """The evidence without an item: its fields have the values of what was not asked."""
    return _erased(item, value, {})


def _erased(item: Readable, value: Any, done: dict[int, Any]) -> Any:  # noqa: ANN401 - any part
    if isinstance(value, tuple):
        return tuple(_erased(item, one, done) for one in value)
    if not isinstance(value, DomainCase | Run | Domain | MxHost | MtaSts | Visit | Dmarc):
        return value
    if id(value) not in done:
        done[id(value)] = _without(item, value, done)
    return done[id(value)]


def _without(item: Readable, value: Any, done: dict[int, Any]) -> Any:  # noqa: ANN401 - any part
    entries = [entry for entry in fields(value) if entry.init]
    changes = {entry.name: _erased(item, getattr(value, entry.name), done) for entry in entries}
    if isinstance(item, Item):
        names = {name for kind, names in FIELDS[item] if isinstance(value, kind) for name in names}
        changes |= {entry.name: unasked(entry) for entry in entries if entry.name in names}
    elif isinstance(value, Domain):
        kept = [one for one in value.records if str(one.record) != str(item)]
        changes["records"] = tuple(kept)
    return replace(value, **changes)


def unasked(entry: Field[Any]) -> object:
    return NOT_ASKED if entry.default is MISSING else entry.default
