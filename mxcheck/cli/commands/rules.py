"""`mxcheck rules`: list the rules."""

from typing import Annotated

import typer

from mxcheck.cli.guard import guard
from mxcheck.console.streams import print_text
from mxcheck.model.exit_codes import EXIT_PASS


def rules(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """List the rules."""
    raise typer.Exit(guard(lambda: _rules(as_json=as_json)))


def _rules(*, as_json: bool) -> int:
    from mxcheck.catalogue import rules_json, rules_text

    print_text(rules_json() if as_json else rules_text())
    return EXIT_PASS
