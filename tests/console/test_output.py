"""Where reports go: files, links, pipes, devices, stdout."""

import os
import select
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from mxcheck.config.output import Screen
from mxcheck.console.output import show, write_report
from tests.report import verdicts
from tests.seen import ROOT


def test_a_file_is_replaced_and_may_be_read_by_others(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "report.json"
    write_report(str(path), "old")
    before = path.stat().st_ino
    write_report(str(path), "new")
    assert path.read_text() == "new"
    assert path.stat().st_ino != before
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    assert list(path.parent.iterdir()) == [path]


KILLED = """
import os, signal, sys
from mxcheck.config.output import Screen
from mxcheck.console.output import show, write_report

def kill(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)

setattr(os, sys.argv[1], kill)
write_report(sys.argv[2], "new")
"""


@pytest.mark.parametrize("moment", ["write", "fsync", "link"])
@pytest.mark.parametrize("old", ["old", ""])
def test_a_run_that_is_killed_leaves_nothing_behind(moment: str, old: str, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text("old")
    if not old:
        path.unlink()
    command = [sys.executable, "-c", KILLED, moment, str(path)]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert {entry.name: entry.read_text() for entry in tmp_path.iterdir()} == (
        {"report.json": "old"} if old else {}
    )


@pytest.mark.parametrize("old", ["old", ""])
def test_a_file_system_without_unnamed_files_is_written_to(
    old: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mxcheck.console.report_file._UNNAMED", 0)
    path = tmp_path / "report.json"
    if old:
        path.write_text(old)
    write_report(str(path), "new")
    assert {entry.name: entry.read_text() for entry in tmp_path.iterdir()} == {"report.json": "new"}
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask


@pytest.mark.parametrize("unnamed", [True, False])
def test_a_folder_in_the_way_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, unnamed: bool
) -> None:
    if not unnamed:
        monkeypatch.setattr("mxcheck.console.report_file._UNNAMED", 0)
    (tmp_path / "report").mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        write_report(str(tmp_path / "report"), "text")
    assert [entry.name for entry in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_stays_a_link(*, there: bool, tmp_path: Path) -> None:
    target, link = tmp_path / "elsewhere" / "target", tmp_path / "link"
    if there:
        target.parent.mkdir()
        target.write_text("old")
    link.symlink_to(target)
    write_report(str(link), "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert not target.is_symlink()


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_report(str(pipe), "Grüße")
        assert os.read(reader, 100).decode() == "Grüße"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_pipe_without_a_path_is_written_to() -> None:
    reader, writer = os.pipe()
    try:
        write_report(f"/dev/fd/{writer}", "text")
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)
        os.close(writer)


def test_a_pipe_takes_more_than_it_holds(tmp_path: Path) -> None:
    pipe, text = tmp_path / "pipe", "x" * 2**20
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as others:
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(reader, True)
        writing = others.submit(write_report, str(pipe), text)
        with os.fdopen(reader, encoding="utf-8") as file:
            # An end that nobody has opened yet reads as an empty file does.
            select.select([file], [], [])
            assert file.read() == text
        writing.result()


def test_a_pipe_that_nobody_reads_raises(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="is a pipe that nobody reads"):
        write_report(str(pipe), "text")
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_device_is_written_to(tmp_path: Path) -> None:
    device = tmp_path / "null"
    try:
        os.mknod(device, stat.S_IFCHR | 0o600, os.makedev(1, 3))
        device.write_text("can it be opened?")
    except PermissionError:
        pytest.skip("only root makes devices, and only where the file system has them")
    write_report(str(device), "text")
    assert device.is_char_device()


@pytest.mark.parametrize("name", ["/dev/null/report", "file/report"])
def test_what_cannot_be_written_raises(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        write_report(name, "text")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_a_closed_stdout_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(OSError, match="stdout is closed"):
        write_report("-", "text")


@pytest.mark.parametrize(
    ("terminal", "columns", "width"),
    [
        (None, "", 80),
        (None, "60", 60),
        (60, "", 60),
        (200, "", 100),
        (90, "70", 70),
        (5, "", 40),
        (0, "", 80),  # a terminal that does not know
    ],
)
def test_the_text_report_is_as_wide_as_the_terminal(
    terminal: int | None,
    columns: str,
    width: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def size(_: int) -> os.terminal_size:
        if terminal is None:
            raise OSError
        return os.terminal_size((terminal, 24))

    monkeypatch.setattr(os, "get_terminal_size", size)
    monkeypatch.setenv("COLUMNS", columns)
    show(replace(verdicts.closed(), notes=("word " * 200,)), Screen())
    note = capsys.readouterr().out.split("\n\n")[1]
    assert width - 5 < max(map(len, note.splitlines())) <= width
