"""What a run with hostile words prints and writes: the reports that were asked for, and no more."""

import dataclasses
from pathlib import Path

import pytest

from mxcheck.app import report
from mxcheck.config.output import ReportRequest
from mxcheck.report import REPORTS
from tests.hostile_words.payloads import PAYLOADS
from tests.hostile_words.test_every_report import (
    KINDS,
    OUR_COLOURS,
    assert_lines,
    config_of,
    part_of,
)
from tests.hostile_words.walking import Words


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_are_those_that_were_asked_for(
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    requests = [ReportRequest(format=name, path=f"reports/{name}") for name in REPORTS]
    report(part_of(kind), config_of(kind, *requests))
    assert sorted(path.name for path in here.rglob("*")) == sorted(["reports", *REPORTS])
    assert list(tmp_path.iterdir()) == [here]
    out, err = capsys.readouterr()
    assert err == ""
    # In colour, and of all that a terminal obeys, in nothing else.
    assert_lines(OUR_COLOURS.sub("", out))


# A path that leads upwards would be written to, as asked; a NUL is in no path.
IN_PATHS = [kind for kind, words in PAYLOADS.items() if not {"\0", ".."} & {*words, words[:2]}]


@pytest.mark.parametrize("kind", IN_PATHS)
def test_a_complaint_about_a_file_is_one_line(
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("in the way")
    requests = [ReportRequest(format="json", path=f"file/{Words(PAYLOADS[kind]).escaped}")]
    config = dataclasses.replace(config_of("formula"), reports=tuple(requests))
    report(part_of("formula"), config)
    complaint = capsys.readouterr().err.removesuffix("\n")
    assert complaint.startswith("mxcheck: the report ")
    assert "\n" not in complaint
    assert_lines(complaint)
