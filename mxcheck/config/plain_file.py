"""Read the files that a user names: within bounds, and never from where no end may come."""

import errno
import os
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

_OF_THE_SYSTEM = {Path("/dev"), Path("/dev/fd"), Path("/proc/self/fd")}


def read_file(name: str, folder: Path, most: int, *, confined: bool = False) -> bytes:
    """Return what a file of at most `most` bytes contains; ValueError says what is wrong with it.

    A relative name begins in `folder`. A confined file must lie below it, after its links are
    followed: whoever may edit a config file may not read the machine's files with it.
    """
    data = read_start(name, folder, most + 1, confined=confined)
    if len(data) > most:
        raise ValueError(f"is larger than {most} bytes")
    return data


def read_start(name: str, folder: Path, most: int, *, confined: bool = False) -> bytes:
    """Return the first bytes of a file; ValueError says why it cannot be read."""
    try:
        path = _inside(name, folder) if confined else folder / name
        with open_file(path) as file:
            return file.read(most)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
    except RuntimeError:
        raise ValueError(f"cannot be read: {os.strerror(errno.ELOOP)}") from None
    except ValueError as error:  # a NUL in the name
        raise ValueError(f"cannot be read: {error}") from None


def _inside(name: str, folder: Path) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise OSError(
            errno.EACCES,
            "a config file may name files below its own folder alone, and no link that leads out of"
            " it; name this one with a flag",
        )
    return path


def open_file(path: Path) -> BinaryIO:
    """Open a file to read its bytes; OSError if it is a named pipe or the like, or not there.

    What a shell passes as /dev/fd/63 is let through: `--zone-file <(command)`.
    """
    mode = path.stat().st_mode
    if not (S_ISREG(mode) or S_ISDIR(mode) or path.parent in _OF_THE_SYSTEM):
        raise OSError(errno.EINVAL, "it is not a file")
    return path.open("rb")
