"""The decisions in docs/adr: each has a number of its own, by which others refer to it."""

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "adr"


def test_each_decision_has_the_next_number_and_says_it_in_its_heading() -> None:
    files = sorted(FOLDER.glob("*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for path in files:
        heading = path.read_text(encoding="utf-8").partition("\n")[0]
        assert re.match(r"# (\d+)\. ", heading), path.name
        assert int(heading[2:].partition(".")[0]) == int(path.name[:4]), path.name


def test_links_to_decisions_lead_to_the_number_that_they_name() -> None:
    for path in FOLDER.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        for number, name in re.findall(r"\[ADR (\d+)\]\((\d{4}-[\w-]+\.md)\)", text):
            assert (FOLDER / name).is_file(), f"{path.name}: {name}"
            assert int(number) == int(name[:4]), f"{path.name}: {name}"
