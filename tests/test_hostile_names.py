"""File names come from a pipeline's inputs: output that quotes them gives it no commands."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from mxcheck.cli.program import commands

NAME = "x\n::notice title=hacked::hacked"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--config", NAME),
        ("--domains-file", NAME),
        ("--ca-file", NAME, "a.example"),
        ("--junit-xml", f"{NAME}/report.xml", "a.example"),
        (NAME,),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_message_about_a_file_is_one_line(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / NAME).write_text("in the way")
    silent = ("--resolver", "127.0.0.1:9", "--retries", "0", "--select", "mx-missing")
    result = CliRunner().invoke(commands, ["check", *arguments, *silent])
    assert result.exit_code
    assert "hacked" in result.output
    assert not any(line.startswith("::") for line in result.output.splitlines()), result.output
