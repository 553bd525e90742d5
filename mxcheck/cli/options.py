"""The flags of the commands as Typer options, made from the one table of flags."""

import inspect
from collections.abc import Callable, Collection
from typing import Annotated, Any, TypeAlias

import typer

from mxcheck.cli.completion import completer_of
from mxcheck.config.flags import DOMAINS, FLAGS, Flag, Flags, Kind, Section
from mxcheck.model.policy import Policy
from mxcheck.probe.settings import ProbeSettings

Value: TypeAlias = str | bool | list[str] | None
Command: TypeAlias = Callable[..., None]

_DEFAULTS = {Section.POLICY: Policy(), Section.PROBE: ProbeSettings()}


def with_flags(
    *sections: Section, keys: Collection[str] = (), argument: inspect.Parameter | None = None
) -> Callable[[Command], Command]:
    """Give a command the flags of these sections, and those of these keys, as keyword arguments."""

    def decorate(command: Command) -> Command:
        flags = [flag for flag in FLAGS if flag.section in sections or flag.key in keys]
        parameters = [argument] if argument else []
        parameters += map(_option, flags)
        command.__dict__["__signature__"] = inspect.Signature(parameters)
        return command

    return decorate


def as_flags(values: dict[str, Value]) -> Flags:
    """Return the flags of the command line, as texts."""
    return {key: _texts(value) for key, value in values.items() if value is not None}


def _texts(value: Value) -> tuple[str, ...]:
    match value:
        case bool():
            return (str(value).lower(),)
        case list():
            return tuple(value)
        case _:
            return (str(value),)


def _option(flag: Flag) -> inspect.Parameter:
    option = typer.Option(
        *flag.declared,
        help=_help(flag),
        metavar=flag.metavar,
        show_default=False,
        rich_help_panel=flag.group,
        autocompletion=completer_of(flag),
    )
    return _parameter(flag, option)


def _argument(flag: Flag) -> inspect.Parameter:
    return _parameter(
        flag, typer.Argument(help=_help(flag), metavar=flag.metavar, show_default=False)
    )


def _parameter(flag: Flag, info: Any) -> inspect.Parameter:  # noqa: ANN401 - as Typer says
    kind: Any = bool if flag.kind is Kind.SWITCH else str
    annotation = list[str] if flag.kind.repeatable else kind
    return inspect.Parameter(
        flag.key,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[annotation | None, info],
    )


def _help(flag: Flag) -> str:
    default = getattr(_DEFAULTS.get(flag.section), flag.key, None)
    if default and isinstance(default, str | int | float) and flag.kind is not Kind.SWITCH:
        return f"{flag.help} (default {default})"
    return flag.help


ALL_DOMAINS = _argument(DOMAINS)
"""The arguments of `check`."""

SAVED_EVIDENCE = inspect.Parameter(
    "evidence",
    inspect.Parameter.KEYWORD_ONLY,
    annotation=Annotated[
        str,
        typer.Argument(
            help="What `mxcheck check --save-evidence` wrote; - is stdin.", metavar="EVIDENCE"
        ),
    ],
)
"""The argument of `judge`."""
