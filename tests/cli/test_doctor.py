"""`mxcheck doctor`: its flags, what it prints, its exit codes."""

import pytest
from typer.testing import CliRunner

from mxcheck.cli.program import commands
from mxcheck.evidence.surroundings import Surroundings
from mxcheck.probe.doctor import examine as module
from mxcheck.probe.settings import PlainResolver, ProbeSettings
from tests.judge.doctor.test_diagnose import DROPPED, GOOD


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ProbeSettings]:
    """The settings under which surroundings were looked at; all is well there."""
    seen: list[ProbeSettings] = []

    def look(settings: ProbeSettings) -> Surroundings:
        seen.append(settings)
        return GOOD

    monkeypatch.setattr(module, "examine", look)
    return seen


def test_it_takes_the_flags_of_the_network(asked: list[ProbeSettings]) -> None:
    flags = (
        "-4",
        "--resolver",
        "192.0.2.53",
        "--canary",
        "mx.example.net",
        "--ehlo-name",
        "a.b.example",
    )
    result = CliRunner().invoke(commands, ["doctor", *flags])
    assert result.exit_code == 0
    (settings,) = asked
    assert settings.families == (4,)
    assert settings.resolvers == (PlainResolver(address="192.0.2.53"),)
    assert settings.canaries == (("mx.example.net", 25),)
    assert settings.ehlo_name == "a.b.example"
    assert "ok       Python          3.11.7, with OpenSSL" in result.stdout
    assert result.stdout.endswith("exit code 0: domains can be checked from here\n")


def test_it_ends_with_3_where_results_would_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = Surroundings(
        python=GOOD.python,
        openssl=GOOD.openssl,
        port=25,
        resolvers=GOOD.resolvers,
        routes=GOOD.routes,
        way=None,
        canaries=(DROPPED,),
        ehlo=GOOD.ehlo,
    )
    monkeypatch.setattr(module, "examine", lambda _settings: closed)
    result = CliRunner().invoke(commands, ["doctor"])
    assert result.exit_code == 3
    assert "PROBLEM  port 25, IPv4" in result.stdout


def test_a_bad_flag_is_refused(asked: list[ProbeSettings]) -> None:
    result = CliRunner().invoke(commands, ["doctor", "--resolver", "nonsense"])
    assert result.exit_code == 2
    assert "--resolver" in result.stderr
    assert asked == []
