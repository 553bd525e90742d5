"""`mxcheck explain`: the documentation of a rule or a family."""

from typing import Annotated

import typer

from mxcheck.cli.completion import complete_rules
from mxcheck.cli.guard import guard, refuse
from mxcheck.console.streams import print_text
from mxcheck.model.exit_codes import EXIT_PASS


def explain(
    rule: Annotated[
        str,
        typer.Argument(
            help="The id of a rule or the name of a family, from `mxcheck rules`.",
            autocompletion=complete_rules,
        ),
    ],
) -> None:
    """Explain a rule, or a family: why it is there, and how to repair what it finds."""
    raise typer.Exit(guard(lambda: _explain(rule)))


def _explain(rule: str) -> int:
    from mxcheck.catalogue import UnknownRuleError
    from mxcheck.catalogue import explain as explain_rule

    try:
        print_text(explain_rule(rule))
    except UnknownRuleError as error:
        return refuse([str(error)])
    return EXIT_PASS
