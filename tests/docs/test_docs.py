"""The generator of the documentation: what it writes, and how it notices drift."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from mxcheck.catalogue import documentation
from mxcheck.rules import RULES
from mxcheck.rules.base import AnyRule

TOOL = Path(__file__).parents[2] / "tools" / "write_docs.py"
BY_ID = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_docs", TOOL)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL_MODULE = load_tool()
PAGE: str = TOOL_MODULE.rules_page()


def section(rule: AnyRule) -> str:
    _, _, rest = PAGE.partition(f"\n## {rule.id}\n")
    return rest.split("\n## ")[0]


@BY_ID
def test_each_rule_has_one_section_whose_anchor_is_its_id(rule: AnyRule) -> None:
    assert PAGE.count(f"\n## {rule.id}\n") == 1
    assert f"| [`{rule.id}`](#{rule.id}) | {rule.family} |" in PAGE
    text = section(rule)
    assert documentation(rule).replace("\n## ", "\n### ") in text
    assert f'levels = {{ "{rule.id}" = "warning" }}' in text
    for title in ("Why it matters", "Repair", "Allow", "Sources"):
        assert text.count(f"\n### {title}\n") == 1


def test_the_sections_stand_in_the_order_of_the_catalogue() -> None:
    assert re.findall(r"(?m)^## (.*)$", PAGE) == [rule.id for rule in RULES]


@BY_ID
def test_sources_lead_to_the_section_of_the_rfc(rule: AnyRule) -> None:
    text = section(rule)
    for reference in rule.references:
        kind, number, *location = reference.split()
        if kind == "RFC":
            url = f"https://www.rfc-editor.org/rfc/rfc{number}#section-{location[0]}"
            assert f"[{reference}]({url})" in text
        else:
            assert f"({reference}" not in text


def test_the_page_in_the_repository_is_up_to_date() -> None:
    assert TOOL_MODULE.difference(TOOL_MODULE.RULES_PAGE, PAGE) == []


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(TOOL_MODULE, "ROOT", tmp_path)
    monkeypatch.setattr(TOOL_MODULE, "RULES_PAGE", tmp_path / "rules.md")
    monkeypatch.setattr(TOOL_MODULE, "README", tmp_path / "README.md")
    monkeypatch.setattr(TOOL_MODULE, "PICTURE", tmp_path / "terminal.svg")
    monkeypatch.setattr(TOOL_MODULE, "PLAIN_ACTION", tmp_path / "action.yml")
    monkeypatch.setattr(TOOL_MODULE, "readme", lambda text: text)
    (tmp_path / "README.md").write_text("as it is\n", encoding="utf-8")
    return tmp_path


def test_drift_is_shown_as_a_diff_and_leaves_with_1(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = PAGE.replace("# The rules\n", "# Some rules\n", 1)
    (pages / "rules.md").write_text(stale, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["write_docs.py", "--check"])
    assert TOOL_MODULE.main() == 1
    diff = capsys.readouterr().out
    assert "-# Some rules\n" in diff
    assert "+# The rules\n" in diff
    assert (pages / "rules.md").read_text(encoding="utf-8") == stale


def test_a_page_that_is_not_there_is_drift(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["write_docs.py", "--check"])
    assert TOOL_MODULE.main() == 1
    assert not (pages / "rules.md").exists()


def test_what_was_written_has_no_drift(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["write_docs.py"])
    assert TOOL_MODULE.main() == 0
    assert "url(http" not in (pages / "terminal.svg").read_text()
    assert "setup-python@" not in (pages / "action.yml").read_text(encoding="utf-8")
    assert (pages / "rules.md").read_text(encoding="utf-8") == PAGE
    monkeypatch.setattr(sys, "argv", ["write_docs.py", "--check"])
    assert TOOL_MODULE.main() == 0
    assert capsys.readouterr().out == ""


def test_an_id_that_was_published_is_never_dropped() -> None:
    assert TOOL_MODULE.lost_ids(PAGE) == []
    assert TOOL_MODULE.lost_ids(PAGE + "\n## cert-gone\n\nText.\n") == ["cert-gone"]
