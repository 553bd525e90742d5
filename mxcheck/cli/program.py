"""The commands as one program, in Typer's terms: arguments become a call."""

from typing import Annotated

import typer

from mxcheck import __version__
from mxcheck.cli.commands import check, config, demo, doctor, explain, init, judge, rules, schema
from mxcheck.cli.groups import PlainCommand, PlainGroup
from mxcheck.console.streams import complain, print_text
from mxcheck.model.exit_codes import EXIT_INTERRUPTED, EXIT_USAGE

commands = typer.Typer(
    help="Check the mail side of a domain: MX, port 25, STARTTLS, certificate, open relay.",
    cls=PlainGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


def run_command() -> int:
    """Run the command that the arguments name, and return its exit code."""
    try:
        code: int = commands(prog_name="mxcheck", standalone_mode=False)
    except typer.Abort:
        return EXIT_INTERRUPTED
    except Exception as error:
        # Typer keeps the class of its usage errors to itself, and would print them as they are.
        if hasattr(error, "format_message"):
            return _misused(error.format_message(), getattr(error, "ctx", None))
        raise
    return code


def _misused(message: str, context: typer.Context | None) -> int:
    """Say what is wrong with the command line, which may hold a password; the exit code."""
    from mxcheck.model.quoting import mask_userinfo  # noqa: PLC0415 - seldom needed

    if context:
        complain(f"{context.get_usage()}\nTry '{context.command_path} --help' for help.")
    complain(f"mxcheck: {mask_userinfo(message)}")
    return EXIT_USAGE


def _show_version(asked: bool) -> None:  # noqa: FBT001 - Typer calls it
    if asked:
        print_text(f"mxcheck {__version__}")
        raise typer.Exit


@commands.callback()
def _every_command(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    pass


for _command in (
    check.check,
    judge.judge,
    rules.rules,
    explain.explain,
    init.init,
    schema.schema,
    config.config,
    doctor.doctor,
    demo.demo,
):
    commands.command(cls=PlainCommand)(_command)
