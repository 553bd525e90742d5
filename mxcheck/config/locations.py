"""Where findings point: the line that names the domain, else what is known of the pipeline."""

from collections.abc import Mapping
from pathlib import Path

from mxcheck.config.checkout import find_root
from mxcheck.config.file import ConfigFile
from mxcheck.model.location import Location


def location_of(name: str, line: int, folder: Path, environ: Mapping[str, str]) -> Location | None:
    """Return a line of a file that was named in `folder`.

    None where it is outside the repository.
    """
    path, root = (folder / name).resolve(), find_root(folder, environ).resolve()
    if not path.is_relative_to(root):
        return None
    return Location(path=path.relative_to(root).as_posix(), line=line)


def default_location(file: ConfigFile, folder: Path, environ: Mapping[str, str]) -> Location:
    """Return the place of what no line names.

    The config file, else the pipeline's, else README.md.
    """
    configured = location_of(file.name, 1, folder, environ) if file.name else None
    return configured or _pipeline(environ) or Location()


def _pipeline(environ: Mapping[str, str]) -> Location | None:
    # "octo/repo/.github/workflows/mail.yml@refs/heads/main"
    workflow = environ.get("GITHUB_WORKFLOW_REF", "").partition("@")[0]
    parts = workflow.split("/", maxsplit=2)
    if len(parts) == len(("owner", "repository", "path")):
        return Location(path=parts[-1])
    # GitLab writes "path@project" or an address where the file is not in this repository.
    configured = environ.get("CI_CONFIG_PATH", "")
    is_here = configured and "@" not in configured and "://" not in configured
    return Location(path=configured) if is_here else None
