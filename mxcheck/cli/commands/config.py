"""`mxcheck config`: what a run would be configured to do, and where each setting comes from."""

import os
import sys

import typer

from mxcheck.cli.guard import guard, refuse
from mxcheck.cli.options import ALL_DOMAINS, Value, as_flags, with_flags
from mxcheck.cli.variables import warn_of_variables
from mxcheck.config.flags import Section
from mxcheck.console.streams import print_pieces
from mxcheck.model.exit_codes import EXIT_PASS


@with_flags(*Section, argument=ALL_DOMAINS)
def config(**values: Value) -> None:
    """Check the configuration, and print what holds and from where; contact nobody."""
    raise typer.Exit(guard(lambda: _config(values)))


def _config(values: dict[str, Value]) -> int:
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.file import working_folder
    from mxcheck.config.listing import list_config
    from mxcheck.report.escape import for_terminal

    warn_of_variables()
    try:
        lines = list_config(as_flags(values), os.environ, working_folder(), sys.stdin)
    except ConfigError as error:
        return refuse(error.lines)
    parts = (part for line in lines for part in line.split("\n"))
    print_pieces(f"{for_terminal(part)}\n" for part in parts)
    return EXIT_PASS
