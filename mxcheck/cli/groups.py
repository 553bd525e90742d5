"""The commands as Typer classes: plain help, and hints where a command was left out."""

from typing import Any

from typer.core import TyperCommand, TyperGroup

from mxcheck.cli.help import Context, help_text
from mxcheck.config.flags import FLAGS
from mxcheck.console.streams import print_text
from mxcheck.model.exit_codes import EXIT_USAGE

_NAMES = frozenset(name for flag in FLAGS for name in "/".join(flag.declared).split("/"))


class PlainCommand(TyperCommand):
    """A command whose help is plain text."""

    def format_help(self, ctx: Context, formatter: Any) -> None:  # noqa: ANN401 - see Context
        """Write the help text."""
        formatter.write(help_text(ctx))

    def get_help_option(self, ctx: Context) -> Any:  # noqa: ANN401 - see Context
        """Return the option, which prints the help as all else is printed."""
        return _printing(super().get_help_option(ctx))

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """Return the words of the usage line; Typer puts required arguments in braces."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


class PlainGroup(TyperGroup):
    """The program: it names the command that was meant if there is none."""

    def format_help(self, ctx: Context, formatter: Any) -> None:  # noqa: ANN401 - see Context
        """Write the help text."""
        formatter.write(help_text(ctx))

    def get_help_option(self, ctx: Context) -> Any:  # noqa: ANN401 - see Context
        """Return the option, which prints the help as all else is printed."""
        return _printing(super().get_help_option(ctx))

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Parse what is before the command; a flag of a command is named as that."""
        if not args and not ctx.resilient_parsing:
            print_text(ctx.get_help())
            ctx.exit(EXIT_USAGE)
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            name = getattr(error, "option_name", "")
            if name in _NAMES and hasattr(error, "message"):
                error.message = f"{name} comes after a command: mxcheck check {name} …"
            raise

    def resolve_command(self, ctx: Context, args: list[str]) -> Any:  # noqa: ANN401 - see Context
        """Return the command; a domain in its place is answered with the command that was meant."""
        if not ctx.resilient_parsing and self.get_command(ctx, args[0]) is None:
            meant = _command_meant(args[0])
            if meant:
                ctx.fail(f"No such command {args[0]!r}. {meant}")
        return super().resolve_command(ctx, args)


def _printing(option: Any) -> Any:  # noqa: ANN401 - see Context
    def show(ctx: Context, _option: Any, asked: Any) -> None:  # noqa: ANN401 - see Context
        if asked and not ctx.resilient_parsing:
            print_text(ctx.get_help())
            ctx.exit()

    option.callback = show
    return option


def _command_meant(word: str) -> str:
    """Return a sentence with the command for a domain, or for what looks like one; or nothing."""
    # Only a command that is not there needs them.
    from mxcheck.config.names import split_names  # noqa: PLC0415
    from mxcheck.wire.domain_name import NotADomainError, parse_domain  # noqa: PLC0415

    try:
        names = [parse_domain(name) for name in split_names(word)]
    except NotADomainError:
        looks_like_one = any(mark in word for mark in ".:@")
        return "To check a domain: mxcheck check example.com" if looks_like_one else ""
    return f"To check a domain: mxcheck check {' '.join(names)}" if names else ""
