"""Every report at every unusable path: named with the reason, and no other report is lost."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from mxcheck.report import REPORTS
from tests.build import evidence_of, root
from tests.faults.timeless import ensure_none
from tests.saving import saved_text
from tests.seen import ROOT, environment

WRITTEN = ""
PLACES: Mapping[str, str] = {
    "below a file": "Not a directory|File exists",
    "at a folder": "is a folder|Is a directory",
    "at a dangling link": WRITTEN,
    # A link in the checkout is replaced whatever it leads to; elsewhere links are the user's.
    "at a loop of links": WRITTEN,
    "at a loop of links outside the checkout": "is not a path to write to",
    "under a name too long": "File name too long",
    "under the longest name": WRITTEN,
    "in a vanishing folder": "No such file or directory",
    "in a removed folder": WRITTEN,
    "at a pipe that nobody reads": "is a pipe that nobody reads",
}
SHUT = {
    "in a read-only folder": "Permission denied",
    "in a folder out of bounds": "Permission denied",
}
DISKS = {
    "on a full disk": "No space left on device",
    "on a read-only disk": "Read-only file system",
}
# The disks are mounted where nobody else sees them, and are gone with the program.
WITH_DISKS = (
    'cd "$1" && mkdir full readonly && shift'
    " && mount -t tmpfs -o size=64k tmpfs full && { cat /dev/zero > full/filler || true; } 2>&-"
    " && mount -t tmpfs -o ro tmpfs readonly"
    ' && cd "$OLDPWD" && exec "$@"'
)
# Where root runs the tests, it does so without its licence to write whatever the mode says.
UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


class Cell(NamedTuple):
    """What came of one report at one place, as the driver tells it."""

    location: str
    report: str
    exit_code: int
    err: str
    path: str
    text: str | None
    others: dict[str, str | None]
    left: list[str]


def cells(folder: Path, locations: Sequence[str], *wrapper: str) -> list[Cell]:
    """Run the driver over these places, behind another program if need be."""
    evidence, roots = folder / "evidence.json", folder / "roots.pem"
    evidence.write_text(saved_text(evidence_of()))
    roots.write_bytes(root().certificate_pem)
    driver = (sys.executable, "-m", "tests.faults.report_driver", str(folder), str(evidence))
    done = subprocess.run(
        [*wrapper, *driver, *locations],
        cwd=ROOT,
        env=environment(MXCHECK_CA_FILE=str(roots)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return [Cell(**cell) for cell in json.loads(done.stdout)]


def test_places_that_are_no_good(tmp_path: Path) -> None:
    ensure(cells(tmp_path, list(PLACES)), PLACES)


def test_folders_that_are_shut(tmp_path: Path) -> None:
    wrapper = UNPRIVILEGED if os.geteuid() == 0 else ()
    ensure(cells(tmp_path, list(SHUT), *wrapper), SHUT)


def test_disks_that_take_nothing(tmp_path: Path) -> None:
    wrapper = ("unshare", "--mount", "--map-root-user")
    if subprocess.run([*wrapper, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk of his own")
    ensure(
        cells(tmp_path, list(DISKS), *wrapper, "sh", "-c", WITH_DISKS, "sh", str(tmp_path)), DISKS
    )


def ensure(seen: Sequence[Cell], locations: Mapping[str, str]) -> None:
    assert len(seen) == len(locations) * len(REPORTS)
    done = [cell.others for cell in seen if _is_done(cell)]
    whole = {name: text for others in done for name, text in others.items() if text}
    assert set(whole) == set(REPORTS)
    ensure_none(
        f"{cell.report} {cell.location}: {problem}"
        for cell in seen
        for problem in _problems(cell, locations[cell.location], whole)
    )


def _problems(cell: Cell, reason: str, whole: Mapping[str, str]) -> Iterator[str]:
    written = reason == WRITTEN
    if cell.exit_code != (0 if written else 2):
        yield f"it exits {cell.exit_code}: {cell.err}"
    if "Traceback" in cell.err or len(cell.err.splitlines()) != (not written):
        yield f"stderr says {cell.err!r}"
    if not written and not (re.search(reason, cell.err) and _named(cell)):
        yield f"{cell.err!r} does not name {cell.path} and {reason}"
    if written != (cell.text is not None):
        yield "it is not there" if written else "it is there all the same"
    yield from _torn(cell, whole)
    temporary = [name for name in cell.left if Path(name).name.startswith(".")]
    if temporary:
        yield f"{temporary} are left behind"


def _is_done(cell: Cell) -> bool:
    """Whether anything was done: bad usage is annotated, and nothing else."""
    return any(text for name, text in cell.others.items() if name != "github-annotations")


def _torn(cell: Cell, whole: Mapping[str, str]) -> Iterator[str]:
    """The reports that are not whole.

    A usage error leaves none, as nothing was done at all.
    """
    if cell.text is not None and not _alike(cell.text, whole[cell.report]):
        yield "it is torn"
    if _is_done(cell):
        lost = [name for name, text in cell.others.items() if not _alike(text, whole[name])]
        yield from (f"the report {name} is lost or torn" for name in lost)


def _named(cell: Cell) -> bool:
    """Whether the message names the path, which is cut short where it is too long."""
    return cell.path[:60] in cell.err


def _alike(text: str | None, other: str) -> bool:
    """Whether a report is whole: the same as another one but for the moment of the run."""
    return text is not None and len(text) == len(other)
