"""The recipes of CONTRIBUTING.md, followed step by step in a copy of the source."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.model.exit_codes import EXIT_UNKNOWN
from tests.build import DOMAIN, evidence_of
from tests.probe.harness import ADDRESS, mx_zone
from tests.saving import saved_text
from tests.seen import environment

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COPIED = ("mxcheck", "tests", "tools", "docs", "pyproject.toml", "README.md")
RULE = "caa-missing"


def blocks(kind: str) -> Iterator[tuple[str, str]]:
    """Each block of a kind that names a file, and its text."""
    found = re.findall(rf"(?ms)^( *)```{kind} (\S+)\n(.*?)^ *```$", PAGE)
    for indent, name, text in found:
        yield name, dedent(text) if kind == "python" else re.sub(f"(?m)^{indent}", "", text)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which the recipes were followed."""
    folder = tmp_path_factory.mktemp("contributing")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / name, folder / name)
    run(folder, "-m", "tools.new_rule", RULE, "--family", "dns")
    for name, text in blocks("python"):
        (folder / name).write_text(text, encoding="utf-8")
    for name, text in blocks("diff"):
        apply(folder / name, text)
    return folder


def apply(path: Path, diff: str) -> None:
    """Replace the context of a diff, which must be in the file once, by what it becomes."""
    lines = diff.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] != "+")
    after = "".join(line[1:] for line in lines if line[0] != "-")
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{path.name} does not contain this once: {before}"
    path.write_text(text.replace(before, after), encoding="utf-8")


def run(folder: Path, *arguments: str, code: int | None = 0) -> str:
    ended = subprocess.run(
        (sys.executable, *arguments),
        cwd=folder,
        env=environment() | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert code in {None, ended.returncode}, ended.stdout + ended.stderr
    return ended.stdout


def test_the_example_has_the_form_of_the_house(copy: Path) -> None:
    names = [name for name, _ in blocks("python")]
    run(copy, "-m", "ruff", "check", "--no-cache", *names)
    run(copy, "-m", "ruff", "format", "--no-cache", "--check", *names)
    run(copy, "-m", "mypy", *names, "mxcheck/report/__init__.py")
    for lint in ("check_house", "check_rules"):
        complaints = run(copy, "-m", f"tools.{lint}", code=None)
        assert not [name for name in (*names, RULE) if name in complaints]


def test_the_tests_of_the_example_pass(copy: Path) -> None:
    tests = [name for name, _ in blocks("python") if name.startswith("tests/")]
    declared = "tests/judge/test_declared_reads.py"
    run(copy, "-m", "pytest", "-q", "-k", "caa or every_item", *tests, declared)


def test_the_rule_is_explained(copy: Path) -> None:
    assert "## Repair" in run(copy, "-m", "mxcheck", "explain", RULE)


def test_the_report_is_written(copy: Path) -> None:
    (copy / "evidence.json").write_text(saved_text(evidence_of()), encoding="utf-8")
    judge = ("-m", "mxcheck", "judge", "evidence.json", "--tap", "-", "--select", RULE)
    # The evidence is from before the record was added: nobody looked it up.
    tap = run(copy, *judge, code=EXIT_UNKNOWN)
    assert tap == f"TAP version 13\nok 1 - {DOMAIN} {RULE}\n1..1\n"


async def test_the_record_is_looked_up_and_replaced(copy: Path) -> None:
    (copy / "zone").write_text(f'{DOMAIN}. 60 CAA 0 issue "ca.example"\n', encoding="utf-8")
    async with ScriptedDns(mx_zone(ADDRESS)) as dns:
        port = dns.address[1]
        check = ("-m", "mxcheck", "check", DOMAIN, "--resolver", f"127.0.0.1:{port}", "--json", "-")
        live = await asyncio.to_thread(run, copy, *check, "--select", RULE)
        given = await asyncio.to_thread(run, copy, *check, "--select", RULE, "--zone-file", "zone")
    assert outcome(live) == ("fail", [])
    assert outcome(given) == ("pass", ["--zone-file zone"])
    assert {kind for _, kind in dns.queries} >= {"CAA"}


def outcome(report: str) -> tuple[str, list[str]]:
    [result] = json.loads(report)["domains"][0]["results"]
    return result["outcome"], result["what_ifs"]
