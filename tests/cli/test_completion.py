"""What a shell completes."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from mxcheck.cli import main as cli
from mxcheck.rules import RULES

FAMILIES = {str(rule.family) for rule in RULES}
IDS = {rule.id for rule in RULES}


def completed(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> set[str]:
    """What is offered for the last word of a line."""
    words = line.split(" ")
    monkeypatch.setenv("_MXCHECK_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    monkeypatch.setattr("sys.argv", ["mxcheck"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    return set(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("mxcheck ex", {"explain"}),
        ("mxcheck explain ", IDS | FAMILIES),
        ("mxcheck explain dane-mi", {"dane-mismatch", "dane-missing"}),
        ("mxcheck schema ", {"config", "report", "evidence"}),
        ("mxcheck check --min-t", {"--min-tls"}),
        ("mxcheck check --relay ", {"basic", "thorough", "off"}),
        ("mxcheck check --fail-on w", {"warning"}),
        ("mxcheck check --select relay,dane-mis", {"relay,dane-mismatch", "relay,dane-missing"}),
        ("mxcheck check --select dane-missing,dane-missin", set()),
        ("mxcheck judge --ignore mta", None),
        ("mxcheck check --require dn", {"dnssec"}),
        ("mxcheck check --level dane-mis", {"dane-mismatch=", "dane-missing="}),
        (
            "mxcheck check --level mx-null=",
            {f"mx-null={one}" for one in ("error", "warning", "off")},
        ),
        ("mxcheck check --junit-xml ", set()),
        ("mxcheck check ", set()),
        ("mxcheck check --port ", set()),
    ],
)
def test_what_is_offered(
    line: str,
    offered: set[str] | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = completed(line, monkeypatch, capsys)
    if offered is None:
        offered = {name for name in IDS | FAMILIES if name.startswith("mta")}
    assert found == offered


def test_bash_completes_with_the_script_that_is_shown() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "mxcheck", "--show-completion", "bash"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    session = (
        f"{shown}\nCOMP_WORDS=(mxcheck explain open-r)\nCOMP_CWORD=2\n"
        "_mxcheck_completion mxcheck\necho ${COMPREPLY[@]}\n"
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", session],
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert shlex.split(done.stdout) == ["open-relay"]
    assert not done.stderr
