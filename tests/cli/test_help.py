"""The help texts: readable at 80 columns, and complete."""

import re
import shlex

import pytest
from typer.testing import CliRunner, Result

from mxcheck.cli import main as cli
from mxcheck.cli.examples import EXAMPLES, EXIT_CODES_OF
from mxcheck.cli.program import commands
from mxcheck.config.flags import FLAGS

NAMES = [
    command.name or getattr(command.callback, "__name__", "")
    for command in commands.registered_commands
]
COMMANDS = pytest.mark.parametrize("name", NAMES)
PYTHON_TYPES = re.compile(r"\b(TEXT|INTEGER|BOOLEAN|PATH \[|list\[|None)\b")


def help_of(*arguments: str, columns: int = 80, flag: str = "--help") -> Result:
    return CliRunner().invoke(commands, [*arguments, flag], env={"COLUMNS": str(columns)})


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize("name", ["", *NAMES])
def test_no_line_is_wider_than_the_terminal(name: str, columns: int) -> None:
    text = help_of(*name.split(), columns=columns).stdout
    assert max(map(len, text.splitlines())) < columns
    assert not PYTHON_TYPES.search(text)
    assert "{" not in text


@COMMANDS
def test_both_names_of_the_flag_show_the_same(name: str) -> None:
    short, long = (help_of(name, flag=flag) for flag in ("-h", "--help"))
    assert (short.exit_code, short.stdout) == (0, long.stdout)
    assert "  -h, --help   " in short.stdout


def test_the_program_names_its_commands() -> None:
    result = help_of(flag="-h")
    assert result.exit_code == 0
    for name in NAMES:
        assert re.search(rf"(?m)^  {name} +\S", result.stdout), name


def test_check_shows_every_flag_whole_in_its_group() -> None:
    text = help_of("check").stdout
    at = dict.fromkeys(flag.group for flag in FLAGS)
    parts = re.split(r"\n\n(?=\S.*:\n)", text)
    groups = {part.partition(":\n")[0]: part for part in parts}
    assert [title for title in groups if title in at] == list(at)
    for flag in FLAGS:
        names = [*flag.declared[0].split("/"), *flag.declared[1:]]
        [line] = [line for line in groups[flag.group].splitlines() if f"{names[0]} " in f"{line} "]
        assert set(names) <= set(re.split(r"[ ,]+", line))
        assert flag.metavar is None or flag.metavar in line
    assert "(default 1.2)" in text
    assert "MXCHECK_MIN_TLS for --min-tls, MXCHECK_IPV4 for -4" in " ".join(text.split())


@pytest.mark.parametrize("name", EXIT_CODES_OF)
def test_exit_codes_are_explained(name: str) -> None:
    text = help_of(name).stdout
    for code in EXIT_CODES_OF[name]:
        assert re.search(rf"(?m)^  {code} +[A-Z]", text), code


def test_exit_codes_are_those_of_the_command() -> None:
    assert "0    The configuration holds." in help_of("config").stdout
    assert "3    Checks from here leave results unknown" in help_of("doctor").stdout


@pytest.mark.parametrize("name", ["mxcheck", *NAMES])
def test_the_examples_name_flags_that_exist(name: str) -> None:
    text = help_of(*([] if name == "mxcheck" else [name])).stdout
    assert len(EXAMPLES[name]) > 1
    for example in EXAMPLES[name]:
        assert f"\n  {example}\n" in text
        program, command, *words = shlex.split(example, comments=True)
        assert program == "mxcheck"
        flags = {word for word in words if word.startswith("--")}
        assert flags <= set(re.findall(r"--[a-z-]+", help_of(command).stdout))


def test_stdout_that_knows_no_unicode_gets_escapes() -> None:
    runner = CliRunner(charset="ascii")
    text = runner.invoke(commands, ["check", "-h"]).stdout
    assert "https://\\u2026" in text


def test_without_a_command_the_help_is_shown() -> None:
    result = CliRunner().invoke(commands, [])
    assert result.exit_code == 2
    assert "\nCommands:\n" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["example.com"], "To check a domain: mxcheck check example.com"),
        (["Example.com,b.example", "-v"], "To check a domain: mxcheck check example.com b.example"),
        (["https://user:s3cret@example.com"], "To check a domain: mxcheck check example.com"),
        (["192.0.2.1:25"], "To check a domain: mxcheck check example.com"),
        (["--min-tls", "1.3", "example.com"], "--min-tls comes after a command: mxcheck check"),
        (["-4", "example.com"], "-4 comes after a command: mxcheck check -4"),
        (["--frob"], "No such option: --frob"),
        (["frob"], "No such command 'frob'"),
    ],
)
def test_the_command_that_was_meant_is_named(
    arguments: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["mxcheck", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert said in err
    assert "s3cret" not in err
    assert not out


def test_help_that_cannot_be_printed_is_no_bug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["mxcheck", "check", "-h"])
    monkeypatch.setattr("sys.stdout", None)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "mxcheck: stdout is closed\n"
