"""Configurations that nobody writes by accident: each has its plain result, and none takes long."""

import subprocess
import sys
from pathlib import Path

import pytest

from mxcheck.config.errors import MAX_LINES
from mxcheck.console.output import write_report
from tests.config.configs import load, refusal
from tests.seen import ROOT, environment

REMOVED = """
import os, shutil, sys
folder = sys.argv.pop(1)
os.chdir(folder)
shutil.rmtree(folder)
from mxcheck.cli import main as cli
cli.main()
"""


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "example.com"], 2),
        (["check", "example.com", "--config", "/dev/null", "--json", "-"], 2),
        (["judge", "evidence.json"], 2),
        (["init"], 2),
        (["rules"], 0),
        (["--version"], 0),
    ],
)
def test_a_working_folder_that_is_gone(arguments: list[str], code: int, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", REMOVED, str(tmp_path / "gone"), *arguments],
        env=environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == (code != 0)
    assert ("No such file or directory" in done.stderr) is (code != 0)


def test_a_report_elsewhere_is_written_if_the_folder_goes_during_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    write_report(str(tmp_path / "report.json"), "text")
    assert (tmp_path / "report.json").read_text() == "text"
    with pytest.raises(OSError, match="No such file or directory"):
        write_report("report.json", "text")
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("file", "count", "line"),
    [
        ("k{i} = 1\n", 50_000, "k99"),
        ("[[domain]]\n", 50_000, "domain.name: is required"),
        ('[[domain]]\nname = "{i}"\n', 10_000, "is not a full domain name"),
        ('[[domain]]\nname = "a.example"\n', 10_000, 'domain.name: "a.example"'),
        ('[[waiver]]\nrule = "{i}"\n', 10_000, "waiver."),
    ],
)
def test_of_many_faults_the_first_are_told(
    file: str, count: int, line: str, tmp_path: Path
) -> None:
    text = "".join(file.replace("{i}", str(number)) for number in range(count))
    lines = refusal(tmp_path, file=text)
    assert len(lines) == MAX_LINES + 1
    assert line in lines[-2]
    assert lines[-1].startswith("and ")
    assert lines[-1].endswith(" more")
    assert int(lines[-1].split()[1]) >= count - MAX_LINES - 1


@pytest.mark.timeout(60)
def test_one_fault_on_every_line_is_told_once(tmp_path: Path) -> None:
    names = ", ".join(['"x"'] * 50_000)
    assert refusal(tmp_path, file=f"[policy]\nselect = [{names}]\n") == (
        'mxcheck.toml:2: policy.select: "x" is not a rule or family',
    )


@pytest.mark.timeout(60)
def test_many_faults_of_several_sources_are_counted_together(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("bad name\n" * 1000)
    file = "".join(f"k{number} = 1\n" for number in range(1000))
    lines = refusal(tmp_path, {"domains_file": ("names.txt",), "min_tls": ("9",)}, file=file)
    assert lines[-1] == f"and {2001 - MAX_LINES} more"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("own", ["", "min_cert_days = 3\n"])
def test_many_domains_are_read_in_time_that_grows_with_the_file(own: str, tmp_path: Path) -> None:
    count = 20_000 if not own else 12_000
    tables = (f'[[domain]]\nname = "d{number}.example"\n{own}' for number in range(count))
    config = load(tmp_path, {"domains": ()}, file="".join(tables))
    assert len(config.targets) == count
    assert {target.policy.min_cert_days for target in config.targets} == {3 if own else None}
    assert (
        str(config.targets[-1].location) == f"mxcheck.toml:{count * (3 if own else 2) - bool(own)}"
    )
