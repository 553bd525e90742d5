"""What a config file changes of the defaults is one line at the top of every report."""

import json
from pathlib import Path

import pytest

from mxcheck.config.load import load_judge_config
from tests.config.configs import load
from tests.guard.checkout import Checkout

REPORTS = (
    *("json", "junit-xml", "markdown", "github-summary", "github-annotations", "sarif"),
    "codequality",
)
SAID = "{} changes what is checked, and how: "


def notes(folder: Path, file: str, **flags: tuple[str, ...]) -> tuple[str, ...]:
    return load(folder, flags, file=file).notes


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ('[policy]\nignore = ["open-relay"]', "ignore (line 2)"),
        ('[policy]\n\nselect = ["mx-missing"]', "select (line 3)"),
        ('[policy]\nlevels = { "open-relay" = "off" }', "levels (line 2)"),
        ('[policy.levels]\n"open-relay" = "off"', "levels (line 1)"),
        ('[policy]\non_unknown = "pass"\nfail_on = "warning"', "on_unknown (line 2)"),
        ('[policy]\nmin_tls = "1.0"\nrelay = "off"', "min_tls (line 2), relay (line 3)"),
        ("[policy]\nmin_cert_days = 0\nextensions = []", "min_cert_days (line 2), extensions"),
        ('[policy]\nexpect = "no-mail"', "expect (line 2)"),
        ('[probe]\nresolver = ["192.0.2.53"]\ntrust_ad = true', "resolver (line 2), trust_ad"),
        ('[probe]\ncanaries = ["none"]\nallow_private = true', "allow_private (line 3)"),
        ("[probe]\nport = 2525\nipv4 = true", "port (line 2), ipv4 (line 3)"),
        ('[probe]\nmx = ["example.com=10 mx.example.net"]', "mx (line 2)"),
        ('[[domain]]\nname = "a.example"\nignore = ["cert"]', "ignore (line 3)"),
        (
            '[policy]\nignore = ["dane"]\n[[domain]]\nname = "a.example"\nignore = ["cert"]',
            "ignore (lines 2, 5)",
        ),
        (
            '[[waiver]]\nrule = "open-relay"\nuntil = 2099-01-01\nreason = "so"\n',
            "waiver (line 1)",
        ),
    ],
)
def test_each_change_is_named_with_its_line(file: str, changes: str, tmp_path: Path) -> None:
    (note,) = notes(tmp_path, file)
    assert note.startswith(SAID.format("mxcheck.toml"))
    assert changes in note


def test_the_file_is_named_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.mxcheck.policy]\nignore = ["cert"]\n')
    assert load(tmp_path).notes == (f"{SAID.format('pyproject.toml')}ignore (line 2)",)
    (tmp_path / "own.toml").write_text('[policy]\nignore = ["cert"]\n')
    flags = {"config": ("own.toml",)}
    assert load(tmp_path, flags).notes == (f"{SAID.format('own.toml')}ignore (line 2)",)


@pytest.mark.parametrize(
    "file",
    [
        '[[domain]]\nname = "a.example"\n',
        '[policy]\nmin_tls = "1.2"\nselect = []\n[probe]\ntimeout = 30\n',
        "[policy]\n[probe]\n",
    ],
)
def test_what_changes_nothing_is_not_named(file: str, tmp_path: Path) -> None:
    assert notes(tmp_path, file) == ()
    assert load(tmp_path).notes == ()


STRICT = '[tool.mxcheck.policy]\nrequire = ["dane"]\n'
UNUSED = "mxcheck.toml is used, and [tool.mxcheck] in pyproject.toml is not"


@pytest.mark.parametrize("pyproject", [STRICT, STRICT + "unknown = 1\n", STRICT + "[broken"])
@pytest.mark.parametrize("file", ["# nothing\n", '[policy]\nignore = ["cert"]\n'])
def test_a_file_that_takes_the_place_of_another_says_so(
    pyproject: str, file: str, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text(pyproject)
    first, *rest = notes(tmp_path, file)
    assert first == UNUSED
    assert rest == ([f"{SAID.format('mxcheck.toml')}ignore (line 2)"] if "ignore" in file else [])


@pytest.mark.parametrize("pyproject", ["", '[project]\ndependencies = ["mxcheck"]\n'])
def test_a_file_without_a_table_is_not_replaced(pyproject: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(pyproject)
    assert notes(tmp_path, "# nothing\n") == ()
    (tmp_path / "pyproject.toml").write_text(STRICT)
    (tmp_path / "own.toml").write_text("")
    assert load(tmp_path, {"config": ("own.toml",)}).notes == ()  # the user's own choice


def test_what_a_flag_decides_is_not_the_doing_of_the_file(tmp_path: Path) -> None:
    file = '[policy]\nmin_tls = "1.0"\nlevels = { "mx-null" = "off" }\n[probe]\nport = 26\n'
    (note,) = notes(tmp_path, file, min_tls=("1.3",), port=("25",), levels=("mx-null=error",))
    assert note == f"{SAID.format('mxcheck.toml')}levels (line 3)"


def test_judging_names_what_judging_uses(tmp_path: Path) -> None:
    (tmp_path / "mxcheck.toml").write_text(
        '[policy]\nignore = ["cert"]\n[probe]\nport = 26\nallow_private = true\n'
    )
    config = load_judge_config({}, {}, tmp_path, None, ["example.com"])
    assert config.notes == (
        f"{SAID.format('mxcheck.toml')}ignore (line 2), allow_private (line 5)",
    )


def test_many_changes_are_one_line_within_bounds(tmp_path: Path) -> None:
    domains = [f'[[domain]]\nname = "d{i}.example"\nignore = ["cert"]\n' for i in range(1000)]
    (note,) = notes(tmp_path, "".join(domains))
    assert note == f"{SAID.format('mxcheck.toml')}ignore (lines 3, 6, 9 and 997 more)"


def test_every_report_says_so(checkout: Checkout) -> None:
    file = '[policy]\nignore = ["cert"]\n[probe]\nmax_addresses = 15\n'
    (checkout.folder / "mxcheck.toml").write_text(file)
    done = checkout.check(*(f"--{name}={name}" for name in REPORTS))
    assert done.code == 0, done.err
    said = f"{SAID.format('mxcheck.toml')}ignore (line 2), max_addresses (line 4)"
    assert said in " ".join(done.out.split())
    for name in REPORTS:
        text = (checkout.folder / name).read_text()
        for written in ("&#95;", "<wbr>", "%3A"):
            text = text.replace(written, {"&#95;": "_", "%3A": ":"}.get(written, ""))
        assert "ignore (line 2), max_addresses (line 4)" in text, name
    assert json.loads((checkout.folder / "json").read_text())["notes"] == [said]
