"""How a public suite of test cases compares with mxcheck: counted, and never green if absent."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

VECTORS = Path(__file__).parents[2] / ".cache" / "vectors"
Record = Callable[[str, object], None]


def folder_of(suite: str, *, wanted_in_ci: bool = False) -> Path:
    """Return where a suite is; a test of one that was not fetched is not run.

    `make test` fetches those that are wanted in CI, where it is a failure if one is missing.
    """
    folder = VECTORS / suite
    if not folder.is_dir():
        assert not (wanted_in_ci and os.environ.get("CI")), f"{suite} was not fetched"
        pytest.skip(f"not run: {suite} is not in .cache/vectors (tools/fetch_vectors.py {suite})")
    return folder


@dataclass(slots=True, kw_only=True)
class Tally:
    """The cases of a suite on which mxcheck and the yardstick agree, and the others by name.

    `not_run` counts the cases that mxcheck has no question for.
    """

    agreed: int = 0
    not_run: int = 0
    disagreed: list[str] = field(default_factory=list)

    def compare(self, case: str, ours: object, theirs: object) -> None:
        """Count one case."""
        if ours == theirs:
            self.agreed += 1
        else:
            self.disagreed.append(f"{case}: {ours} and not {theirs}")

    def check(self, record: Record, suite: str, known: tuple[str, ...] = ()) -> None:
        """Keep the counts for the summary, and fail over a disagreement that no ADR names."""
        named = {one: sum(case.startswith(one) for case in self.disagreed) for one in known}
        counts = {"agreed": self.agreed, "disagreed": len(self.disagreed), "not run": self.not_run}
        record("vectors", [suite, counts, named])
        assert self.agreed, f"{suite} has no case that could be compared"
        assert [one for one in self.disagreed if not one.startswith(known)] == []


def summary(reports: Iterable[pytest.TestReport]) -> Iterator[str]:
    """Yield a line for each suite that was compared, and for each test that was not run."""
    suites: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for report in reports:
        for name, recorded in report.user_properties:
            if name == "vectors" and isinstance(recorded, list):
                suite, *counts = recorded
                for total, count in zip(
                    suites.setdefault(suite, (Counter(), Counter())), counts, strict=True
                ):
                    total.update(count)
        if report.skipped and report.nodeid.startswith("tests/vectors"):
            yield f"{report.nodeid.partition('::')[2]}: not run"
    for suite, (total, named) in suites.items():
        yield f"{suite}: {_listed(total)}" + (f"; named {_listed(named)}" if any(named) else "")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{what} {count}" for what, count in counts.items())
