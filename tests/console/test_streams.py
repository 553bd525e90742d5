"""The real program in front of a terminal, a pipe, a full disk and closed ends."""

from pathlib import Path

import pytest

from tests.seen import MX_ALONE, run_on_terminals, run_shell

FULL = "No space left on device"
ANSI = "\x1b["
STARTED = "mxcheck: looking up domains: 0 of 1"
PROGRESS = "looking up domains: 0 of 1"


@pytest.mark.parametrize(
    ("arguments", "redirections", "line"),
    [
        (("rules",), ">/dev/full", f"mxcheck: stdout: {FULL}"),
        (("explain", "open-relay"), ">/dev/full", f"mxcheck: stdout: {FULL}"),
        (("--version",), ">/dev/full", f"mxcheck: stdout: {FULL}"),
        (("rules",), ">&-", "mxcheck: stdout is closed"),
        (
            MX_ALONE,
            ">/dev/full",
            f"mxcheck: the text report could not be printed: stdout: {FULL}",
        ),
        (MX_ALONE, ">&-", "mxcheck: the text report could not be printed: stdout is closed"),
        (
            (*MX_ALONE, "--json", "-"),
            ">&-",
            "mxcheck: the report - could not be written: stdout is closed",
        ),
        (
            (*MX_ALONE, "--json", "-"),
            ">/dev/full",
            f"mxcheck: the report - could not be written: stdout: {FULL}",
        ),
        ((*MX_ALONE, "--domains-file", "-"), "<&-", "stdin: is closed"),
    ],
)
def test_an_end_that_takes_or_gives_nothing_is_named_in_one_line(
    arguments: tuple[str, ...], redirections: str, line: str
) -> None:
    process = run_shell(arguments, redirections)
    complaint = process.stderr.removeprefix(f"{STARTED}\n")
    assert (process.returncode, complaint) == (2, f"{line}\n")


@pytest.mark.parametrize("redirections", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (MX_ALONE, 0),
        (("check",), 2),
        ((*MX_ALONE, "--json", "/dev/null/report"), 2),
        (("check", "example.com", "--select", "cert"), 1),
    ],
)
def test_without_stderr_the_exit_code_still_tells(
    arguments: tuple[str, ...], code: int, redirections: str
) -> None:
    assert run_shell(arguments, redirections).returncode == code


def test_a_pipe_gets_plain_text_and_one_line_of_progress() -> None:
    process = run_shell(MX_ALONE)
    assert process.returncode == 0
    assert "PASS" in process.stdout
    assert ANSI not in process.stdout
    assert process.stderr == f"{STARTED}\n"
    assert not run_shell((*MX_ALONE, "--quiet")).stderr


@pytest.mark.parametrize("name", ["GITHUB_ACTIONS", "GITLAB_CI"])
def test_the_log_of_a_ci_job_gets_colours_and_a_file_does_not(name: str, tmp_path: Path) -> None:
    job = {name: "true"}
    assert ANSI in run_shell(MX_ALONE, **job).stdout
    assert ANSI not in run_shell(MX_ALONE, **job, NO_COLOR="1").stdout
    assert ANSI not in run_shell((*MX_ALONE, "--color", "never"), **job).stdout
    run_shell(MX_ALONE, f"> {tmp_path / 'report.txt'}", **job)
    assert ANSI not in (tmp_path / "report.txt").read_text()


def test_a_terminal_gets_colours_and_a_progress_line_on_stderr() -> None:
    out, err = run_on_terminals(*MX_ALONE)
    assert ANSI in out
    assert "PASS" in out
    assert PROGRESS not in out
    assert PROGRESS in err


@pytest.mark.parametrize(
    ("arguments", "environ"),
    [(("--color", "never"), {}), ((), {"NO_COLOR": "1"}), ((), {"MXCHECK_COLOR": "never"})],
)
def test_a_terminal_stays_plain_where_that_is_wanted(
    arguments: tuple[str, ...], environ: dict[str, str]
) -> None:
    out, _ = run_on_terminals(*MX_ALONE, *arguments, **environ)
    assert "PASS" in out
    assert ANSI not in out


def test_a_quiet_run_shows_no_progress() -> None:
    _, err = run_on_terminals(*MX_ALONE, "--quiet")
    assert not err


def test_colours_that_are_asked_for_come_whatever_the_environment_says() -> None:
    process = run_shell((*MX_ALONE, "--color", "always"), NO_COLOR="1", TERM="dumb")
    assert "\x1b[3" in process.stdout or "\x1b[1;3" in process.stdout
