"""Refuse to read what may never end: a named pipe in a checkout would hang the run."""

from errno import EINVAL
from pathlib import Path
from stat import S_ISDIR, S_ISREG


def ensure_ends(path: Path) -> None:
    """Raise OSError if a path leads to a named pipe or the like, or to nothing.

    What a shell passes as /dev/fd/63 is let through: `--zone-file <(command)`.
    """
    mode = path.stat().st_mode
    if not (S_ISREG(mode) or S_ISDIR(mode) or path.is_relative_to("/dev")):
        raise OSError(EINVAL, "it is not a file")
