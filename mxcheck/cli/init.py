"""The files that `mxcheck init` writes: a config file with comments, its schema, a pipeline."""

import json
import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import chain
from typing import Any

from mxcheck.cli.schema import schema_text
from mxcheck.config.errors import Faults
from mxcheck.config.names import split_names
from mxcheck.wire.domain_name import parse_domain

SCHEMA_NAME = "mxcheck.schema.json"

_WIDTH = 98
_PLACEHOLDER = "example.com"
# Editors find the schema by a path from the file (Taplo, Even Better TOML), so it works offline.
_HEAD = f"""\
#:schema ./{SCHEMA_NAME}
# What mxcheck checks about the mail side of your domains. A key that is commented out shows its
# default or, if it says so, an example.
"""
_EXAMPLE = "  # an example"


def config_text(domains: Sequence[str]) -> str:
    """Write a config file for these domains (A-labels), with every key and what it does."""
    domain = domains[0] if domains else _PLACEHOLDER
    tables = json.loads(schema_text("config"))["definitions"]
    parts = (
        _HEAD,
        _table("policy", tables["PolicyTable"]["properties"], domain),
        _table("probe", tables["ProbeTable"]["properties"], domain),
        "# The domains to check. Every key of [policy] may be set here too, for one domain only.\n"
        + ("\n".join(map(_domain, domains)) or f'#[[domain]]\n#name = "{_PLACEHOLDER}"\n'),
        _starter("waiver.toml").format(domain=domain),
    )
    return "\n".join(parts)


def parse_domains(domains: Sequence[str]) -> list[str]:
    """Return the domains in A-labels, each once; ConfigError names what is not one."""
    found = Faults()
    parsed: dict[str, None] = {}
    for text in chain.from_iterable(map(split_names, domains)):
        try:
            parsed[parse_domain(text)] = None
        except ValueError as error:
            found.add(f"DOMAIN: {error}")
    found.raise_any()
    return list(parsed)


@cache
def _examples() -> Mapping[str, object]:
    return tomllib.loads(_starter("examples.toml"))


def _starter(name: str) -> str:
    return (resources.files("mxcheck.cli") / "starters" / name).read_text(encoding="utf-8")


def _domain(name: str) -> str:
    return f'[[domain]]\nname = "{name}"\n'


def _table(name: str, keys: Mapping[str, Any], domain: str) -> str:
    lines = [line for key, about in keys.items() for line in _key(key, about, domain)]
    return "\n".join([f"[{name}]", *lines, ""])


def _key(key: str, about: Mapping[str, Any], domain: str) -> Iterator[str]:
    """Yield what a key does, and the key with a value, all of it commented out."""
    words = about["description"]
    if choices := about.get("enum"):
        words = f"{words.removesuffix('.')}: {', '.join(choices)}."
    yield from textwrap.wrap(words, _WIDTH, initial_indent="# ", subsequent_indent="# ")
    if "default" in about:
        yield f"#{key} = {_toml(about['default'])}"
    else:
        yield f"#{key} = {_toml(_examples()[key]).replace('{domain}', domain)}{_EXAMPLE}"


def _toml(value: object) -> str:
    match value:
        case dict():
            pairs = (f'"{key}" = {_toml(item)}' for key, item in value.items())
            return f"{{ {', '.join(pairs)} }}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case _:
            # Text, numbers, true and false: TOML writes them as JSON does.
            return json.dumps(value)
