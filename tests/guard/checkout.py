"""A checkout that somebody else prepared, and the real program run in it."""

from dataclasses import dataclass
from pathlib import Path

from tests.program import run_program
from tests.seen import MX_ALONE, come_back_at_once, environment

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
        done = run_program(
            *MX_ALONE,
            *arguments,
            cwd=self.folder / below,
            env=environment(**variables),
            before=come_back_at_once,
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
