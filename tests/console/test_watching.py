"""The progress of a run on stderr."""

import io
import os
import sys
from pathlib import Path

import pytest

from mxcheck.config.output import Screen
from mxcheck.console.watching import watch
from mxcheck.probe.progress import Stage

BEGUN = Stage(name="looking up domains", total=5, waiting=("a.example", "b.example"))
LATER = Stage(name="visiting MX hosts", done=3, total=5, waiting=("mx1.example", "mx2.example"))


def test_a_log_gets_a_line_at_the_start_and_one_for_each_heartbeat(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with watch(Screen()) as watcher:
        for stage in (BEGUN, LATER):
            watcher.progress(stage)
        for _ in range(2):
            watcher.heartbeat(LATER)
    words = "visiting MX hosts: 3 of 5, waiting for mx1.example, mx2.example"
    assert capsys.readouterr().err.splitlines() == [
        "mxcheck: looking up domains: 0 of 5, waiting for a.example, b.example, …",
        f"mxcheck: after 30 s: {words}",
        f"mxcheck: after 60 s: {words}",
    ]


def test_a_quiet_run_and_one_that_takes_no_time_say_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for screen, takes_long in ((Screen(quiet=True), True), (Screen(), False)):
        with watch(screen, takes_long=takes_long) as watcher:
            watcher.progress(BEGUN)
            watcher.heartbeat(LATER)
    assert not capsys.readouterr().err


def test_names_of_others_are_inert(capsys: pytest.CaptureFixture[str]) -> None:
    with watch(Screen()) as watcher:
        watcher.progress(
            Stage(name="visiting MX hosts", total=1, waiting=("\x1b[31m\n::error::x",))
        )
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "\x1b" not in err


class Terminal(io.StringIO):
    """A stderr that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_names_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with watch(Screen()) as watcher:
        watcher.progress(
            Stage(name="visiting MX hosts", total=1, waiting=("[red]mx.example[/red]",))
        )
    assert "visiting MX hosts: 0 of 1, waiting for [red]mx.example[/red]" in terminal.getvalue()


def test_a_run_does_not_wait_for_a_reader_of_its_progress(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "log")
    reader = os.open(tmp_path / "log", os.O_RDONLY | os.O_NONBLOCK)
    with (tmp_path / "log").open("w") as log:
        monkeypatch.setattr(sys, "stderr", log)
        with watch(Screen()) as watcher:
            watcher.progress(BEGUN)
            for _ in range(5000):  # more than a pipe takes
                watcher.heartbeat(LATER)
    text = os.read(reader, 4096).decode()
    os.close(reader)
    assert text.startswith("mxcheck: looking up domains: 0 of 5")
