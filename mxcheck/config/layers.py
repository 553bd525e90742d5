"""What the file, the environment and the command line say, laid over one another."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from mxcheck.config.errors import Faults, refuse_tables
from mxcheck.config.file import ConfigFile, read_config_file
from mxcheck.config.flag_texts import (
    parse_texts,
    refuse_blank,
    refuse_empty,
)
from mxcheck.config.flags import FLAGS, Flag, Flags, Section
from mxcheck.config.lines import Path as TomlPath
from mxcheck.config.model import GivenTables, Table

NameOf: TypeAlias = Callable[[Flag], str]
"""What messages call an option: the flag, or its variable."""

_IN_TABLES = {Section.POLICY, Section.PROBE, Section.SCREEN}
_BY_KEY = {(str(flag.section), flag.key): flag for flag in FLAGS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The keys of one table that one source gives; later layers win over earlier ones.

    `location` names the place of a key; relative paths start in `folder`, and files that a confined
    layer names lie below it.
    """

    given: Mapping[str, Any]
    location: Callable[[str], str]
    folder: Path
    confined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All that is said about a run; `folder` is where the paths of flags and variables start.

    `inputs` are the variables that a pipeline filled from its inputs: messages name those.
    """

    file: ConfigFile
    environment: Flags
    command_line: Flags
    from_environment: GivenTables
    from_command_line: GivenTables
    folder: Path
    inputs: frozenset[str] = frozenset()

    def policy_layers(self, domain: str = "") -> list[Layer]:
        """Return the layers of the policy: of the run, or of one domain."""
        tables = self.file.tables
        own = [
            self._file_layer(tables.domain[index], ("domain", index))
            for index in self.file.tables_of(domain)
        ]
        return [self._file_layer(tables.policy, ("policy",)), *own, *self._given(Section.POLICY)]

    def probe_layers(self) -> list[Layer]:
        """Return the layers of what steers the probe."""
        file = self._file_layer(self.file.tables.probe, ("probe",))
        return [file, *self._given(Section.PROBE)]

    def screen_layers(self) -> list[Layer]:
        """Return the layers of what the screen shows."""
        return self._given(Section.SCREEN)

    def texts(self, flag: Flag) -> tuple[str, ...]:
        """Return the texts of a flag, or those of its variable; none where both are silent."""
        return self.command_line.get(flag.key) or self.environment.get(flag.key) or ()

    def name_of(self, flag: Flag) -> str:
        """Return the flag where it was used, else its variable."""
        return flag_name(flag) if self.command_line.get(flag.key) else self._given_name(flag)

    def _given_name(self, flag: Flag) -> str:
        return variable_name(flag, self.inputs)

    def _file_layer(self, table: Table, path: TomlPath) -> Layer:
        return Layer(
            given=table.given(),
            location=lambda key: self.file.location((*path, key)),
            folder=self.file.folder,
            confined=True,
        )

    def _given(self, section: Section) -> list[Layer]:
        named: tuple[tuple[GivenTables, NameOf], ...] = (
            (self.from_environment, self._given_name),
            (self.from_command_line, flag_name),
        )
        return [
            self._given_layer(getattr(tables, section), section, name) for tables, name in named
        ]

    def _given_layer(self, table: Table, section: Section, name_of: NameOf) -> Layer:
        return Layer(
            given=table.given(),
            location=lambda key: name_of(_BY_KEY[section, key]),
            folder=self.folder,
        )


def flag_name(flag: Flag) -> str:
    """Return what messages call an option that stood on the command line."""
    return flag.shown


def variable_name(flag: Flag, inputs: Collection[str]) -> str:
    """Return what messages call an option that stood in the environment, or in an input."""
    return f"the input {flag.input}" if flag.variable in inputs else flag.variable


def read_sources(
    command_line: Flags,
    environment: Flags,
    folder: Path,
    found: Faults,
    *,
    inputs: frozenset[str] = frozenset(),
    with_file: bool = True,
) -> Sources:
    """Return what each source says.

    What is wrong goes to `found`, and nothing takes its place.
    """

    def read_file() -> ConfigFile:
        named = command_line.get("config") or environment.get("config") or (None,)
        return read_config_file(named[-1], folder) if with_file else ConfigFile()

    return Sources(
        file=found.attempt(read_file, ConfigFile()),
        environment=environment,
        command_line=command_line,
        from_environment=found.attempt(
            lambda: _read_given(environment, partial(variable_name, inputs=inputs)), GivenTables()
        ),
        from_command_line=found.attempt(
            lambda: _read_given(command_line, flag_name), GivenTables()
        ),
        folder=folder,
        inputs=inputs,
    )


def merge(layers: Sequence[Layer]) -> dict[str, Any]:
    """Return all keys, from the last layer that gives each; `levels` are merged rule by rule."""
    merged: dict[str, Any] = {}
    for layer in layers:
        levels = merged.get("levels", {}) | layer.given.get("levels", {})
        merged |= layer.given
        if levels:
            merged["levels"] = levels
    return merged


def giver(layers: Sequence[Layer], *keys: str) -> Layer | None:
    """Return the layer that has the last word on any of these keys, if one speaks of them."""
    speaking = [layer for layer in layers if layer.given.keys() & set(keys)]
    return speaking[-1] if speaking else None


def _read_given(flags: Flags, name_of: NameOf) -> GivenTables:
    found = Faults()
    tables: dict[str, dict[str, object]] = {}
    for flag in FLAGS:
        if flag.section in _IN_TABLES and flag.key in flags:
            try:
                if flag.kind.repeatable:
                    refuse_blank(flags[flag.key])
                value = parse_texts(flag.kind, flags[flag.key])
                refuse_empty(flag, value)
            except ValueError as error:
                found.add(f"{name_of(flag)}: {error}")
            else:
                tables.setdefault(str(flag.section), {})[flag.key] = value
    valid = found.attempt(lambda: _validate(tables, name_of), GivenTables())
    found.raise_any()
    return valid


def _validate(tables: dict[str, dict[str, object]], name_of: NameOf) -> GivenTables:
    try:
        return GivenTables.model_validate(tables)
    except ValidationError as error:
        raise refuse_tables(
            error, lambda _: 0, lambda path: name_of(_BY_KEY[str(path[0]), str(path[1])])
        ) from None
