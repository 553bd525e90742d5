"""The config file: which one it is, and what it says, each fault with its line."""

import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from mxcheck.config.errors import ConfigError, faults, key_name
from mxcheck.config.lines import Path, find_lines, line_of
from mxcheck.config.model import FileTables

CONFIG_NAME = "mxcheck.toml"
PYPROJECT_NAME = "pyproject.toml"
_PYPROJECT_TABLE = ("tool", "mxcheck")
_LONG_NUMBER = re.compile(r"[0-9_]{4300,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigFile:
    """A config file that was read: its tables, and the line of each key.

    `name` is the path as the user knows it; `folder` is where the relative paths in it start.
    """

    tables: FileTables = field(default_factory=FileTables)
    name: str = ""
    folder: FilePath = FilePath()
    lines: dict[Path, int] = field(default_factory=dict)
    root: Path = ()

    def line(self, path: Path) -> int:
        """The line of a key, or of the nearest table around it."""
        return line_of(self.lines, (*self.root, *path))

    def place(self, path: Path) -> str:
        """File, line and key, as they stand in front of a message."""
        place = f"{self.name}:{self.line(path)}"
        return f"{place}: {key_name(path)}" if path else place


def read_config_file(named: str | None, folder: FilePath) -> ConfigFile:
    """The file that was named, else the one in the folder, else one that says nothing.

    ConfigError holds every fault of the file, in the order of its lines.
    """
    if named is not None:
        return _read(named, folder)
    if (folder / CONFIG_NAME).exists():
        return _read(CONFIG_NAME, folder)
    is_there = (folder / PYPROJECT_NAME).is_file()
    if is_there and b"mxcheck" in _read_bytes(PYPROJECT_NAME, folder):
        return _read(PYPROJECT_NAME, folder, must_speak=False)
    return ConfigFile()


def read_text(name: str, folder: FilePath) -> str:
    """The text of a file, for messages by its name; ConfigError where it cannot be read."""
    data = _read_bytes(name, folder)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError([f"{name}:{line}: is not UTF-8 text"]) from None


def _read_bytes(name: str, folder: FilePath) -> bytes:
    try:
        return (folder / name).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ConfigError([f"{name}: cannot be read: {reason}"]) from None


def _read(name: str, folder: FilePath, *, must_speak: bool = True) -> ConfigFile:
    text = read_text(name, folder)
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
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = re.search(r" \(at line (\d+), column \d+\)$", message)
        line = found[1] if found else text.count("\n") + 1
        reason = message[: found.start()] if found else message
        raise ConfigError([f"{name}:{line}: is not TOML: {reason}"]) from None
    except RecursionError:
        raise ConfigError([f"{name}:1: is not TOML: nested too deeply"]) from None
    except ValueError:
        # Python reads no more than 4300 decimal digits, and TOML calls for 64 bits.
        found = _LONG_NUMBER.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        raise ConfigError([f"{name}:{line}: is not TOML: a number is too long"]) from None


def _below(document: dict[str, Any], root: tuple[str, ...]) -> Any:  # noqa: ANN401 - TOML is
    tables: Any = document
    for key in root:
        tables = tables.get(key) if isinstance(tables, dict) else None
    return tables


def _validate(file: ConfigFile, tables: object) -> ConfigFile:
    try:
        valid = FileTables.model_validate(tables)
    except ValidationError as error:
        found = sorted(faults(error), key=lambda fault: file.line(fault[0]))
        raise ConfigError(f"{file.place(path)}: {message}" for path, message in found) from None
    return replace(file, tables=valid)
