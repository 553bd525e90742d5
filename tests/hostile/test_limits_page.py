"""docs/limits.md says of every limit what the code says."""

import importlib
import re
from pathlib import Path

import pytest

from mxcheck.config.flags import FLAGS
from mxcheck.probe.settings import ProbeSettings

PAGE = Path(__file__).parents[2] / "docs" / "limits.md"
ROW = re.compile(r"^\| (?P<what>[^|]+) \| (?P<limit>[^|]+) \| (?P<where>`[^|]+`) \|$", re.MULTILINE)
ROWS = [match.groupdict() for match in ROW.finditer(PAGE.read_text(encoding="utf-8"))]
SHARES = {"a third of the deadline": 1 / 3, "a sixth of the deadline": 1 / 6}


def in_the_code(where: str) -> float:
    """The default of a flag, of a setting, or a constant of a module."""
    words = re.findall(r"`([^`]+)`", where)
    settings = ProbeSettings()
    if len(words) == 1:
        (key,) = (flag.key for flag in FLAGS if f"--{flag.key.replace('_', '-')}" == words[0])
        return float(getattr(settings, key))
    module, name = words
    holder = settings if name.startswith("ProbeSettings.") else importlib.import_module(module)
    return float(getattr(holder, name.removeprefix("ProbeSettings.")))


def on_the_page(limit: str) -> float:
    return SHARES.get(limit) or float(limit.split(maxsplit=1)[0].replace(",", ""))


def test_there_are_rows() -> None:
    assert len(ROWS) > 30


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["what"])
def test_a_limit_is_what_the_page_says(row: dict[str, str]) -> None:
    assert on_the_page(row["limit"]) == in_the_code(row["where"])
