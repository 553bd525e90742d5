"""What is wrong with a configuration, in words: one line for each fault."""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from mxcheck.config.lines import Path
from mxcheck.config.model import (
    DomainTable,
    FileTables,
    PolicyTable,
    ProbeTable,
    Table,
    WaiverTable,
)
from mxcheck.config.values import describe_error
from mxcheck.model.quoting import did_you_mean, mask_userinfo, quote
from mxcheck.model.visible import is_visible

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

T = TypeVar("T")

_TABLES: dict[Path, type[Table]] = {
    (): FileTables,
    ("policy",): PolicyTable,
    ("probe",): ProbeTable,
    ("domain",): DomainTable,
    ("waiver",): WaiverTable,
}
_WANTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "text in quotes",
    "date_type": "a date, such as 2026-12-31",
    "tuple_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
}
_LONGEST_KEY = 80
MAX_LINES = 100
"""Faults that are told one by one."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_BOUNDS = {
    "greater_than": ("gt", "greater than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than_equal": ("le", "at most"),
}


class ConfigError(Exception):
    """The configuration cannot be used; `lines` say why, each with its place, and no password.

    Of many only the first are kept, and how many more there are.
    """

    def __init__(self, lines: Iterable[str], left_out: int = 0) -> None:
        kept = [*dict.fromkeys(lines)]
        self.faults = tuple(map(mask_userinfo, kept[:MAX_LINES]))
        self.left_out = left_out + len(kept[MAX_LINES:])
        super().__init__("\n".join(self.lines))

    @property
    def lines(self) -> tuple[str, ...]:
        """What there is to print."""
        more = [f"and {self.left_out} more"] if self.left_out else []
        return (*self.faults, *more)


class Faults:
    """Gathers the faults of several steps, so that all are reported at once."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._left_out = 0

    def add(self, line: str) -> None:
        """Keep one fault."""
        self._lines.append(line)

    def attempt(self, step: Callable[[], T], instead: T) -> T:
        """Return what a step gives; if it raises ConfigError, keep that and return `instead`."""
        try:
            return step()
        except ConfigError as error:
            self._lines.extend(error.faults)
            self._left_out += error.left_out
            return instead

    def raise_any(self) -> None:
        """Raise ConfigError with all that was kept, if anything was."""
        if self._lines:
            raise ConfigError(self._lines, self._left_out)


def refuse_tables(
    error: ValidationError, line: Callable[[Path], int], location: Callable[[Path], str]
) -> ConfigError:
    """Return what is wrong with tables, in the order of their lines.

    `line` and `location` give the place of a key, as a number and in words. There may be more
    faults than anybody reads: only those that are shown are put in words.
    """
    found = [
        (tuple(part for part in details["loc"] if part != "[key]"), details)
        for details in error.errors(include_url=False)
    ]
    found.sort(key=lambda fault: line(fault[0]))
    lines: dict[str, None] = {}
    for number, (path, details) in enumerate(found):
        if len(lines) == MAX_LINES:
            return ConfigError(lines, left_out=len(found) - number)
        lines[f"{location(path)}: {_describe(details, path)}"] = None
    return ConfigError(lines)


def key_name(path: Path) -> str:
    """Return a path as messages show it: `policy.levels.mx-null`, without the indexes."""
    keys = [part for part in path if isinstance(part, str)]
    return ".".join(key if _is_plain(key) else quote(key) for key in keys)


def _is_plain(key: str) -> bool:
    return is_visible(key) and len(key) <= _LONGEST_KEY


def _describe(details: "ErrorDetails", path: Path) -> str:
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "value_error":
        return describe_error(context["error"])
    if kind == "missing":
        return "is required"
    if kind == "string_too_short":
        return "is empty"
    if kind == "extra_forbidden":
        return _describe_unknown_key(path)
    if kind == "enum":
        return _describe_choice(value, re.findall(r"'([^']*)'", context["expected"]))
    if kind == "date_type" and isinstance(value, str) and _DATE.fullmatch(value):
        return f"{quote(value)} is text, not a date: write it without quotes"
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        return f"{quote(value)} is not {words} {context[bound]:g}"
    return f"{quote(value)} is not {_WANTED[kind]}" if kind in _WANTED else details["msg"]


def _describe_choice(value: object, choices: list[str]) -> str:
    if not isinstance(value, str) and str(value) in choices:
        return f'{value} is a number: write it in quotes, "{value}"'
    return f"{quote(value)} is not one of {', '.join(choices)}{did_you_mean(value, choices)}"


def _describe_unknown_key(path: Path) -> str:
    *around, key = [part for part in path if isinstance(part, str)]
    known = _TABLES.get(tuple(around), FileTables).model_fields
    return f"unknown key{did_you_mean(key, known)}"
