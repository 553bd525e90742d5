"""The demo's world, and what a check of it under every rule saved: once for all tests."""

from collections.abc import Iterator

import pytest

from tests.saved.demo import Demo, Saved, demo


@pytest.fixture(scope="package")
def world() -> Iterator[Demo]:
    with demo() as running:
        yield running


@pytest.fixture(scope="package")
def saved(world: Demo, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    return world.check(tmp_path_factory.mktemp("saved"))
