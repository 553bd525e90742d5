"""docs/ci.md, held against the Action and its examples."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tests.real.gate.world import OPTIONS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
ACTION: Mapping[str, Mapping[str, Mapping[str, str]]] = YAML(typ="safe").load(
    (ROOT / "action.yml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("kind", ["input", "output"])
def test_the_tables_say_what_the_action_says(kind: str) -> None:
    _, _, rest = PAGE.partition(f"| {kind} | |\n|---|---|\n")
    table = rest.partition("\n\n")[0].splitlines()
    declared = ACTION[f"{kind}s"].items()
    assert table == [f"| `{name}` | {said['description']} |" for name, said in declared]


@pytest.mark.parametrize(
    "name", [name for name, said in ACTION["inputs"].items() if said["default"]]
)
def test_a_default_is_said(name: str) -> None:
    said = ACTION["inputs"][name]
    assert said["description"].endswith(f"({said['default']}).")


def test_the_options_of_the_key_are_those_that_are_tried() -> None:
    assert OPTIONS in PAGE.replace('\\"', '"')


def test_each_example_is_named() -> None:
    named = re.findall(r"\(\.\./examples/workflows/([\w-]+\.yml)\)", PAGE)
    assert sorted(named) == sorted(path.name for path in (ROOT / "examples/workflows").iterdir())
