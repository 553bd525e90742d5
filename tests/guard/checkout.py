"""A checkout that somebody else prepared, and the real program run in it."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.seen import ROOT, environment, program

PRIVATE = "not for you"


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a run."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """Folders side by side: the checkout, and one that belongs to the user alone."""

    folder: Path
    outside: Path

    def check(self, *arguments: str, below: str = ".", **variables: str) -> Done:
        """Run `mxcheck check`, for which every server of example.com is healthy."""
        done = subprocess.run(
            program("check", "example.com", "--select", "mx-missing", *arguments),
            cwd=self.folder / below,
            env=environment(PYTHONPATH=str(ROOT), **variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def untouched(self) -> bool:
        """Return whether what lies outside is as it was."""
        files = [path for path in self.outside.rglob("*") if path.is_file()]
        return [path.read_text() for path in files] == [PRIVATE]


def make_checkout(folder: Path) -> Checkout:
    """Make both folders; the one outside contains the file `mine`."""
    made = Checkout(folder=folder / "checkout", outside=folder / "outside")
    made.folder.mkdir()
    made.outside.mkdir()
    (made.outside / "mine").write_text(PRIVATE)
    return made
