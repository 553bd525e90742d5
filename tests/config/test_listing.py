"""`mxcheck config`: what holds, and from where; nothing secret."""

import io
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mxcheck.cli import program
from mxcheck.config.errors import ConfigError
from mxcheck.config.flags import FLAGS, Flags, Section
from mxcheck.config.listing import list_config

HIDDEN = "s3cret-word"
FILE = f"""\
[policy]
min_cert_days = 21
levels = {{ "smtp-slow" = "off" }}
[probe]
resolver = ["https://dns.example.com/dns-query?key={HIDDEN}"]
canaries = ["mx.example.net", "2001:db8::1"]
[[domain]]
name = "a.example"
min_cert_days = 30
relay = "off"
[[waiver]]
rule = "cert-expiring"
domain = "a.example"
until = 2026-12-31
reason = "OPS-1"
"""


def listed(
    folder: Path, flags: Flags, environ: dict[str, str] | None = None, stdin: str = ""
) -> dict[str, str]:
    """What is listed, and from where."""
    lines = list_config(flags, environ or {}, folder, io.StringIO(stdin))
    rows = (line.strip().rpartition("  ") for line in lines if line.startswith("  "))
    return {what.strip(): where for what, _, where in rows}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mxcheck.toml").write_text(FILE)
    (tmp_path / "more.txt").write_text("c.example\n")
    return tmp_path


def test_each_setting_has_its_source(folder: Path) -> None:
    flags: Flags = {
        "domains": ("b.example",),
        "domains_file": ("more.txt",),
        "min_tls": ("1.3",),
        "levels": ("mx-null=off",),
        "json": ("-",),
    }
    rows = listed(folder, flags, {"MXCHECK_RETRIES": "1", "MXCHECK_MIN_TLS": "1.1"})
    for what, where in {
        "a.example": "mxcheck.toml:8",
        "b.example": "argument",
        "c.example": "more.txt:1",
        'min_tls = "1.3"': "--min-tls",
        "min_cert_days = 21": "mxcheck.toml:2",
        "min_cert_days = 30": "mxcheck.toml:9",
        'relay = "basic"': "default",
        'relay = "off"': "mxcheck.toml:10",
        'levels.smtp-slow = "off"': "mxcheck.toml:3",
        'levels.mx-null = "off"': "--level",
        "retries = 1": "MXCHECK_RETRIES",
        "timeout = 30": "default",
        "ca_file is not set": "default",
        'canaries = ["mx.example.net:25", "[2001:db8::1]:25"]': "mxcheck.toml:6",
        'json = "-"': "--json",
        'cert-expiring a.example until 2026-12-31: "OPS-1"': "mxcheck.toml:11",
        'color = "auto"': "default",
    }.items():
        assert rows[what] == where, what


def test_every_key_is_listed(tmp_path: Path) -> None:
    text = "\n".join(list_config({"domains": ("a.example",)}, {}, tmp_path, None))
    for flag in FLAGS:
        if flag.section in {Section.POLICY, Section.PROBE, Section.SCREEN}:
            assert f"\n  {flag.key} " in text
    assert text.startswith("config file: none\n")


def test_no_domain_is_no_fault(tmp_path: Path) -> None:
    lines = list(list_config({}, {}, tmp_path, None))
    assert "  none: mxcheck check needs one, as an argument for example" in lines


@pytest.mark.parametrize("variable", ["NO_COLOR", "FORCE_COLOR"])
def test_variables_of_all_programs_are_named(tmp_path: Path, variable: str) -> None:
    assert variable in listed(tmp_path, {}, {variable: "1"}).values()


def test_faults_are_those_of_a_check(folder: Path) -> None:
    with pytest.raises(ConfigError, match="--min-tls"):
        list(list_config({"min_tls": ("3",)}, {}, folder, None))


def test_nothing_secret_is_shown(folder: Path) -> None:
    flags: Flags = {
        "resolver": (f"https://dns.example.com/q?token={HIDDEN}",),
        "json": (f"https://user:{HIDDEN}@example.com/x",),
        "junit_xml": (HIDDEN,),
    }
    environ = {"MXCHECK_RESOLVER": f"https://h.example/q?key={HIDDEN}", "CI_TOKEN": HIDDEN}
    text = "\n".join(list_config(flags, environ, folder, None))
    assert HIDDEN not in text
    assert 'resolver = ["https://dns.example.com/q?…"]' in text


def test_the_command_prints_it_inert_and_contacts_nobody(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(program.commands, ["config", "--json", "\x1b[31m##[group]"])
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "##[" not in result.stdout
    assert "https://dns.example.com/dns-query?…" in result.stdout
    result = CliRunner().invoke(program.commands, ["config", "x", "--port", "0"])
    assert result.exit_code == 2
    assert {line.partition(":")[0] for line in result.stderr.splitlines()} == {"--port", "DOMAIN"}
