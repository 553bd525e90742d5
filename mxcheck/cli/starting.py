"""What `mxcheck init` does in a folder: which files it writes, which stay, what is left to do."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from mxcheck.cli.init import SCHEMA_NAME, config_text
from mxcheck.cli.pipelines import (
    GITHUB_NAME,
    PROJECT,
    Pipelines,
    addition,
    config_in_repository,
    top_of_repository,
)
from mxcheck.cli.schema import schema_text
from mxcheck.config.errors import ConfigError
from mxcheck.config.file import CONFIG_NAME, PYPROJECT_NAME, ConfigFile, read_config_file
from mxcheck.console.new_files import write_missing
from mxcheck.report.escape import for_terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What to begin with, in which folder; the domains are A-labels."""

    domains: Sequence[str]
    folder: Path
    pipelines: Pipelines

    @property
    def top(self) -> Path:
        """Return the top of the repository, where pipelines are."""
        return top_of_repository(self.folder)


def begin(start: Start) -> Iterator[str]:
    """Write the files that are missing; return lines that say what was written and what is left.

    ConfigError or NotWrittenError if nothing was written.
    """
    start.pipelines.ensure_whole()
    before = _config_before(start.folder)
    files = _files(start, before.name or CONFIG_NAME)
    written = write_missing(files)
    return _account(start, before, files, written)


def _config_before(folder: Path) -> ConfigFile:
    """Return the config file that is there; one that cannot be read has only its name."""
    if not os.path.lexists(folder / CONFIG_NAME):
        return read_config_file(None, folder)
    try:
        return read_config_file(None, folder)
    except ConfigError:
        return ConfigFile(name=CONFIG_NAME)


def _files(start: Start, config: str) -> dict[Path, str]:
    files = {}
    if config == CONFIG_NAME:
        files[start.folder / CONFIG_NAME] = config_text(start.domains)
        files[start.folder / SCHEMA_NAME] = schema_text("config")
    for name in start.pipelines.names:
        path = config_in_repository(start.folder, start.top, config)
        files[start.top / name] = start.pipelines.text(name, path)
    return files


def _account(
    start: Start, before: ConfigFile, files: dict[Path, str], written: frozenset[Path]
) -> Iterator[str]:
    if before.name == PYPROJECT_NAME:
        yield f"kept {_shown(start.folder / before.name)}: its [tool.mxcheck] is the config file"
    for path in files:
        yield f"wrote {_shown(path)}" if path in written else f"kept {_shown(path)}"
    blocks = list(_blocks(start, before, files, written))
    yield from blocks
    yield from _next(start, before, is_pasted=bool(blocks))


def _blocks(
    start: Start, before: ConfigFile, files: dict[Path, str], written: frozenset[Path]
) -> Iterator[str]:
    """Yield what to add to each file that was kept."""
    held = {table.name for table in before.tables.domain}
    if before.name and (new := [name for name in start.domains if name not in held]):
        table = ".".join((*map(str, before.root), "domain"))
        text = "\n".join(f'[[{table}]]\nname = "{name}"\n' for name in new)
        yield _block(_shown(start.folder / before.name), text)
    for name in start.pipelines.names:
        path = start.top / name
        if path not in written and "mxcheck@" not in _text(path):
            text = addition(name, files[path])
            key = text.partition(":")[0]
            yield _block(f"{_shown(path)} (if it has `{key}:`, below that)", text)
    schema = start.folder / SCHEMA_NAME
    if schema in files and schema not in written and _text(schema) != files[schema]:
        text = f"mxcheck schema config > {_shown(schema)}"
        yield f"\n{_shown(schema)} differs from what this version writes. To replace it: {text}\n"


def _block(place: str, text: str) -> str:
    return f"\nTo add to {place}:\n\n{indent(text, '    ')}"


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _next(start: Start, before: ConfigFile, *, is_pasted: bool) -> Iterator[str]:
    """Yield what is left to do, in two lines."""
    config = _shown(start.folder / (before.name or CONFIG_NAME))
    edits = ["add what is shown above"] if is_pasted else []
    if not start.domains and not before.tables.domain:
        edits.append(f"name your domains in {config}")
    named = [name for name in start.pipelines.names if PROJECT in _text(start.top / name)]
    if named:
        files = " and ".join(_shown(start.top / name) for name in named)
        given = f": {start.pipelines.source}" if start.pipelines.source else ""
        edits.append(f"say in {files} where mxcheck comes from (OWNER, REF{given})")
    workflow = start.top / GITHUB_NAME
    if start.pipelines.self_hosted and "self-hosted, " not in _text(workflow):
        change = "`runs-on: [self-hosted, linux]`, without no-smtp"
        edits.append(f"let the job in {_shown(workflow)} use your runner ({change})")
    yield f"Next: {', and '.join(edits) or f'look through {config}'}."
    yield "Then: mxcheck check; with --no-smtp if outbound port 25 is closed (see mxcheck doctor)."


def _shown(path: Path) -> str:
    """Return a path as the user would type it here."""
    return for_terminal(os.path.relpath(path))
