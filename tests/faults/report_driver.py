"""Run `mxcheck judge` with each report in turn at an unusable path, and print what happened.

A program of its own, so that it can be run where files are out of reach: see test_reports.py.
"""

import contextlib
import io
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from mxcheck.cli import main as cli
from mxcheck.report import REPORTS


class HasFileno(Protocol):
    """As os.fsync takes it."""

    def fileno(self) -> int: ...


def below_a_file(folder: Path) -> Path:
    (folder / "file").write_text("")
    return folder / "file" / "report"


def at_a_folder(folder: Path) -> Path:
    (folder / "report").mkdir()
    return folder / "report"


def dangling_link(folder: Path) -> Path:
    (folder / "report").symlink_to(Path("gone") / "target")
    return folder / "report"


def loop_of_links(folder: Path) -> Path:
    (folder / "report").symlink_to("other")
    (folder / "other").symlink_to("report")
    return folder / "report"


def loop_outside(folder: Path) -> Path:
    """A loop of links where the user chose the folder: links there are followed."""
    outside = folder / ".." / "outside"
    outside.mkdir(exist_ok=True)
    return outside / "report" if (outside / "report").is_symlink() else loop_of_links(outside)


def name_too_long(folder: Path) -> Path:
    return folder / ("x" * 300)


def longest_name(folder: Path) -> Path:
    return folder / ("報" * 85)  # 255 bytes


def vanishing_folder(folder: Path) -> Path:
    """A folder that somebody removes while the report is being written."""
    (folder / "kept").mkdir()
    sync = os.fsync

    def remove(fd: int | HasFileno) -> None:
        sync(fd)
        shutil.rmtree(folder / "kept", ignore_errors=True)

    os.fsync = remove
    return folder / "kept" / "report"


def removed_folder(folder: Path) -> Path:
    """A folder that is gone before the report is written: it is made again."""
    return folder / "never" / "made" / "report"


def unread_pipe(folder: Path) -> Path:
    os.mkfifo(folder / "report")
    return folder / "report"


def folder_of_mode(mode: int) -> Callable[[Path], Path]:
    def prepare(folder: Path) -> Path:
        (folder / "shut").mkdir(mode=mode)
        return folder / "shut" / "report"

    return prepare


def on_disk(name: str) -> Callable[[Path], Path]:
    """A disk that is mounted beside the folders of all cells."""
    return lambda folder: folder / ".." / name / "report"


PLACES: dict[str, Callable[[Path], Path]] = {
    "below a file": below_a_file,
    "at a folder": at_a_folder,
    "at a dangling link": dangling_link,
    "at a loop of links": loop_of_links,
    "at a loop of links outside the checkout": loop_outside,
    "under a name too long": name_too_long,
    "under the longest name": longest_name,
    "in a vanishing folder": vanishing_folder,
    "in a removed folder": removed_folder,
    "at a pipe that nobody reads": unread_pipe,
    "in a read-only folder": folder_of_mode(0o500),
    "in a folder out of bounds": folder_of_mode(0o000),
    "on a full disk": on_disk("full"),
    "on a read-only disk": on_disk("readonly"),
}


def run(location: str, report: str, evidence: Path, folder: Path) -> dict[str, object]:
    """One cell: what `mxcheck judge` exits with, says, and leaves behind."""
    folder.mkdir()
    os.chdir(folder)
    sync = os.fsync
    path = PLACES[location](Path())
    (folder / "others").mkdir()
    flags = [
        flag
        for name in REPORTS
        for flag in (f"--{name}", str(path if name == report else Path("others") / name))
    ]
    sys.argv = ["mxcheck", "judge", str(evidence), "--quiet", *flags]
    out, err, code = io.StringIO(), io.StringIO(), None
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as ended:
        code = ended.code
    finally:
        os.fsync = sync
    with contextlib.suppress(OSError):
        (folder / "shut").chmod(0o700)
    return {
        "location": location,
        "report": report,
        "exit_code": code,
        "err": err.getvalue(),
        "path": str(path),
        "text": _read(path),
        "others": {name: _read(folder / "others" / name) for name in REPORTS if name != report},
        "left": sorted(map(str, _files(folder, path))),
    }


def _files(folder: Path, path: Path) -> list[Path]:
    """All files of a cell but the other reports."""
    inside = [one for one in folder.rglob("*") if "others" not in one.parts]
    beside = path.parent.glob("*") if path.parent.is_dir() else ()
    return [one for one in {*inside, *beside} if one.is_file() and not one.is_symlink()]


def _read(path: Path) -> str | None:
    try:
        return None if path.is_fifo() else path.read_text(encoding="utf-8")
    except (OSError, RuntimeError):
        return None


def main(folder: str, evidence: str, *locations: str) -> None:
    """Run the cells of these places, and print what came of them."""
    cells = [
        run(location, report, Path(evidence), Path(folder) / f"{number}-{report}")
        for number, location in enumerate(locations)
        for report in REPORTS
    ]
    json.dump(cells, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
