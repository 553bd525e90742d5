"""The checkout that a run works in: links in it may be anybody's, and no report follows them."""

import os
from collections.abc import Mapping
from pathlib import Path

_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")


def find_root(folder: Path, environ: Mapping[str, str]) -> Path:
    """Return the top folder of the checkout: what the pipeline names, else the working folder."""
    return next((Path(environ[key]) for key in _ROOTS if environ.get(key)), folder)


def split_at_root(
    path: Path, folder: Path, environ: Mapping[str, str]
) -> tuple[Path, tuple[str, ...]] | None:
    """Return the root of the checkout and the names that lead from there to a path.

    None if the path lies outside: then the user chose its folder. "/" is never a checkout, or
    every device would lie in one. Links play no part in this.
    """
    location = Path(os.path.normpath(folder / path))
    for root in (find_root(folder, environ), folder):
        for form in (Path(os.path.normpath(folder / root)), root.resolve()):
            if form != Path(form.anchor) and form in location.parents:
                return form, location.relative_to(form).parts
    return None


def find_link(root: Path, names: tuple[str, ...]) -> Path | None:
    """Return the first folder on the way to a file that is a symbolic link, if one is."""
    folders = (root.joinpath(*names[:count]) for count in range(1, len(names)))
    return next((folder for folder in folders if folder.is_symlink()), None)
