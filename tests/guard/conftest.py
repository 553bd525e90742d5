"""The checkout that every test here runs in."""

from pathlib import Path

import pytest

from tests.guard.checkout import Checkout, make_checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path)
