"""Files that are made where none was: all that are missing or none, and nothing is overwritten."""

import os
from collections.abc import Mapping
from pathlib import Path


class NotWrittenError(Exception):
    """Nothing was written; `lines` say why, each with its file."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


def write_missing(files: Mapping[Path, str]) -> frozenset[Path]:
    """Write those files that are not there yet and return their paths; parent folders are made.

    NotWrittenError if one cannot be written; then all is as it was.
    """
    missing = {path: text for path, text in files.items() if not os.path.lexists(path)}
    try:
        _write(missing)
    except OSError as error:
        reason = f"cannot be written: {error.strerror}; nothing was written"
        raise NotWrittenError(f"{error.filename}: {reason}") from None
    return frozenset(missing)


def _write(files: Mapping[Path, str]) -> None:
    made: list[Path] = []
    try:
        for path, text in files.items():
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
