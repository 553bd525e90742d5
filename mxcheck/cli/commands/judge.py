"""`mxcheck judge`: judge saved evidence again."""

import os
import sys

import typer

from mxcheck.cli.guard import guard
from mxcheck.cli.options import SAVED_EVIDENCE, Value, as_flags, with_flags
from mxcheck.cli.refusal import refuse_and_annotate
from mxcheck.cli.variables import warn_of_variables
from mxcheck.config.flags import Section
from mxcheck.console.signals import hold_off


@with_flags(
    *(Section.POLICY, Section.REPORTS, Section.SCREEN),
    keys=("config", "ca_file", "allow_private"),
    argument=SAVED_EVIDENCE,
)
def judge(evidence: str, **values: Value) -> None:
    """Judge saved evidence again, without any network, under today's policy."""
    raise typer.Exit(guard(lambda: _judge(evidence, values)))


def _judge(name: str, values: dict[str, Value]) -> int:
    from mxcheck import app
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.file import working_folder
    from mxcheck.config.load import load_judge_config
    from mxcheck.saved.reading import STDIN, read_evidence

    warn_of_variables()
    stdin = None if name == STDIN else sys.stdin
    try:
        flags, folder = as_flags(values), working_folder()
        evidence = read_evidence(name, folder, sys.stdin.buffer if sys.stdin else None)
        held = [domain.name for _, domain in evidence.domains()]
        config = load_judge_config(flags, os.environ, folder, stdin, held)
    except ConfigError as error:
        return refuse_and_annotate(error.lines, as_flags(values))
    return app.judge(evidence, config, hold_off)
