"""The command line, in front of an app that only says what it was asked."""

import json
import os
import signal
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest

import mxcheck
from mxcheck.cli import main as cli
from mxcheck.config.load import Config

HEAVY = {
    *("OpenSSL", "asyncio", "cryptography", "dns", "junit_xml", "pydantic", "rich", "ssl"),
    "typer",
}


class FakeApp(types.ModuleType):
    def __init__(self) -> None:
        super().__init__("mxcheck.app")
        self.configs: list[Config] = []
        self.outcome: Callable[[], int] = lambda: 0

    def check(self, config: Config, _settle: Callable[[], None]) -> int:
        self.configs.append(config)
        return self.outcome()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeApp:
    fake = FakeApp()
    monkeypatch.setitem(sys.modules, "mxcheck.app", fake)
    monkeypatch.setattr(mxcheck, "app", fake, raising=False)
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("MXCHECK_") or name in {"NO_COLOR", "FORCE_COLOR"}:
            monkeypatch.delenv(name)
    return fake


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["mxcheck", *arguments])
    before = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(SystemExit) as left:
            cli.main()
    finally:
        signal.signal(signal.SIGTERM, before)
    return left.value.code


@pytest.mark.parametrize("code", [0, 1, 3, 130])
def test_the_exit_code_is_that_of_the_verdict(
    code: int, app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.outcome = lambda: code
    assert run(monkeypatch, "check", "example.com") == code


def test_flags_and_environment_reach_the_configuration(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MXCHECK_PORT", "2525")
    monkeypatch.setenv("MXCHECK_IGNORE", "smtp-slow\nmx-implicit")
    flags = ("--min-cert-days", "3", "--level", "open-relay=off", "--level", "mx-null=warning")
    switches = ("-4", "--no-allow-private", "-q", "--canary", "none")
    arguments = ("b.example.com", *flags, *switches, "a.example.com", "--json", "-")
    assert run(monkeypatch, "check", *arguments) == 0
    [config] = app.configs
    assert [target.domain for target in config.targets] == ["b.example.com", "a.example.com"]
    assert (config.policy.min_cert_days, config.policy.levels["open-relay"]) == (3, "off")
    assert config.policy.levels["mx-null"] == "warning"
    assert config.policy.ignore == ("smtp-slow", "mx-implicit")
    assert (config.probe.port, config.probe.families, config.probe.canaries) == (2525, (4,), ())
    assert config.screen.quiet
    assert [report.path for report in config.reports] == ["-"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "example.com", "--min-tls", "1.5"], '--min-tls: "1.5" is not one of'),
        (["check"], "nothing to check"),
        (["check", "example.com", "--vai", "socks5://x"], "No such option: --vai"),
        (["check", "example.com", "--min-tsl", "1.2"], "--min-tls"),
        (["check", "example.com", "--require", "spf"], '--require: "spf" is not one of dnssec,'),
        (["chekc"], "Did you mean 'check'?"),
        (["explain", "open-rely"], '"open-rely" is not a rule'),
        (["explain"], "Missing argument"),
        (["demo", "--color", "red"], '--color: "red" is not one of'),
        (["judge", "evidence.json"], "evidence.json: cannot be read: No such file or directory"),
        (["judge"], "Missing argument 'EVIDENCE'"),
        (["judge", "evidence.json", "--retries", "1"], "No such option: --retries"),
    ],
)
@pytest.mark.usefixtures("app")
def test_bad_usage_is_named_on_stderr_and_leaves_with_2(
    arguments: list[str],
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, *arguments) == 2
    out, err = capsys.readouterr()
    assert message in err
    assert "Traceback" not in err
    assert not out


def test_all_faults_stand_one_a_line(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mxcheck.toml").write_text('[policy]\nmin_tls = "2"\nfail_no = "error"\n')
    assert run(monkeypatch, "check", "example.com") == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == ["mxcheck.toml:2", "mxcheck.toml:3"]
    assert not app.configs


def test_an_unknown_variable_is_a_warning(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MXCHECK_MIN_TSL", "1.3")
    assert run(monkeypatch, "check", "example.com") == 0
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(
        "mxcheck: warning: MXCHECK_MIN_TSL is not the variable of any flag; did you mean"
    )
    assert app.configs


def test_sigterm_ends_a_run_as_sigint_does(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def terminated() -> int:
        assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
        signal.raise_signal(signal.SIGTERM)
        return 0

    app.outcome = terminated
    assert run(monkeypatch, "check", "example.com") == 130


@pytest.mark.parametrize(
    "bug", [ZeroDivisionError("the bug"), OSError(5, "the bug"), BrokenPipeError(32, "the bug")]
)
def test_a_bug_leaves_with_70_and_its_traceback(
    bug: Exception,
    app: FakeApp,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def crash() -> int:
        raise bug

    app.outcome = crash
    assert run(monkeypatch, "check", "example.com") == 70
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert str(bug) in err


def test_the_words_of_a_bug_are_no_command_and_no_password(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash() -> int:
        raise ValueError("\x1b[2J\n::error::x ##[error]y https://user:s3cret@h")

    app.outcome = crash
    assert run(monkeypatch, "check", "example.com") == 70
    last = capsys.readouterr().err.splitlines()[-2:]
    assert last == [r"ValueError: \x1b[2J", r":\:error::x #\#[error]y https://***@h"]


def test_an_interrupt_leaves_with_130(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt() -> int:
        raise KeyboardInterrupt

    app.outcome = interrupt
    assert run(monkeypatch, "check", "example.com") == 130


@pytest.mark.usefixtures("app")
def test_rules_and_explain_print(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "rules") == 0
    assert capsys.readouterr().out.startswith("mx-missing ")
    assert run(monkeypatch, "rules", "--json") == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == "mx-missing"
    assert run(monkeypatch, "explain", "open-relay") == 0
    assert "smtpd_relay_restrictions" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [("rules",), ("--version",), ("check", "example.com")])
def test_a_reader_who_goes_away_is_no_error(
    arguments: tuple[str, ...],
    app: FakeApp,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def print_and_fail() -> int:
        sys.stdout.write("the report")
        return 1

    app.outcome = print_and_fail
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        monkeypatch.setattr(sys, "stdout", closed)
        code = run(monkeypatch, *arguments)
    assert code == (1 if arguments[0] == "check" else 0)
    assert not capsys.readouterr().err


@pytest.mark.usefixtures("app")
def test_an_encoding_without_the_character_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with (tmp_path / "out").open("w", encoding="ascii") as narrow:
        monkeypatch.setattr(sys, "stdout", narrow)
        assert run(monkeypatch, "explain", "open-relay") == 0
    assert (tmp_path / "out").read_text().count("\\u2026") > 0


def test_version_imports_nothing_heavy() -> None:
    program = (
        "import sys; from mxcheck.cli import main as cli; sys.argv[1:] = ['--version']\n"
        "try: cli.main()\n"
        "finally: print(*{name.partition('.')[0] for name in sys.modules})"
    )
    output = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout
    version, modules = output.splitlines()
    assert version == f"mxcheck {mxcheck.__version__}"
    assert not HEAVY & set(modules.split())


def test_a_check_imports_no_client_of_https_until_a_resolver_needs_it() -> None:
    program = "import sys, mxcheck.app; sys.exit(bool({'httpx2', 'h2'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_python_m_mxcheck() -> None:
    command = [sys.executable, "-m", "mxcheck", "--version"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert output == f"mxcheck {mxcheck.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rules", "https://user:s3cret@h"), "unexpected extra argument(s) (https://***@h)"),
        (("check", "--\x1b[31m##[group]"), "No such option"),
        (("frob",), "No such command 'frob'"),
    ],
)
def test_what_is_wrong_with_the_command_line_is_said_like_any_other_complaint(
    arguments: tuple[str, ...],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["mxcheck", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    err = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in err
    assert "--help' for help" in err
    assert "s3cret" not in err
    assert "\x1b" not in err
    assert "##[" not in err


def test_a_refusal_is_annotated_without_the_secrets_of_the_environment(
    app: FakeApp,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "t0psecret")
    monkeypatch.setenv("MXCHECK_GITHUB_ANNOTATIONS", "annotations")
    assert run(monkeypatch, "check", "t0psecret") == 2
    assert not app.configs
    said = (tmp_path / "annotations").read_text() + capsys.readouterr().err
    assert said.count("'***' is not a full domain name") == 2
    assert "t0psecret" not in said
