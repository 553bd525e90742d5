"""The domains to check: from the arguments, a file of names and the config file, together."""

from typing import TextIO, TypeAlias

from mxcheck.config.errors import ConfigError, Faults
from mxcheck.config.file import ConfigFile, read_text
from mxcheck.config.flags import DOMAINS, DOMAINS_FILE
from mxcheck.config.layers import Sources
from mxcheck.wire.domain_name import parse_domain

PlacedName: TypeAlias = tuple[str, str]
"""The place of a domain's name, for messages, and the name as it is written there."""

STDIN = "-"
_NO_NAMES: list[PlacedName] = []
NOTHING_TO_CHECK = (
    f"nothing to check: name a domain as an argument, in {DOMAINS.variable}, in the file of "
    f"{DOMAINS_FILE.shown}, or as a [[domain]] of the config file"
)


def gather_domains(sources: Sources, stdin: TextIO | None) -> tuple[str, ...]:
    """The names in A-labels, each once; ConfigError names the place of every bad one."""
    found = Faults()
    names: list[str] = []
    placed = [*_named(sources), *found.attempt(lambda: _listed(sources, stdin), _NO_NAMES)]
    for place, text in placed:
        try:
            names.append(parse_domain(text))
        except ValueError as error:
            found.add(f"{place}: {error}")
    found.raise_any()
    configured = [table.name for table in sources.file.tables.domain]
    return tuple(dict.fromkeys([*names, *configured]))


def refuse_twice(file: ConfigFile) -> None:
    """Two tables for one domain could contradict each other: ConfigError."""
    found = Faults()
    first: dict[str, int] = {}
    for index, table in enumerate(file.tables.domain):
        line = file.line(("domain", index, "name"))
        if table.name in first:
            place = file.place(("domain", index, "name"))
            found.add(f'{place}: "{table.name}" stands on line {first[table.name]} already')
        first.setdefault(table.name, line)
    found.raise_any()


def _named(sources: Sources) -> list[PlacedName]:
    return [(sources.name_of(DOMAINS), text) for text in sources.texts(DOMAINS) if text.strip()]


def _listed(sources: Sources, stdin: TextIO | None) -> list[PlacedName]:
    """The names in the file of --domains-file, one a line, `#` for comments."""
    listed: list[PlacedName] = []
    for name in sources.texts(DOMAINS_FILE)[-1:]:
        is_stdin = name == STDIN
        text = _read_stdin(stdin) if is_stdin else read_text(name, sources.folder)
        for number, line in enumerate(text.split("\n"), start=1):
            domain = line.partition("#")[0].strip()
            if domain:
                listed.append((f"{'stdin' if is_stdin else name}:{number}", domain))
    return listed


def _read_stdin(stdin: TextIO | None) -> str:
    if stdin is None:
        raise ConfigError(["stdin: is closed"])
    try:
        return stdin.read()
    except UnicodeDecodeError:
        raise ConfigError(["stdin: is not UTF-8 text"]) from None
