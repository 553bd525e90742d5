"""Command-line entry point: parse arguments, run the command, return the exit code."""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from mxcheck import __version__
from mxcheck.cli.options import ALL_DOMAINS, SAVED_EVIDENCE, Value, as_flags, with_flags
from mxcheck.config.flags import Section
from mxcheck.console.signals import hold_off, ignore_first_signal
from mxcheck.console.streams import StdoutError, complain, flush, print_text
from mxcheck.model.exit_codes import EXIT_BUG, EXIT_INTERRUPTED, EXIT_PASS, EXIT_USAGE

# Heavy modules are imported by the command that needs them: `mxcheck --version` starts at once.
# ruff: noqa: PLC0415

commands = typer.Typer(
    help="Check the mail side of a domain: MX, port 25, STARTTLS, certificate, open relay.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the console command; it always ends by SystemExit."""
    code: int | str | None
    try:
        try:
            # A pipeline that cancels a job sends SIGTERM: it ends the run as Ctrl-C does.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
            code = _guard(_run)
        except SystemExit as ended:
            code = ended.code
        except KeyboardInterrupt:  # between two lines of `_guard`
            code = EXIT_INTERRUPTED
        if code == EXIT_INTERRUPTED:
            with ignore_first_signal():
                complain("mxcheck: interrupted")
    except KeyboardInterrupt:  # another one on the way out
        code = EXIT_INTERRUPTED
    if code == EXIT_INTERRUPTED:
        # Python takes handlers away before it ends: one more signal would end the process in its
        # own way, and the exit code would be lost.
        hold_off()
    sys.exit(code)


def _run() -> int:
    try:
        code: int = commands(prog_name="mxcheck", standalone_mode=False)
    except typer.Abort:
        return EXIT_INTERRUPTED
    except Exception as error:
        # Typer keeps the class of its usage errors to itself, and would print them as they are.
        if not hasattr(error, "format_message"):
            raise
        message = error.format_message()
        # Without a command it has shown the help, and has nothing to say.
        return _misused(message, getattr(error, "ctx", None)) if message else EXIT_USAGE
    return code


def _misused(message: str, context: typer.Context | None) -> int:
    """Say what is wrong with the command line, which may hold a password; the exit code."""
    from mxcheck.model.quoting import mask_userinfo

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


@commands.command()
@with_flags(*Section, argument=ALL_DOMAINS)
def check(**values: Value) -> None:
    """Check domains, and fail where senders would lose mail."""
    raise typer.Exit(_guard(lambda: _check(values)))


@commands.command()
@with_flags(
    *(Section.POLICY, Section.REPORTS, Section.SCREEN),
    keys=("config", "ca_file", "allow_private"),
    argument=SAVED_EVIDENCE,
)
def judge(evidence: str, **values: Value) -> None:
    """Judge saved evidence again, without any network, under today's policy."""
    raise typer.Exit(_guard(lambda: _judge(evidence, values)))


@commands.command()
def rules(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """List the rules."""
    raise typer.Exit(_guard(lambda: _rules(as_json=as_json)))


@commands.command()
def explain(
    rule: Annotated[str, typer.Argument(help="The id of a rule, from `mxcheck rules`.")],
) -> None:
    """Explain a rule: why it is there, and how to repair what it finds."""
    raise typer.Exit(_guard(lambda: _explain(rule)))


@commands.command()
def init(
    domains: Annotated[
        list[str] | None, typer.Argument(help="The domains to check.", metavar="DOMAIN")
    ] = None,
    *,
    github: Annotated[bool, typer.Option("--github", help="Write a GitHub workflow too.")] = False,
    gitlab: Annotated[bool, typer.Option("--gitlab", help="Write .gitlab-ci.yml too.")] = False,
    directory: Annotated[Path, typer.Option(help="Where.", metavar="DIR")] = Path(),
) -> None:
    """Write an mxcheck.toml that explains itself, and its schema for editors; overwrite nothing."""
    raise typer.Exit(_guard(lambda: _init(domains or [], directory, github=github, gitlab=gitlab)))


@commands.command()
def schema(
    name: Annotated[str, typer.Argument(help="config, report or evidence.", metavar="NAME")],
) -> None:
    """Print the JSON Schema of the config file, the JSON report or saved evidence."""
    raise typer.Exit(_guard(lambda: _schema(name)))


@commands.command()
@with_flags(Section.SCREEN)
def demo(**values: Value) -> None:
    """Run the check against mail servers of its own on loopback: no network, no root."""
    raise typer.Exit(_guard(lambda: _demo(values)))


def _check(values: dict[str, Value]) -> int:
    from mxcheck import app
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.file import working_folder
    from mxcheck.config.load import load_config

    _warn()
    try:
        config = load_config(as_flags(values), os.environ, working_folder(), sys.stdin)
    except ConfigError as error:
        return _refuse(error.lines)
    return app.check(config, hold_off)


def _judge(name: str, values: dict[str, Value]) -> int:
    from mxcheck import app
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.file import working_folder
    from mxcheck.config.load import load_judge_config
    from mxcheck.saved.reading import STDIN, read_evidence

    _warn()
    stdin = None if name == STDIN else sys.stdin
    try:
        flags, folder = as_flags(values), working_folder()
        evidence = read_evidence(name, folder, sys.stdin.buffer if sys.stdin else None)
        held = [domain.name for _, domain in evidence.domains()]
        config = load_judge_config(flags, os.environ, folder, stdin, held)
    except ConfigError as error:
        return _refuse(error.lines)
    return app.judge(evidence, config, hold_off)


def _warn() -> None:
    from mxcheck.config.flag_texts import unknown_variables

    for warning in unknown_variables(os.environ):
        complain(f"mxcheck: warning: {warning}")


def _rules(*, as_json: bool) -> int:
    from mxcheck.catalogue import rules_json, rules_text

    print_text(rules_json() if as_json else rules_text())
    return EXIT_PASS


def _explain(rule: str) -> int:
    from mxcheck.catalogue import UnknownRuleError
    from mxcheck.catalogue import explain as explain_rule

    try:
        print_text(explain_rule(rule))
    except UnknownRuleError as error:
        return _refuse([str(error)])
    return EXIT_PASS


def _init(domains: list[str], directory: Path, *, github: bool, gitlab: bool) -> int:
    from mxcheck.cli.init import next_steps, starting_files
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.file import ensure_place_is_free
    from mxcheck.console.new_files import NotWrittenError, write_new

    try:
        files = starting_files(domains, github=github, gitlab=gitlab)
        ensure_place_is_free(directory)
        write_new(directory, files)
    except (ConfigError, NotWrittenError) as error:
        return _refuse(error.lines)
    print_text("\n".join([*(f"wrote {name}" for name in files), *next_steps(files, domains)]))
    return EXIT_PASS


def _schema(name: str) -> int:
    from mxcheck.cli.schema import UnknownSchemaError, schema_text

    try:
        print_text(schema_text(name))
    except UnknownSchemaError as error:
        return _refuse([str(error)])
    return EXIT_PASS


def _demo(values: dict[str, Value]) -> int:
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.output import load_screen

    try:
        screen = load_screen(as_flags(values), os.environ)
    except ConfigError as error:
        return _refuse(error.lines)
    from mxcheck.demo.run import run_demo

    return run_demo(screen)


def _refuse(lines: Iterable[str]) -> int:
    from mxcheck.report.escape import for_terminal

    for line in lines:
        complain(for_terminal(line))
    return EXIT_USAGE


def _guard(work: Callable[[], int]) -> int:
    """Return the exit code of some work, also where it ends in a bug or is interrupted."""
    try:
        code = work()
        flush()
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except StdoutError as error:
        return _refuse([f"mxcheck: {error.strerror}"])
    except Exception:  # noqa: BLE001 - the one place that catches all: a bug must not look like 1
        _show_bug(traceback.format_exc().rstrip())
        return EXIT_BUG
    return code


def _show_bug(trace: str) -> None:
    """Print a traceback: the message of an exception may hold a server's words, or a password."""
    from mxcheck.model.quoting import mask_userinfo

    complain(mask_userinfo(trace))
