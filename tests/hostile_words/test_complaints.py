"""Hostile words in files, flags and variables: what is complained of is in lines of our own."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from typer.testing import CliRunner, Result

from mxcheck.cli.program import commands
from mxcheck.config.flags import DOMAINS, FLAGS, Section
from mxcheck.judge.verdict import Verdict
from tests.build import healthy_chain
from tests.fuzz.der import pem, with_subject
from tests.hostile_words.payloads import PAYLOADS
from tests.hostile_words.test_every_report import assert_lines
from tests.hostile_words.walking import Words
from tests.seen import complaints

PlaceT = TypeVar("PlaceT")

_, AUTHORITY = healthy_chain()

SILENT = ("--resolver", "127.0.0.1:9", "--retries", "0", "--select", "mx-missing", "--canary=none")
# What no process can be given: a NUL, and surrogates that do not encode a byte.
NOT_GIVEN = {"NUL", "lone surrogates"}
GIVEN = [kind for kind in PAYLOADS if kind not in NOT_GIVEN]
KEYS = [
    *("[policy]\nrelay_sender = {0}", "[policy]\nmin_tls = {0}", "[policy.levels]\n{0} = 'off'"),
    *("[policy]\nrequire = [{0}]", "[probe]\nresolver = [{0}]", "[probe]\nehlo_name = {0}"),
    *("[probe]\nconnect_to = [{0}]", "[probe]\nmx = [{0}]", "[probe]\nzone_file = [{0}]"),
    *("[probe]\ncert_file = [{0}]", "[probe]\nmta_sts_policy = [{0}]", "[probe]\nca_file = {0}"),
    *("[probe]\ncanaries = [{0}]", "[[domain]]\nname = {0}", "{0} = 1", "[{0}]\nx = 1"),
    "[[waiver]]\nrule = {0}\nuntil = 2026-12-31\nreason = {0}\nmx = {0}",
]


def half_for(kind: str, places: Sequence[PlaceT]) -> Sequence[PlaceT]:
    """Every other place; each half has every second kind of words."""
    return places[list(PAYLOADS).index(kind) % 2 :: 2]


def assert_complaints(result: Result) -> None:
    assert result.exit_code in {0, 2, 3}, result.output
    assert_lines(result.stderr)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("kind", [kind for kind in PAYLOADS if kind != "lone surrogates"])
def test_in_the_config_file(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = json.dumps(PAYLOADS[kind], ensure_ascii=False).replace("\x7f", "\\u007f")
    for line in half_for(kind, KEYS):
        (tmp_path / "mxcheck.toml").write_text(line.format(words), encoding="utf-8")
        result = CliRunner().invoke(commands, ["check", "a.example", *SILENT])
        assert_complaints(result)
        # IDNA leaves out what is ignorable, and the rest is a name.
        assert result.exit_code == 2 or line == KEYS[0] or kind == "ignorable"
        for complaint in complaints(result.stderr):
            assert complaint.startswith("mxcheck.toml:")


@pytest.mark.parametrize("kind", PAYLOADS)
def test_in_files_that_are_given(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = Words(PAYLOADS[kind]).escaped
    zone = "$ORIGIN a.example.\n"
    contents = {
        "zone-file": [f"{zone}@ IN {words} x", f"{zone}{words} IN A 1", f'{zone}@ MX 1 "{words}"'],
        "domains-file": [words, f"{words}.example", f"a.example {words}"],
        "config": [words, f"{words} = ", f'x = "{words}'],
        "ca-file": [words],
        "cert-file": [words, pem(with_subject(AUTHORITY, words.encode())).decode()],
    }
    for name, texts in contents.items():
        for text in texts:
            (tmp_path / "given").write_bytes(text.encode())
            result = CliRunner().invoke(
                commands, ["check", "a.example", f"--{name}=given", *SILENT]
            )
            assert_complaints(result)


@pytest.mark.parametrize("kind", PAYLOADS)
def test_in_a_traceback(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(_: Verdict) -> str:
        raise ValueError(PAYLOADS[kind])

    monkeypatch.setattr("mxcheck.app.REPORTS", {"json": crash})
    arguments = ["check", "a.example", f"--json={tmp_path / 'report'}", *SILENT]
    result = CliRunner().invoke(commands, arguments)
    assert result.exit_code == 70
    assert "Traceback" in result.stderr
    # A line that the words begin is one of the traceback, but no command and no escape.
    assert_lines(result.stderr)


@pytest.mark.parametrize("kind", GIVEN)
def test_in_flags_and_variables(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = PAYLOADS[kind]
    for flag in half_for(kind, (DOMAINS, *FLAGS)):
        if flag.section is Section.REPORTS:
            continue  # a file of that name would be written, as asked
        result = CliRunner().invoke(commands, ["check", *SILENT], env={flag.variable: words})
        assert_complaints(result)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", PAYLOADS)
def test_in_the_name_of_a_variable(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "MXCHECK_" + PAYLOADS[kind].replace("\0", "").replace("=", "")
    monkeypatch.setattr("os.environ", {name: "s3cret"})
    result = CliRunner().invoke(commands, ["check"])
    assert_complaints(result)
    assert "is not the variable of any flag" in result.stderr
    assert "s3cret" not in result.output


@pytest.mark.parametrize("kind", PAYLOADS)
def test_in_evidence_that_is_refused(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = json.dumps(PAYLOADS[kind])
    for text in (
        f'{{"schema_version": {words}}}',
        f'{{"schema_version": "1", "evidence": {{{words}: 1}}}}',
        f'{{"schema_version": "1", {words}: 1, "evidence": {{}}}}',
        words[1:],
    ):
        (tmp_path / "evidence.json").write_text(text)
        result = CliRunner().invoke(commands, ["judge", "evidence.json"])
        assert_complaints(result)
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
