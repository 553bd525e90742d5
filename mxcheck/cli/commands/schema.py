"""`mxcheck schema`: print a JSON Schema."""

from typing import Annotated

import typer

from mxcheck.cli.completion import complete_schemas
from mxcheck.cli.guard import guard, refuse
from mxcheck.console.streams import print_text
from mxcheck.model.exit_codes import EXIT_PASS


def schema(
    name: Annotated[
        str,
        typer.Argument(
            help="config, report or evidence.",
            metavar="NAME",
            autocompletion=complete_schemas,
        ),
    ],
) -> None:
    """Print the JSON Schema of the config file, the JSON report or saved evidence."""
    raise typer.Exit(guard(lambda: _schema(name)))


def _schema(name: str) -> int:
    from mxcheck.cli.schema import UnknownSchemaError, schema_text

    try:
        print_text(schema_text(name))
    except UnknownSchemaError as error:
        return refuse([str(error)])
    return EXIT_PASS
