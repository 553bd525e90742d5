"""The deadline of a run grows with its domains, unless it is given."""

from pathlib import Path

import pytest

from tests.config.configs import load


@pytest.mark.parametrize(("domains", "seconds"), [(1, 300), (1000, 300), (2000, 600)])
def test_more_domains_have_more_time(tmp_path: Path, domains: int, seconds: float) -> None:
    names = tuple(f"d{number}.example" for number in range(domains))
    assert load(tmp_path, {"domains": names}).probe.deadline == seconds


def test_a_deadline_that_is_given_holds_for_any_number_of_domains(tmp_path: Path) -> None:
    names = tuple(f"d{number}.example" for number in range(2000))
    assert load(tmp_path, {"domains": names, "deadline": ("300",)}).probe.deadline == 300
    file = "[probe]\ndeadline = 100"
    assert load(tmp_path, {"domains": names}, file=file).probe.deadline == 100
