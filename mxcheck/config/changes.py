"""What a config file changes of the defaults, in one line: whoever wrote it may not be the reader.

A pull request can bring a config file that ignores what would fail, or one that says nothing and
takes the place of another one that asks for more. Every report says so.
"""

from collections.abc import Collection, Iterator

from mxcheck.config.file import ConfigFile
from mxcheck.config.layers import Sources
from mxcheck.config.lines import Path
from mxcheck.config.model import ProbeTable, Table

_SHOWN_LINES = 3
_LEVELS = "levels"


def changes_of_file(
    sources: Sources, probe_keys: Collection[str] = tuple(ProbeTable.model_fields)
) -> tuple[str, ...]:
    """Return a line about what the config file changes, and one about a file that it replaces.

    There is none if it changes nothing. Of its table [probe] only some keys may count. A key that a
    flag or a variable gives as well is left out, since the file has no say in it.
    """
    lines: dict[str, list[int]] = {}
    for key, line in (*_policy(sources), *_waivers(sources.file), *_probe(sources, probe_keys)):
        lines.setdefault(key, []).append(line)
    name, unused = sources.file.name, sources.file.unused
    notes = [f"{name} is used, and [tool.mxcheck] in {unused} is not"] if unused else []
    if lines:
        changed = ", ".join(f"{key} ({_at(places)})" for key, places in lines.items())
        notes.append(f"{name} changes what is checked, and how: {changed}")
    return tuple(notes)


def _policy(sources: Sources) -> Iterator[tuple[str, int]]:
    tables = sources.file.tables
    given = _given_keys(sources.from_environment.policy, sources.from_command_line.policy)
    yield from _changed(sources.file, tables.policy, ("policy",), given - {_LEVELS})
    for index, table in enumerate(tables.domain):
        path = ("domain", index)
        yield from _changed(sources.file, table, path, given - {_LEVELS} | {"name"})


def _probe(sources: Sources, keys: Collection[str]) -> Iterator[tuple[str, int]]:
    given = _given_keys(sources.from_environment.probe, sources.from_command_line.probe)
    for key, line in _changed(sources.file, sources.file.tables.probe, ("probe",), given):
        if key in keys:
            yield key, line


def _waivers(file: ConfigFile) -> Iterator[tuple[str, int]]:
    for index, _ in enumerate(file.tables.waiver):
        yield "waiver", file.line(("waiver", index))


def _given_keys(*tables: Table) -> frozenset[str]:
    return frozenset(key for table in tables for key in table.model_fields_set)


def _changed(
    file: ConfigFile, table: Table, path: Path, left_out: frozenset[str]
) -> Iterator[tuple[str, int]]:
    """Yield the keys of a table whose values are not the defaults, each with its line."""
    for key, field in type(table).model_fields.items():
        is_given = key in table.model_fields_set and key not in left_out
        if is_given and getattr(table, key) != field.default:
            yield key, file.line((*path, key))


def _at(lines: list[int]) -> str:
    """Return the lines as words; of many, the first and how many more there are."""
    shown, rest = lines[:_SHOWN_LINES], len(lines) - _SHOWN_LINES
    more = f" and {rest} more" if rest > 0 else ""
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, shown))}{more}"
