"""Where findings point: the line that names the domain, else what is known of the pipeline."""

from collections.abc import Mapping
from pathlib import Path

from mxcheck.config.file import ConfigFile
from mxcheck.place import Place

_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def place_of(name: str, line: int, folder: Path, environ: Mapping[str, str]) -> Place | None:
    """A line of a file that was named in `folder`; None where it is outside the repository."""
    root = next((Path(environ[key]) for key in _ROOTS if environ.get(key)), folder)
    path, root = (folder / name).resolve(), root.resolve()
    if not path.is_relative_to(root):
        return None
    return Place(path=path.relative_to(root).as_posix(), line=line)


def default_place(file: ConfigFile, folder: Path, environ: Mapping[str, str]) -> Place:
    """The place of what no line names: the config file, else the pipeline's, else README.md."""
    configured = place_of(file.name, 1, folder, environ) if file.name else None
    return configured or _pipeline(environ) or Place()


def _pipeline(environ: Mapping[str, str]) -> Place | None:
    # "octo/repo/.github/workflows/mail.yml@refs/heads/main"
    workflow = environ.get("GITHUB_WORKFLOW_REF", "").partition("@")[0]
    parts = workflow.split("/", maxsplit=2)
    if len(parts) == len(("owner", "repository", "path")):
        return Place(path=parts[-1])
    # GitLab writes "path@project" or an address where the file is not in this repository.
    configured = environ.get("CI_CONFIG_PATH", "")
    is_here = configured and "@" not in configured and "://" not in configured
    return Place(path=configured) if is_here else None
