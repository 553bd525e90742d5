"""Help texts of the commands: plain text that fits a terminal of 80 columns, or a log."""

import shutil
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any, TypeAlias

from mxcheck.cli.examples import EXAMPLES, EXIT_CODES_OF

Context: TypeAlias = Any
"""Typer keeps the types of contexts and parameters to itself."""

_NARROWEST = 60
_WIDEST = 100
_NAMES = 28
"""Columns for the names of flags; a longer one has a line of its own."""
_COMMANDS = "Commands"
_OF_COMMANDS = 10

_VARIABLES = (
    "Each flag has a variable too: MXCHECK_MIN_TLS for --min-tls, MXCHECK_IPV4 for -4. A flag wins "
    "over its variable, and the variable over the config file."
)


def help_text(context: Context) -> str:
    """Return the help of the command of a context."""
    columns = shutil.get_terminal_size().columns
    return "\n".join(_lines(context, max(_NARROWEST, min(columns, _WIDEST)) - 1))


def _lines(context: Context, width: int) -> Iterator[str]:
    command = context.command
    name = "mxcheck" if _commands(command) else command.name
    yield from wrap(command.get_usage(context).replace("\n", " "), width, subsequent_indent="    ")
    yield ""
    yield from wrap(command.help or "", width)
    for title, rows in _groups(context):
        yield f"\n{title}:"
        left = _OF_COMMANDS if title == _COMMANDS else _NAMES
        for names, text in rows:
            yield from _row(names, text, left, width)
    yield from _ending(name, width)


def _groups(context: Context) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield commands, arguments and the groups of options, each with its rows."""
    command = context.command
    if subcommands := _commands(command):
        yield _COMMANDS, [(name, sub.help or "") for name, sub in subcommands.items()]
    groups: dict[str, list[tuple[str, str]]] = {}
    for parameter in command.get_params(context):
        if parameter.param_type_name == "option":
            title = getattr(parameter, "rich_help_panel", None) or "Options"
            names = _option_names(parameter)
        else:
            title, names = "Arguments", " ".join(parameter.get_usage_pieces(context)).strip("{}")
        groups.setdefault(title, []).append((names, parameter.help or ""))
    yield from groups.items()


def _commands(command: Any) -> Mapping[str, Any]:  # noqa: ANN401 - see Context
    return getattr(command, "commands", {})


def _option_names(option: Any) -> str:  # noqa: ANN401 - see Context
    names = sorted(option.opts, key=len)
    text = ", ".join(names) + "".join(f" / {name}" for name in option.secondary_opts)
    return text if option.is_flag else f"{text} {option.metavar or 'TEXT'}"


def _row(names: str, text: str, left: int, width: int) -> Iterator[str]:
    indent = " " * (left + 2)
    lines = [f"{indent}{line}" for line in wrap(text, width - len(indent))]
    if len(names) <= left - 2 and lines:
        lines[0] = f"  {names:<{left}}{lines[0].strip()}"
    else:
        yield f"  {names}"
    yield from lines


def _ending(name: str, width: int) -> Iterator[str]:
    """Yield exit codes and examples; of `check` and its like, what holds for all flags too."""
    if name in _WITH_VARIABLES:
        yield ""
        yield from wrap(_VARIABLES, width)
    if codes := EXIT_CODES_OF.get(name):
        yield "\nExit codes:"
        yield from _codes(codes, width)
    if examples := EXAMPLES.get(name):
        yield "\nExamples:"
        yield from (f"  {example}" for example in examples)


def _codes(codes: Mapping[int, str], width: int) -> Iterator[str]:
    for code, meaning in codes.items():
        yield from wrap(meaning, width, initial_indent=f"  {code:<5}", subsequent_indent=" " * 7)


_WITH_VARIABLES = frozenset({"check", "judge", "config", "demo", "doctor"})
