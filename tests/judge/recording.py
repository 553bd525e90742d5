"""Cases that record which fields of the evidence a rule reads."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

from mxcheck.evidence.dmarc import Dmarc
from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.items import FIELDS, Item, Readable
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.records import PlainRecord
from mxcheck.evidence.smtp import Visit
from mxcheck.rules.base import DomainCase

Field = tuple[type, str]
RECORDED = (Run, Domain, MxHost, MtaSts, Visit, Dmarc)
_TOUCHED: set[Field | PlainRecord] = set()
_GUARDED: dict[Field, set[Item]] = {}
for _item, _parts in FIELDS.items():
    for _kind, _names in _parts:
        for _name in _names:
            _GUARDED.setdefault((_kind, _name), set()).add(_item)


@cache
def _recorder(kind: type) -> type:
    """Return a subclass whose instances record which of the guarded fields are read."""

    def read(self: object, name: str) -> object:
        if (kind, name) in _GUARDED:
            _TOUCHED.add((kind, name))
        return object.__getattribute__(self, name)

    def record(self: Domain, wanted: PlainRecord) -> Lookup:
        _TOUCHED.add(wanted)
        return Domain.record(self, wanted)

    members: dict[str, Any] = {"__slots__": (), "__getattribute__": read}
    if kind is Domain:
        members["record"] = record
    return type(f"Recording{kind.__name__}", (kind,), members)


def _recorded(value: Any, done: dict[int, Any]) -> Any:  # noqa: ANN401 - any part of the evidence
    """Return the same evidence, which records what is read of it."""
    if isinstance(value, tuple):
        return tuple(_recorded(one, done) for one in value)
    kind: type = type(value)
    if kind not in RECORDED:
        return value
    if id(value) not in done:
        copy: Any = object.__new__(_recorder(kind))
        for entry in fields(value):
            object.__setattr__(copy, entry.name, _recorded(getattr(value, entry.name), done))
        done[id(value)] = copy
    return done[id(value)]


@dataclass(slots=True)
class Touched:
    """What was read of a case."""

    fields: set[Field | PlainRecord] = field(default_factory=set)

    def undeclared(self, declared: tuple[Readable, ...]) -> set[Field | PlainRecord]:
        """Return what was read that none of the declared items covers."""
        allowed = set(declared)
        return {
            one
            for one in self.fields
            if not (one in allowed if isinstance(one, PlainRecord) else _GUARDED[one] & allowed)
        }


def record_cases(cases: Sequence[DomainCase]) -> list[DomainCase]:
    """Return the cases over evidence that records what is read of it; what they share is shared."""
    done: dict[int, Any] = {}
    return [
        replace(
            case,
            **{
                entry.name: _recorded(getattr(case, entry.name), done)
                for entry in fields(case)
                if entry.name not in {"policy", "trust"}
            },
        )
        for case in cases
    ]


def begin() -> None:
    """Forget what was read so far."""
    _TOUCHED.clear()


def touched() -> Touched:
    """Return what was read since `begin`."""
    return Touched(set(_TOUCHED))
