"""Hypothesis strategies for evidence of every kind, field by field."""

from dataclasses import fields
from datetime import UTC, datetime
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

_LEAVES: dict[Any, st.SearchStrategy[Any]] = {
    type(None): st.none(),
    str: st.text(max_size=20),
    int: st.integers(0, 2**31),
    float: st.floats(0, 1e6),
    bool: st.booleans(),
    bytes: st.binary(max_size=40),
    datetime: st.datetimes(min_value=datetime(2020, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
}


def every(kind: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - a type form
    """Values of a type: all fields of a dataclass, all members of a union, short tuples."""
    if kind in _LEAVES:
        return _LEAVES[kind]
    if get_origin(kind) in {Union, UnionType}:
        return st.one_of(*map(every, get_args(kind)))
    if get_origin(kind) is tuple:
        item, _ellipsis = get_args(kind)
        return st.lists(every(item), max_size=2).map(tuple)
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    hints = get_type_hints(kind)
    parts = {field.name: every(hints[field.name]) for field in fields(kind) if field.init}
    return st.builds(kind, **parts)
