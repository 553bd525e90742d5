"""SIGINT and SIGTERM: a run that is told to stop ends in an orderly way."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest

from mxcheck.cli import main as cli
from mxcheck.console.signals import ignore_first_signal, undisturbed
from mxcheck.probe.run import ProbeRun
from mxcheck.probe.settings import PlainResolver, ProbeSettings
from tests.build import evidence_of
from tests.saving import saved_text
from tests.seen import MX_ALONE, ROOT, environment, program

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def ours(_number: int, _frame: object) -> None:
    """A handler that a test can recognise."""


@pytest.fixture
def _our_handlers() -> Iterator[None]:
    before = [signal.signal(number, ours) for number in SIGNALS]
    yield
    for number, handler in zip(SIGNALS, before, strict=True):
        signal.signal(number, handler)


def handlers() -> list[object]:
    return [signal.getsignal(number) for number in SIGNALS]


@pytest.mark.usefixtures("_our_handlers")
@pytest.mark.parametrize("number", [None, *SIGNALS])
def test_the_probe_leaves_the_handlers_as_they_were(
    number: signal.Signals | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    during: list[object] = []

    async def stages(*_: object) -> None:
        during.extend(handlers())
        if number:
            signal.raise_signal(number)

    monkeypatch.setattr(ProbeRun, "_stages", stages)
    settings = ProbeSettings(resolvers=(PlainResolver(address="127.0.0.1"),))
    ProbeRun(targets=(), settings=settings).gather()
    assert ours not in during
    assert handlers() == [ours, ours]


@pytest.mark.usefixtures("_our_handlers")
@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_held_off_and_the_handlers_come_back(number: signal.Signals) -> None:
    during: list[object] = []

    def disturbed_and_broken() -> None:
        with undisturbed():
            os.kill(os.getpid(), number)
            during.extend(handlers())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        disturbed_and_broken()
    assert during == [signal.SIG_IGN, signal.SIG_IGN]
    assert handlers() == [ours, ours]


@pytest.mark.usefixtures("_our_handlers")
@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("later", SIGNALS)
def test_a_second_signal_gets_through_and_the_handlers_come_back(
    number: signal.Signals, later: signal.Signals
) -> None:
    told: list[signal.Signals] = []

    def told_twice() -> None:
        with ignore_first_signal():
            for one in (number, later):
                told.append(one)
                signal.raise_signal(one)
            told.clear()

    with pytest.raises(KeyboardInterrupt):
        told_twice()
    assert told == [number, later]
    assert handlers() == [ours, ours]


def full_pipe(path: Path) -> int:
    """A pipe into which nothing goes any more, and that is open for reading."""
    os.mkfifo(path)
    end = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    with contextlib.suppress(BlockingIOError):
        while os.write(end, b"x" * 4096):
            pass
    os.set_blocking(end, True)
    return end


def send_until_it_ends(process: subprocess.Popen[bytes]) -> None:
    for number in islice(cycle(SIGNALS), 20):
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
            return
    process.kill()


@pytest.mark.parametrize("full", [("stdout",), ("stderr",), ("stdout", "stderr"), ()])
def test_signals_get_through_where_nobody_drains_what_is_written(
    full: tuple[str, ...], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "unread")  # which there is something to be said about
    end = full_pipe(tmp_path / "full")
    report = tmp_path / "report.json"
    at = "unread" if full else "full"
    ends = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL) | dict.fromkeys(full, end)
    with subprocess.Popen(
        program(*MX_ALONE, "--json", str(report), "--sarif", str(tmp_path / at)),
        cwd=ROOT,
        env=environment(),
        stdout=ends["stdout"],
        stderr=ends["stderr"],
    ) as process:
        while not report.exists():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.01)
        # Signals that arrive too early are ignored.
        send_until_it_ends(process)
    os.close(end)
    assert process.returncode == 130
    assert json.loads(report.read_text())["exit_code"] == 0


@pytest.mark.usefixtures("_our_handlers")
def test_beside_the_main_thread_signals_are_left_alone() -> None:
    during: list[object] = []

    def work() -> None:
        with undisturbed():
            during.extend(handlers())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert during == [ours, ours]


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_judging_with_130_and_its_reports(number: int, tmp_path: Path) -> None:
    program = (
        "import signal, sys\n"
        "from mxcheck import app\n"
        "from mxcheck.cli import main as cli\n"
        "def begun(bench):\n"
        "    print('judging', file=sys.stderr, flush=True)\n"
        "    signal.pause()\n"
        "app.judge_domain = begun\n"
        "sys.argv[0] = 'mxcheck'\n"
        "cli.main()\n"
    )
    evidence, path = tmp_path / "evidence.json", tmp_path / "report.json"
    evidence.write_text(saved_text(evidence_of()))
    command = (sys.executable, "-c", program, "judge", str(evidence), "--json", str(path))
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"judging\n"
        process.send_signal(number)
        out, _ = process.communicate()
    assert process.returncode == 130
    assert b"interrupted" in out
    assert json.loads(path.read_text())["exit_code"] == 130


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_with_130_and_its_reports(number: int, tmp_path: Path) -> None:
    # The program asks a resolver that never answers, and says on stderr when it has begun.
    program = (
        "import socket, sys\n"
        "from mxcheck.cli import main as cli\n"
        "silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "silent.bind(('127.0.0.1', 0))\n"
        "resolver = f'127.0.0.1:{silent.getsockname()[1]}'\n"
        "flags = ['--resolver', resolver, '--json', sys.argv[1]]\n"
        "sys.argv = ['mxcheck', 'check', 'example.com', *flags]\n"
        "cli.main()\n"
    )
    path = tmp_path / "report.json"
    command = (sys.executable, "-c", program, str(path))
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith(b"mxcheck: looking up domains: ")
        process.send_signal(number)
        out, _ = process.communicate()
    assert process.returncode == 130
    assert b"interrupted" in out
    assert json.loads(path.read_text())["exit_code"] == 130


@pytest.mark.parametrize("number", SIGNALS)
@pytest.mark.parametrize("later", SIGNALS)
def test_another_signal_on_the_way_out_changes_nothing(
    number: signal.Signals, later: signal.Signals
) -> None:
    # What is left of the program when Python has taken its handlers away waits for the test.
    program = (
        "import os, signal, sys\n"
        "from mxcheck.cli import main as cli\n"
        "from mxcheck.cli.commands import rules\n"
        "class Late:\n"
        "    def __del__(self, write=os.write, read=os.read):\n"
        "        write(2, b'late\\n')\n"
        "        read(0, 1)\n"
        "late = Late()\n"
        "def begun(**_):\n"
        "    print('begun', file=sys.stderr, flush=True)\n"
        "    signal.pause()\n"
        "rules._rules = begun\n"
        "sys.argv = ['mxcheck', 'rules']\n"
        "cli.main()\n"
    )
    command = (sys.executable, "-c", program)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stderr=pipe, stdout=pipe) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == b"begun\n"
        process.send_signal(number)
        assert process.stderr.readline() == b"mxcheck: interrupted\n"
        assert process.stderr.readline() == b"late\n"
        process.send_signal(later)
        process.communicate(b"\n")
    assert process.returncode == 130


@pytest.mark.parametrize("number", SIGNALS)
def test_another_signal_while_the_first_is_named_changes_nothing(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli, "guard", lambda _: 130)
    monkeypatch.setattr(cli, "complain", lambda _: signal.raise_signal(number))
    before = handlers()
    try:
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert handlers() == [signal.SIG_IGN, signal.SIG_IGN]
    finally:
        for one, handler in zip(SIGNALS, before, strict=True):
            signal.signal(one, handler)  # type: ignore[arg-type]
    assert ended.value.code == 130
