"""Cases that record which fields of the evidence a rule reads."""

from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.items import FIELDS, Item, Readable
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.records import PlainRecord
from mxcheck.evidence.smtp import Visit
from mxcheck.rules.base import DomainCase

Field = tuple[type, str]
RECORDED = (Run, Domain, MxHost, MtaSts, Visit)
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


def recorded(value: Any) -> Any:  # noqa: ANN401 - any part of the evidence
    """Return the same evidence, which records what is read of it."""
    if isinstance(value, tuple):
        return tuple(map(recorded, value))
    if type(value) not in RECORDED:
        return value
    kind: type = type(value)
    copy: Any = object.__new__(_recorder(kind))
    for entry in fields(value):
        object.__setattr__(copy, entry.name, recorded(getattr(value, entry.name)))
    return copy


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


def record_case(case: DomainCase) -> DomainCase:
    """Return the case over evidence that records what is read of it."""
    return replace(
        case,
        **{
            entry.name: recorded(getattr(case, entry.name))
            for entry in fields(case)
            if entry.name not in {"policy", "trust"}
        },
    )


def begin() -> None:
    """Forget what was read so far."""
    _TOUCHED.clear()


def touched() -> Touched:
    """Return what was read since `begin`."""
    return Touched(set(_TOUCHED))
