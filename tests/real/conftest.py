"""Starts the real world once for all tests that want it."""

import os
from collections.abc import Iterator

import pytest

from tests.real.world import RealWorld, missing_packages, running


def _obstacle() -> str:
    if packages := missing_packages():
        return f"the Debian packages {', '.join(packages)} are not installed"
    if os.geteuid() != 0:
        return "making a network namespace takes root"
    return ""


@pytest.fixture(scope="session")
def real_world() -> Iterator[RealWorld]:
    if obstacle := _obstacle():
        message = f"no real servers: {obstacle}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with running(f"mxcheck-{os.getpid()}") as world:
        yield world
