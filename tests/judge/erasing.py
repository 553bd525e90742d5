"""Evidence without one of its items."""

from dataclasses import MISSING, Field, fields, replace
from typing import Any

from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.items import FIELDS, Item, Readable
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.outcome import NOT_ASKED
from mxcheck.evidence.smtp import Visit
from mxcheck.rules.base import DomainCase


def erased(item: Readable, value: Any) -> Any:  # noqa: ANN401 - any part of the evidence
    """The evidence without an item: its fields have the values of what was not asked."""
    if isinstance(value, tuple):
        return tuple(erased(item, one) for one in value)
    if not isinstance(value, DomainCase | Run | Domain | MxHost | MtaSts | Visit):
        return value
    entries = [entry for entry in fields(value) if entry.init]
    changes = {entry.name: erased(item, getattr(value, entry.name)) for entry in entries}
    if isinstance(item, Item):
        names = {name for kind, names in FIELDS[item] if isinstance(value, kind) for name in names}
        changes |= {entry.name: unasked(entry) for entry in entries if entry.name in names}
    elif isinstance(value, Domain):
        kept = [one for one in value.records if str(one.record) != str(item)]
        changes["records"] = tuple(kept)
    return replace(value, **changes)


def unasked(entry: Field[Any]) -> object:
    return NOT_ASKED if entry.default is MISSING else entry.default
