"""A fleet that several machines look at is judged as if one machine had."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.saved.command import flags_of, judge
from tests.saved.demo import Demo, Saved
from tests.saved.sharded import apart_from_times, differences, probe_shard


@pytest.fixture(scope="module")
def saved(world: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """A check by one machine; the name server gives its records in one order."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(random, "shuffle", lambda _: None)
        yield world.check(tmp_path_factory.mktemp("saved"))


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_shards_are_judged_as_one_check(
    world: Demo, saved: Saved, tmp_path: Path, count: int
) -> None:
    shards = [probe_shard(world, tmp_path, number + 1, count) for number in range(count)]
    judged = judge(tmp_path, *map(str, reversed(shards)), *flags_of(saved))
    checked = json.loads(saved.report.read_text())
    assert judged.exit_code == checked["exit_code"]
    found = differences(apart_from_times(judged.report), apart_from_times(checked))
    assert "\n".join(found) == ""
    numbers = [f"{number}/{count}" for number in range(count, 0, -1)]
    assert [run["shard"] for run in judged.report["runs"]] == numbers
