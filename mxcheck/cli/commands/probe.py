"""`mxcheck probe`: look at domains, and save what was seen for `mxcheck judge`."""

import os
import sys

import typer

from mxcheck.cli.guard import guard
from mxcheck.cli.options import ALL_DOMAINS, Value, as_flags, with_flags
from mxcheck.cli.refusal import refuse_and_annotate
from mxcheck.cli.variables import warn_of_variables
from mxcheck.config.flags import Section
from mxcheck.console.signals import hold_off

_WHAT_TO_ASK = (
    *("select", "ignore", "levels", "require", "no_smtp", "min_tls"),
    *("relay", "relay_sender", "relay_recipient", "relay_control"),
)
"""The flags of the policy on which it depends what servers are asked."""


@with_flags(
    *(Section.INPUT, Section.PROBE),
    keys=(*_WHAT_TO_ASK, "save_evidence", "shard"),
    argument=ALL_DOMAINS,
)
def probe(**values: Value) -> None:
    """Look at domains and save what was seen, for `mxcheck judge`; one machine or several."""
    raise typer.Exit(guard(lambda: _probe(values)))


def _probe(values: dict[str, Value]) -> int:
    from mxcheck import app
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.file import working_folder
    from mxcheck.config.load import load_look_config
    from mxcheck.probe.via.errors import WayOutError

    warn_of_variables()
    try:
        config = load_look_config(as_flags(values), os.environ, working_folder(), sys.stdin)
        return app.probe(config, hold_off)
    except ConfigError as error:
        return refuse_and_annotate(error.lines, as_flags(values))
    except WayOutError as error:
        message = f"the way out (--via) cannot be opened: {error}"
        return refuse_and_annotate([message], as_flags(values))
