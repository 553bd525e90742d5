"""Bad usage of a command that writes reports: it is annotated where annotations were asked for."""

import os
from collections.abc import Sequence
from contextlib import suppress

from mxcheck.cli.guard import refuse
from mxcheck.config.flags import Flags

# Only a command that is refused needs them.
# ruff: noqa: PLC0415

_KEY = "github_annotations"


def refuse_and_annotate(lines: Sequence[str], flags: Flags) -> int:
    """Print the faults, annotate them, and return the exit code of bad usage.

    Nothing but the place of the annotations is taken from flags that could not be used.
    """
    from mxcheck.config.flag_texts import read_environment
    from mxcheck.console.output import write_report
    from mxcheck.model.quoting import mask_environment
    from mxcheck.report.github_annotations import render_refusal

    for place in flags.get(_KEY) or read_environment(os.environ).get(_KEY, ()):
        with suppress(OSError, ValueError, RuntimeError):  # the faults themselves are printed
            masked = [mask_environment(line, os.environ) for line in lines]
            write_report(place, [render_refusal(masked)])
    return refuse(lines)
