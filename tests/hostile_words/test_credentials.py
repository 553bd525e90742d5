"""A key or a password in a flag or in the environment is in nothing that a run says or writes."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mxcheck.cli.program import commands
from mxcheck.judge.verdict import Verdict
from mxcheck.probe.dns.resolvers import verifying_context
from mxcheck.report import REPORTS
from tests.probe.harness import closed_port

SECRET = "s3cret"  # noqa: S105 - what is looked for
PROXY = f"http://user:{SECRET}@proxy.example:3128"
ENVIRONMENT = {
    **dict.fromkeys(("GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "CI_JOB_TOKEN"), SECRET),
    **dict.fromkeys(("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "CI_JOB_JWT", "SMTP_PASSWORD"), SECRET),
    **dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy"), PROXY),
    "ACTIONS_ID_TOKEN_REQUEST_URL": f"https://token.example/?key={SECRET}",
    "MXCHECK_TOKEN": SECRET,
}
SILENT = ("--retries=0", "--timeout=5")


def run(folder: Path, *arguments: str, environ: Mapping[str, str]) -> str:
    """All that is printed and written, every report among it."""
    reports = [f"--{name}={folder / name}" for name in REPORTS]
    result = CliRunner().invoke(
        commands,
        ["check", "a.example", *reports, *SILENT, "--canary=none", "--verbose", *arguments],
        env={**ENVIRONMENT, **environ},
    )
    assert result.exit_code in {2, 3, 70}, result.output
    return result.output + "".join(path.read_text() for path in folder.iterdir())


@pytest.mark.parametrize("by_flag", [True, False])
def test_the_key_of_a_resolver_that_is_asked(tmp_path: Path, *, by_flag: bool) -> None:
    with closed_port() as nobody:
        url = f"https://127.0.0.1:{nobody.getsockname()[1]}/dns-query?key={SECRET}"
        flags = (f"--resolver={url}",) if by_flag else ()
        said = run(tmp_path, *flags, environ={} if by_flag else {"MXCHECK_RESOLVER": url})
    assert len(list(tmp_path.iterdir())) == len(REPORTS)
    assert "/dns-query?…" in said
    assert "MXCHECK_TOKEN is not the variable of any flag" in said
    assert SECRET not in said


@pytest.mark.parametrize(
    "text",
    [
        f"https://user:{SECRET}@dns.example/dns-query",
        f"https://{SECRET}@dns.example/dns-query",
        f"tls://user:{SECRET}@192.0.2.53",
        f"user:{SECRET}@192.0.2.53",
        f"http://dns.example/dns-query?key={SECRET}",
        f"https://dns.example:99999/dns-query?key={SECRET}",
        f"192.0.2.53?key={SECRET}",
    ],
)
@pytest.mark.parametrize("name", ["resolver", "ca_file", "cert_file", "config"])
@pytest.mark.parametrize("where", ["flag", "variable", "file"])
def test_a_password_that_is_refused(
    text: str, name: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if where == "file":
        value = f'["{text}"]' if name in {"resolver", "cert_file"} else f'"{text}"'
        Path("mxcheck.toml").write_text(f"[probe]\n{name} = {value}\n")
    flags = [f"--{name.replace('_', '-')}={text}"] if where == "flag" else []
    environ = {f"MXCHECK_{name.upper()}": text} if where == "variable" else {}
    result = CliRunner().invoke(commands, ["check", "a.example", *flags], env=environ)
    assert result.exit_code == 2
    assert SECRET not in result.output


@pytest.mark.parametrize("command", ["judge", "init", "explain", "schema"])
def test_a_password_that_another_command_is_given(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for text in (f"https://user:{SECRET}@h.example", f"https://h.example/?key={SECRET}"):
        result = CliRunner().invoke(commands, [command, text], env=ENVIRONMENT)
        assert result.exit_code == 2
        assert SECRET not in result.output


SPOKEN_OF = {
    "a URL": f"invalid URL https://user:{SECRET}@dns.example/",
    "a query": f"GET https://dns.example/dns-query?key={SECRET}: refused",
    "a token": f"header Authorization: Bearer {SECRET}",
    "the environment": repr(ENVIRONMENT),
}


@pytest.mark.parametrize("kind", SPOKEN_OF)
def test_a_password_that_a_bug_speaks_of(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: Verdict) -> str:
        raise ValueError(SPOKEN_OF[kind])

    monkeypatch.setattr("mxcheck.app.REPORTS", {**REPORTS, "junit-xml": crash})
    said = run(tmp_path, "--select=mx-missing", "--resolver=127.0.0.1:9", environ={})
    assert "Traceback" in said
    assert SECRET not in said


def test_no_keys_of_sessions_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "SSLKEYLOGFILE", str(tmp_path / "missing" / "keys"))
    assert verifying_context(b"").keylog_filename is None
