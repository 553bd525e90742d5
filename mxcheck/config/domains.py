"""The domains to check: from the arguments, a file of names and the config file, together."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TextIO

from mxcheck.config.errors import ConfigError, Faults
from mxcheck.config.file import ConfigFile, read_text
from mxcheck.config.flag_texts import refuse_blank
from mxcheck.config.flags import DOMAINS, DOMAINS_FILE
from mxcheck.config.layers import Sources
from mxcheck.config.names import split_names
from mxcheck.wire.domain_name import NotADomainError, parse_domain


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedName:
    """A domain's name as it is written, and where: in words for messages, and as file and line."""

    text: str
    where: str
    file: str = ""
    line: int = 0


STDIN = "-"
MAX_NAMES = 16 * 1024 * 1024
"""Bytes of a list of domains."""
_NO_NAMES: list[LocatedName] = []
NOTHING_TO_CHECK = (
    f"nothing to check: name a domain as an argument, in {DOMAINS.variable}, in the file of "
    f"{DOMAINS_FILE.shown}, or as a [[domain]] of the config file"
)
_NOTHING_IN_INPUTS = (
    f"nothing to check: name a domain in the input {DOMAINS.input}, or as a [[domain]] of the"
    " config file, which has to be in the checkout"
)


def gather_domains(sources: Sources, stdin: TextIO | None) -> dict[str, LocatedName]:
    """Return the names in A-labels, each once, with the line that tells most about it.

    ConfigError names the place of every bad one.
    """
    found = Faults()
    domains: dict[str, LocatedName] = {}
    faults: dict[str, None] = {}  # a line of several names may repeat one
    located = [
        *found.attempt(lambda: _named(sources), _NO_NAMES),
        *found.attempt(lambda: _listed(sources, stdin), _NO_NAMES),
    ]
    for name in located:
        try:
            domains.setdefault(parse_domain(name.text), name)
        except NotADomainError as error:
            # Any file of the machine may be named, or linked to: what is not a list of domains
            # is not shown.
            faults[f"{name.where}: {error.reason if name.file else error}"] = None
    for fault in faults:
        found.add(fault)
    found.raise_any()
    return domains | _configured(sources.file)


def nothing_to_check(inputs: Collection[str]) -> str:
    """Say where domains may be named: with the variables that inputs filled, in those inputs."""
    return _NOTHING_IN_INPUTS if inputs else NOTHING_TO_CHECK


def refuse_twice(file: ConfigFile) -> None:
    """Raise ConfigError for two tables of one domain, which could contradict each other."""
    found = Faults()
    first: dict[str, int] = {}
    for index, table in enumerate(file.tables.domain):
        line = file.line(("domain", index, "name"))
        if table.name in first:
            location = file.location(("domain", index, "name"))
            found.add(f'{location}: "{table.name}" stands on line {first[table.name]} already')
        first.setdefault(table.name, line)
    found.raise_any()


def _configured(file: ConfigFile) -> dict[str, LocatedName]:
    domains = {}
    for index, table in enumerate(file.tables.domain):
        path = ("domain", index, "name")
        domains[table.name] = LocatedName(
            text=table.name, where=file.location(path), file=file.name, line=file.line(path)
        )
    return domains


def _named(sources: Sources) -> list[LocatedName]:
    where, texts = sources.name_of(DOMAINS), sources.texts(DOMAINS)
    try:
        refuse_blank(texts)
    except ValueError as error:
        raise ConfigError([f"{where}: {error}"]) from None
    names = [name for text in texts for name in split_names(text)]
    if texts and not names:
        raise ConfigError([f"{where}: names no domain"])
    return [LocatedName(text=name, where=where) for name in names]


def _listed(sources: Sources, stdin: TextIO | None) -> list[LocatedName]:
    """Return the names in the file of --domains-file; `#` begins a comment."""
    listed: list[LocatedName] = []
    for name in sources.texts(DOMAINS_FILE)[-1:]:
        is_stdin = name == STDIN
        text = _read_stdin(stdin) if is_stdin else read_text(name, sources.folder, MAX_NAMES)
        for number, line in enumerate(text.split("\n"), start=1):
            listed += (
                _listed_name(domain, "" if is_stdin else name, number)
                for domain in split_names(line.partition("#")[0].strip())
            )
    return listed


def _listed_name(text: str, file: str, line: int) -> LocatedName:
    return LocatedName(text=text, where=f"{file or 'stdin'}:{line}", file=file, line=line)


def _read_stdin(stdin: TextIO | None) -> str:
    if stdin is None:
        raise ConfigError(["stdin: is closed"])
    try:
        text = stdin.read(MAX_NAMES + 1)
    except UnicodeDecodeError:
        raise ConfigError(["stdin: is not UTF-8 text"]) from None
    if len(text) > MAX_NAMES:
        raise ConfigError([f"stdin: is larger than {MAX_NAMES} bytes"])
    return text
