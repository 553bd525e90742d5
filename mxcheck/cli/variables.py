"""A warning about environment variables that look like ours and are none."""

import os

from mxcheck.console.streams import complain


def warn_of_variables() -> None:
    """Warn of each variable that begins as those of the flags do and belongs to none."""
    from mxcheck.config.flag_texts import unknown_variables  # noqa: PLC0415 - not for --version

    for warning in unknown_variables(os.environ):
        complain(f"mxcheck: warning: {warning}")
