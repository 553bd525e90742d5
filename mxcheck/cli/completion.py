"""What a shell offers for the values of flags and arguments; for paths it offers files itself."""

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

from mxcheck.config.flags import Flag, Kind

Completer: TypeAlias = Callable[[str], list[tuple[str, str]]]
"""Returns the values that begin with a text, each with a word about it."""

_CHOICES = re.compile(r"[\w.-]+(?:\|[\w.-]+)+")
_LEVELS = ("error", "warning", "off")
# The rules take a while to import: only a shell that asks for them waits for that.
# ruff: noqa: PLC0415


def completer_of(flag: Flag) -> Completer | None:
    """Return the completer of a flag; None for paths, and where only the user knows the value."""
    if flag.key in {"select", "ignore"}:
        return complete_rules
    if flag.key == "require":
        return _complete_requirements
    if flag.kind is Kind.LEVELS:
        return _complete_levels
    if flag.metavar and _CHOICES.fullmatch(flag.metavar):
        return _complete_choices(flag.metavar.split("|"))
    return None


def complete_rules(incomplete: str) -> list[tuple[str, str]]:
    """Return ids of rules and families; after a comma, of the next in a list."""
    from mxcheck.rules import RULES

    known = {rule.family.value: "a family of rules" for rule in RULES}
    known |= {rule.id: rule.title for rule in RULES}
    return [*_next_of_list(incomplete, known)]


def complete_schemas(incomplete: str) -> list[tuple[str, str]]:
    """Return the names of schemas."""
    return _complete_choices(["config", "report", "evidence"])(incomplete)


def _complete_requirements(incomplete: str) -> list[tuple[str, str]]:
    from mxcheck.rules import REQUIREMENTS

    return [*_next_of_list(incomplete, dict.fromkeys(REQUIREMENTS, ""))]


def _complete_levels(incomplete: str) -> list[tuple[str, str]]:
    from mxcheck.rules import RULES

    rule, equals, _ = incomplete.partition("=")
    if equals:
        return [(f"{rule}={level}", "") for level in _LEVELS]
    return [(f"{rule.id}=", rule.title) for rule in RULES]


def _complete_choices(choices: list[str]) -> Completer:
    def complete(incomplete: str) -> list[tuple[str, str]]:
        return [(choice, "") for choice in choices if choice.startswith(incomplete)]

    return complete


def _next_of_list(incomplete: str, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    before, comma, _ = incomplete.rpartition(",")
    given = set(before.split(","))
    for name, about in known.items():
        if name not in given:
            yield f"{before}{comma}{name}", about
