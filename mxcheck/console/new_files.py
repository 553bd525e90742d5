"""Files that are made where none was: all of them or none, and nothing is ever overwritten."""

import os
from collections.abc import Mapping
from pathlib import Path


class NotWrittenError(Exception):
    """Nothing was written; `lines` say why, each with its file."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


def write_new(folder: Path, files: Mapping[str, str]) -> None:
    """Write texts to files of these names below a folder; parent folders are made.

    NotWrittenError where one is there already or cannot be written; then all is as it was.
    """
    there = [name for name in files if os.path.lexists(folder / name)]
    if there:
        raise NotWrittenError(*(f"{name}: is there already; nothing was written" for name in there))
    try:
        _write(folder, files)
    except OSError as error:
        location = error.filename or folder
        reason = f"cannot be written: {error.strerror}; nothing was written"
        raise NotWrittenError(f"{location}: {reason}") from None


def _write(folder: Path, files: Mapping[str, str]) -> None:
    made: list[Path] = []
    try:
        for name, text in files.items():
            path = folder / name
            _make_folders(path.parent, made)
            # x: not even a file that somebody makes at this moment, or a link that leads nowhere.
            with path.open("x", encoding="utf-8") as file:
                made.append(path)
                file.write(text)
    except BaseException:
        for path in reversed(made):
            remove = path.rmdir if path.is_dir() else path.unlink
            remove()
        raise


def _make_folders(folder: Path, made: list[Path]) -> None:
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir()
        made.append(path)
