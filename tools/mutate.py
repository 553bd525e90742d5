"""Break the code on purpose, one place at a time, and see whether the tests notice.

Each row of tools/mutations/*.toml names what it breaks, a file, a text that the file contains once,
what replaces it, and the tests that must fail. A row is tried in a copy of the repository, never in
the repository itself. Prints `caught` or `SURVIVED` for each row; the exit code is 1 if a mutation
survives, or if a row does not fit the code any more.

    python -m tools.mutate                 # all rows (some minutes)
    python -m tools.mutate faults          # the rows of one file
    python -m tools.mutate parsers policy  # the rows of a file that contain a word
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).parents[1]
TABLES = Path(__file__).with_name("mutations")
AT_ONCE = os.cpu_count() or 1
SECONDS = 600
TESTS_FAILED = 1
"""pytest's exit code when tests ran and failed; 2 and above mean that they could not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """One row of a table."""

    table: str
    breaks: str
    file: str
    search: str
    replace: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        """Say what a mutation breaks, and where."""
        return f"{self.breaks} ({self.file})"


def main() -> int:
    """Try the rows that the arguments choose, once the tests pass without any mutation."""
    mutations = [one for one in read_tables() if is_chosen(one, sys.argv[1:])]
    if not mutations:
        print(f"no row contains {' and '.join(sys.argv[1:])}")
        return 1
    stale = [one for one in mutations if count_matches(one) != 1]
    for one in stale:
        print(f"STALE     {one}: its text is in the file {count_matches(one)} times")
    rows = [one for one in mutations if one not in stale]
    with tempfile.TemporaryDirectory(prefix="mutate.") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_ONCE):
            copies.put(copy_repository(Path(folder, str(number))))
        if not passes(copies, sorted({test for one in rows for test in one.tests})):
            return 1
        with ThreadPoolExecutor(AT_ONCE) as pool:
            caught = list(pool.map(lambda one: is_caught(one, copies), rows))
    print(f"{sum(caught)} caught, {len(caught) - sum(caught)} survived, {len(stale)} stale")
    return 0 if all(caught) and not stale else 1


def read_tables() -> Iterator[Mutation]:
    """Yield the rows of all tables."""
    for table in sorted(TABLES.glob("*.toml")):
        for row in tomllib.loads(table.read_text(encoding="utf-8"))["mutation"]:
            yield Mutation(table=table.stem, **row)


def is_chosen(mutation: Mutation, words: Sequence[str]) -> bool:
    """Return whether a row contains every word; the name of its table is one."""
    return all(word == mutation.table or word in str(mutation) for word in words)


def count_matches(mutation: Mutation) -> int:
    """Count how often the text of a row is in its file; 0 if the file does not exist."""
    path = ROOT / mutation.file
    return path.read_text(encoding="utf-8").count(mutation.search) if path.is_file() else 0


def copy_repository(target: Path) -> Path:
    """Copy the working tree: what git tracks, and new files that it does not ignore."""
    listed = subprocess.run(
        ("git", "ls-files", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def passes(copies: "SimpleQueue[Path]", tests: Sequence[str]) -> bool:
    """Return whether the tests pass without a mutation; print what they say if they do not."""
    copy = copies.get()
    ran = run_tests(copy, tests, seconds=None)
    copies.put(copy)
    if ran.returncode:
        print(f"the tests fail without any mutation:\n{ran.stdout}{ran.stderr}")
    return ran.returncode == 0


def is_caught(mutation: Mutation, copies: "SimpleQueue[Path]") -> bool:
    """Try a row in a copy that is free; print and return whether a test fails."""
    copy = copies.get()
    try:
        with mutated(copy / mutation.file, mutation):
            code = run_tests(copy, mutation.tests, seconds=SECONDS).returncode
    except subprocess.TimeoutExpired:
        code = TESTS_FAILED  # tests that hang are noticed too
    finally:
        copies.put(copy)
    words = {TESTS_FAILED: "caught  ", 0: "SURVIVED"}
    print(f"{words.get(code, f'INVALID (pytest ends {code})')}  {mutation}", flush=True)
    return code == TESTS_FAILED


@contextmanager
def mutated(path: Path, mutation: Mutation) -> Iterator[None]:
    """Replace the text in a copy of the file, and put the file back afterwards."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(mutation.search, mutation.replace), encoding="utf-8")
    try:
        yield
    finally:
        path.write_text(text, encoding="utf-8")


def run_tests(
    copy: Path, tests: Sequence[str], seconds: float | None
) -> subprocess.CompletedProcess[str]:
    """Run tests in a copy, up to the first failure; programs that they start use the copy too."""
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-x", "--no-header", *tests),
        cwd=copy,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=seconds,
    )


if __name__ == "__main__":
    sys.exit(main())
