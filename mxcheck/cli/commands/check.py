"""`mxcheck check`: look at domains, and judge what was seen."""

import os
import sys

import typer

from mxcheck.cli.guard import guard
from mxcheck.cli.options import ALL_DOMAINS, Value, as_flags, with_flags
from mxcheck.cli.refusal import refuse_and_annotate
from mxcheck.cli.variables import warn_of_variables
from mxcheck.config.flags import Section
from mxcheck.console.signals import hold_off


@with_flags(*Section, argument=ALL_DOMAINS)
def check(**values: Value) -> None:
    """Check domains, and fail where senders would lose mail."""
    raise typer.Exit(guard(lambda: _check(values)))


def _check(values: dict[str, Value]) -> int:
    from mxcheck import app
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.file import working_folder
    from mxcheck.config.load import load_config
    from mxcheck.probe.via.errors import WayOutError

    warn_of_variables()
    try:
        config = load_config(as_flags(values), os.environ, working_folder(), sys.stdin)
    except ConfigError as error:
        return refuse_and_annotate(error.lines, as_flags(values))
    try:
        return app.check(config, hold_off)
    except WayOutError as error:
        message = f"the way out (--via) cannot be opened: {error}"
        return refuse_and_annotate([message], as_flags(values))
