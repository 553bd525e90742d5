"""What holds in every test: how properties are tried out, and the promise of SECURITY.md."""

import tests.environment  # noqa: F401 # before what reads it when it is imported

# isort: split
import gc
import os
import signal
from collections.abc import Iterator
from functools import cache
from ssl import OPENSSL_VERSION

import pytest
from hypothesis import settings
from typer.main import get_command

from mxcheck.demo.loopback import Connection
from tests.openssl import version
from tests.promise import Listeners
from tests.vectors.tally import summary

# Thousands of tests stay in memory: to look through them for garbage as often as Python would
# costs a fifth of all that the tests compute.
gc.set_threshold(50_000, 20, 20)

# A shell lets what runs in its background ignore SIGINT, which the programs of tests would inherit.
signal.signal(signal.SIGINT, signal.default_int_handler)

# In a job of GitHub or GitLab the programs of tests would show colours.
for _name in ("GITHUB_ACTIONS", "GITLAB_CI"):
    os.environ.pop(_name, None)

# The suite tries the same examples every time; `make fuzz` many others, from a seed that it prints.
settings.register_profile(
    "suite", derandomize=True, database=None, deadline=None, max_examples=120, print_blob=True
)
settings.register_profile("fuzz", database=None, deadline=None, max_examples=3000, print_blob=True)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def listeners() -> Iterator[Listeners]:
    """Every connection to a server on loopback, whichever it is and whoever starts it."""
    known = Listeners()
    receive = Connection.data_received

    def hear(self: Connection, data: bytes) -> None:
        before = len(self.received)
        receive(self, data)
        known.hear(self, bytes(self.received[before:]))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "data_received", hear)
        yield known
    assert known.look() == []


@pytest.fixture(scope="session", autouse=True)
def commands_made_once() -> Iterator[None]:
    """Typer's runner makes the commands anew for each call, which takes longer than most calls."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("typer.testing._get_command", cache(get_command))
        yield


@pytest.fixture(autouse=True)
def nothing_harmful(listeners: Listeners) -> Iterator[None]:
    """No server of any test is ever sent a command that could deliver, look up or log in."""
    yield
    assert listeners.look() == []


@pytest.fixture(autouse=True)
def handlers_kept() -> Iterator[None]:
    """No test leaves signals in other hands: programs that are started later would inherit that.

    Runs that go on side by side do not give them back in the order of taking them.
    """
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how the verdicts compare with OpenSSL's, and which suites were not there for that."""
    reports = [
        report
        for outcome in ("passed", "failed", "skipped")
        for report in terminalreporter.getreports(outcome)
        if isinstance(report, pytest.TestReport)
    ]
    lines = list(summary(reports))
    if lines:
        terminalreporter.section(f"compared with the system's {version()}")
        terminalreporter.line(f"Python's ssl uses {OPENSSL_VERSION}")
        for line in lines:
            terminalreporter.line(line)
