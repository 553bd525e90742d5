"""`mxcheck init`: write the files to start with."""

from pathlib import Path
from typing import Annotated

import typer

from mxcheck.cli.guard import guard, refuse
from mxcheck.console.streams import print_text
from mxcheck.model.exit_codes import EXIT_PASS


def init(
    domains: Annotated[
        list[str] | None, typer.Argument(help="The domains to check.", metavar="DOMAIN")
    ] = None,
    *,
    github: Annotated[bool, typer.Option("--github", help="Write a GitHub workflow too.")] = False,
    gitlab: Annotated[bool, typer.Option("--gitlab", help="Write .gitlab-ci.yml too.")] = False,
    directory: Annotated[Path, typer.Option(help="Where.", metavar="DIR")] = Path(),
) -> None:
    """Write an mxcheck.toml that explains itself, and its schema for editors; overwrite nothing."""
    raise typer.Exit(guard(lambda: _init(domains or [], directory, github=github, gitlab=gitlab)))


def _init(domains: list[str], directory: Path, *, github: bool, gitlab: bool) -> int:
    from mxcheck.cli.init import next_steps, starting_files
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.file import ensure_place_is_free
    from mxcheck.console.new_files import NotWrittenError, write_new

    try:
        files = starting_files(domains, github=github, gitlab=gitlab)
        ensure_place_is_free(directory)
        write_new(directory, files)
    except (ConfigError, NotWrittenError) as error:
        return refuse(error.lines)
    print_text("\n".join([*(f"wrote {name}" for name in files), *next_steps(files, domains)]))
    return EXIT_PASS
