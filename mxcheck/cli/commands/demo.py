"""`mxcheck demo`: check mail servers of its own on loopback."""

import os

import typer

from mxcheck.cli.guard import guard, refuse
from mxcheck.cli.options import Value, as_flags, with_flags
from mxcheck.config.flags import Section


@with_flags(Section.SCREEN)
def demo(**values: Value) -> None:
    """Run the check against mail servers of its own on loopback: no network, no root."""
    raise typer.Exit(guard(lambda: _demo(values)))


def _demo(values: dict[str, Value]) -> int:
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.output import load_screen

    try:
        screen = load_screen(as_flags(values), os.environ)
    except ConfigError as error:
        return refuse(error.lines)
    from mxcheck.demo.run import run_demo

    return run_demo(screen)
