"""`mxcheck init`: write the files to start with."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mxcheck.cli.guard import guard, refuse
from mxcheck.console.streams import print_text
from mxcheck.model.exit_codes import EXIT_PASS

if TYPE_CHECKING:
    from mxcheck.cli.pipelines import Pipelines


def init(
    domains: Annotated[
        list[str] | None, typer.Argument(help="The domains to check.", metavar="DOMAIN")
    ] = None,
    *,
    github: Annotated[bool, typer.Option("--github", help="Write a GitHub workflow too.")] = False,
    self_hosted: Annotated[
        bool,
        typer.Option(
            "--self-hosted",
            help="Let the workflow use a runner of your own, whose outbound port 25 is open.",
        ),
    ] = False,
    gitlab: Annotated[bool, typer.Option("--gitlab", help="Write .gitlab-ci.yml too.")] = False,
    source: Annotated[
        str,
        typer.Option(
            "--from",
            help="Where the pipeline takes mxcheck from: a repository and a tag or commit.",
            metavar="OWNER/mxcheck@REF",
        ),
    ] = "",
    directory: Annotated[
        Path,
        typer.Option(
            help="Where to write; pipelines go to the top of its repository.", metavar="DIR"
        ),
    ] = Path(),
) -> None:
    """Write an mxcheck.toml that explains itself, and its schema for editors; overwrite nothing."""
    from mxcheck.cli.pipelines import Pipelines

    pipelines = Pipelines(github=github, gitlab=gitlab, self_hosted=self_hosted, source=source)
    raise typer.Exit(guard(lambda: _init(domains or [], directory, pipelines)))


def _init(domains: list[str], directory: Path, pipelines: "Pipelines") -> int:
    from mxcheck.cli.init import parse_domains
    from mxcheck.cli.starting import Start, begin
    from mxcheck.config.errors import ConfigError
    from mxcheck.config.file import working_folder
    from mxcheck.console.new_files import NotWrittenError

    try:
        folder = (working_folder() / directory).resolve()
        names = parse_domains(domains)
        lines = begin(Start(domains=names, folder=folder, pipelines=pipelines))
    except (ConfigError, NotWrittenError) as error:
        return refuse(error.lines)
    print_text("\n".join(lines))
    return EXIT_PASS
