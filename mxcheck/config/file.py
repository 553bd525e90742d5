"""The config file: which one it is, and what it says, each fault with its line."""

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from mxcheck.config.bounds import MAX_CONFIG_FILE, MAX_KEY_PARTS, line_of_long_key
from mxcheck.config.errors import ConfigError, key_name, refuse_tables
from mxcheck.config.lines import Path, find_lines, line_of
from mxcheck.config.model import FileTables
from mxcheck.config.plain_file import read_file, read_start

CONFIG_NAME = "mxcheck.toml"
PYPROJECT_NAME = "pyproject.toml"
_PYPROJECT_TABLE = ("tool", "mxcheck")
_TOO_LONG = 2**63
_LONG_NUMBER = re.compile(r"[0-9_]{4300,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """A config file that was read: its tables, and the line of each key.

    `name` is the path as the user knows it; `folder` is where the relative paths in it start.
    `unused` names the file that would have counted without this one.
    """

    tables: FileTables = field(default_factory=FileTables)
    name: str = ""
    folder: FilePath = FilePath()
    lines: dict[Path, int] = field(default_factory=dict)
    root: Path = ()
    unused: str = ""
    by_domain: dict[str, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Find the tables of each domain."""
        for index, table in enumerate(self.tables.domain):
            self.by_domain.setdefault(table.name, []).append(index)

    def has_own_policy(self, domain: str) -> bool:
        """Return whether a table [[domain]] says more of a domain than its name."""
        tables = (self.tables.domain[index] for index in self.tables_of(domain))
        return any(table.model_fields_set > {"name"} for table in tables)

    def tables_of(self, domain: str) -> list[int]:
        """Return the indexes of the tables [[domain]] that are about a domain."""
        return self.by_domain.get(domain, [])

    def line(self, path: Path) -> int:
        """Return the line of a key, or of the nearest table around it."""
        return line_of(self.lines, (*self.root, *path))

    def location(self, path: Path) -> str:
        """File, line and key, as messages begin with them."""
        location = f"{self.name}:{self.line(path)}"
        return f"{location}: {key_name(path)}" if path else location


def working_folder() -> FilePath:
    """Return the folder in which the run works; ConfigError if somebody has removed it."""
    try:
        return FilePath.cwd()
    except OSError as error:
        reason = f"cannot be used: {error.strerror}; change to one that is there"
        raise ConfigError([f"the working folder {reason}"]) from None


def read_config_file(named: str | None, folder: FilePath) -> ConfigFile:
    """Return the file that was named, else the one in the folder, else one that says nothing.

    ConfigError holds every fault of the file, in the order of its lines.
    """
    if named is not None:
        return _read(named, folder)
    # A link that leads nowhere is there, and cannot be read.
    if os.path.lexists(folder / CONFIG_NAME):
        return replace(_read(CONFIG_NAME, folder), unused=_name_of_unused(folder))
    return _read_pyproject(folder)


def _read_pyproject(folder: FilePath) -> ConfigFile:
    if (folder / PYPROJECT_NAME).is_file() and _mentions_mxcheck(folder):
        return _read(PYPROJECT_NAME, folder, must_speak=False)
    return ConfigFile()


def _name_of_unused(folder: FilePath) -> str:
    try:
        return _read_pyproject(folder).name
    except ConfigError:  # it says something, although not what it should
        return PYPROJECT_NAME


def _mentions_mxcheck(folder: FilePath) -> bool:
    try:
        return b"mxcheck" in read_start(PYPROJECT_NAME, folder, MAX_CONFIG_FILE)
    except ValueError as error:
        raise ConfigError([f"{PYPROJECT_NAME}: {error}"]) from None


def read_text(name: str, folder: FilePath, most: int) -> str:
    """Return the text of a file of `most` bytes; ConfigError if it cannot be read."""
    return _decode(_read_bytes(name, folder, most), name)


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError([f"{name}:{line}: is not UTF-8 text"]) from None


def _read_bytes(name: str, folder: FilePath, most: int) -> bytes:
    try:
        return read_file(name, folder, most)
    except ValueError as error:
        raise ConfigError([f"{name}: {error}"]) from None


def _read(name: str, folder: FilePath, *, must_speak: bool = True) -> ConfigFile:
    text = _decode(_read_bytes(name, folder, MAX_CONFIG_FILE), name)
    is_pyproject = FilePath(name).name == PYPROJECT_NAME
    root = _PYPROJECT_TABLE if is_pyproject else ()
    tables = _below(_parse(text, name), root)
    if tables is None:
        if must_speak:
            raise ConfigError([f"{name}:1: has no table [{'.'.join(root)}]"])
        return ConfigFile()
    file = ConfigFile(name=name, folder=(folder / name).parent, lines=find_lines(text), root=root)
    return _validate(file, tables)


def _parse(text: str, name: str) -> dict[str, Any]:
    if long_key := line_of_long_key(text):
        reason = f"a key of more than {MAX_KEY_PARTS} parts"
        raise ConfigError([f"{name}:{long_key}: is refused: {reason}"])
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = re.search(r" \(at line (\d+), column \d+\)$", message)
        line = found[1] if found else text.count("\n") + 1
        reason = message[: found.start()] if found else message
        raise ConfigError([f"{name}:{line}: is not TOML: {reason}"]) from None
    except RecursionError:
        raise ConfigError([f"{name}:1: is not TOML: nested too deeply"]) from None
    except ValueError:  # Python reads 4300 decimal digits, and no more
        found = _LONG_NUMBER.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        raise _number_is_too_long(name, line) from None
    for path in _long_numbers(document):
        raise _number_is_too_long(name, line_of(find_lines(text), path))
    return document


def _number_is_too_long(name: str, line: int) -> ConfigError:
    return ConfigError([f"{name}:{line}: is not TOML: a number is too long"])


def _long_numbers(document: object) -> Iterator[Path]:
    """Yield where numbers are that TOML does not have: its integers are of 64 bits."""
    waiting: list[tuple[Path, object]] = [((), document)]  # dotted keys nest as deep as they like
    while waiting:
        path, value = waiting.pop()
        match value:
            case int() if not -_TOO_LONG <= value < _TOO_LONG:
                yield path
            case dict():
                waiting += (((*path, key), item) for key, item in value.items())
            case list():
                waiting += (((*path, index), item) for index, item in enumerate(value))


def _below(document: dict[str, Any], root: tuple[str, ...]) -> Any:  # noqa: ANN401 - TOML is
    tables: Any = document
    for key in root:
        tables = tables.get(key) if isinstance(tables, dict) else None
    return tables


def _validate(file: ConfigFile, tables: object) -> ConfigFile:
    try:
        valid = FileTables.model_validate(tables)
    except ValidationError as error:
        raise refuse_tables(error, file.line, file.location) from None
    return replace(file, tables=valid)
