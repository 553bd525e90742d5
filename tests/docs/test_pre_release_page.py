"""docs/pre-release.md: its commands are run against the servers that it tells of."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from ruamel.yaml import YAML

from mxcheck import app
from mxcheck.app import judge
from mxcheck.cli import program
from mxcheck.demo.building import SMTP_PORT
from tests.pre_release import LIVE, World, example_com
from tests.saving import as_evidence

if TYPE_CHECKING:
    from mxcheck.config.load import Config

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/pre-release.md").read_text(encoding="utf-8")
OMITTED = "…"
NOBODY = ("127.0.0.1", 9)
# What differs from run to run.
VARYING = {
    r"[0-9a-f]{64}": "0" * 64,
    r"\d{4}-\d\d-\d\d": "2026-11-24",
    r"\d\d:\d\d": "08:00",
    r":\d\dZ": ":00Z",
    r"\d+ ms": "1 ms",
}


def fenced(language: str) -> list[str]:
    return re.findall(rf"(?ms)^ *```{language}\n(.*?)^ *```$", PAGE)


def commands() -> Iterator[tuple[str, str]]:
    """Each command of mxcheck on the page, and what it is said to print."""
    for block in fenced("console"):
        for part in re.split(r"(?m)^\$ ", block.replace("\\\n", ""))[1:]:
            command, _, printed = part.partition("\n")
            yield command, printed


def fixed(text: str) -> str:
    for pattern, value in VARYING.items():
        text = re.sub(pattern, value, text)
    return text


@dataclass(slots=True)
class Terminal:
    """Where commands are typed; a check finds the servers of the page."""

    world: World
    patch: pytest.MonkeyPatch

    async def run(self, command: str) -> int:
        configs: list[Config] = []
        # Without what the program does to the signals of its process, which is pytest's here.
        self.patch.setattr(app, "check", lambda config, *_: configs.append(config))
        self.patch.setattr(app, "judge", lambda evidence, config, *_: judge(evidence, config))
        code: int = program.commands(shlex.split(command)[1:], standalone_mode=False) or 0
        for config in configs:
            found = replace(config, probe=self.world.reached_by(config.probe))
            run = app.Checking(found)
            await run.probe.gather_in_loop()
            code = app.report(run.judge(as_evidence(run.probe.seen())), found)
        return code


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MXCHECK_CA_FILE", "ca.pem")
    monkeypatch.setenv("MXCHECK_ALLOW_PRIVATE", "true")
    return tmp_path


async def test_commands_print_what_the_page_shows(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with example_com(folder) as world:
        for command, printed in commands():
            code = await Terminal(world, monkeypatch).run(command)
            output = fixed(capsys.readouterr().out)
            assert f"exit code {code}" in output, command
            for passage in fixed(printed).split(f"{OMITTED}\n"):
                assert passage in output, command
                output = output[output.index(passage) + len(passage) :]


@pytest.mark.parametrize(("select", "code"), [("cert,dane", 1), ("cert", 0)])
async def test_a_chain_is_judged_where_port_25_is_closed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, select: str, code: int
) -> None:
    command = f"mxcheck check example.com --cert-file fullchain.pem --select {select}"
    async with example_com(folder) as world:
        closed = replace(world, routes={**world.routes, (LIVE, SMTP_PORT): NOBODY})
        assert await Terminal(closed, monkeypatch).run(command) == code


def test_steps_use_inputs_that_the_action_has() -> None:
    inputs: Mapping[str, object] = YAML(typ="safe").load(ROOT / "action.yml")["inputs"]
    steps = [step for block in fenced("yaml") for step in YAML(typ="safe").load(block)]
    assert steps
    for step in steps:
        assert step["with"].keys() <= inputs.keys()


def test_each_gate_is_named_and_what_is_named_is_there() -> None:
    titles = re.findall(r"(?m)^## (.*)$", PAGE)
    anchors = {re.sub(r"[^a-z -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([^)]+)\)", PAGE)) <= anchors
    links = set(re.findall(r"\]\((?!https:)([^)#]+)", PAGE))
    for link in links:
        assert (ROOT / "docs" / link).exists(), link
    gates = [*(ROOT / "examples/workflows").glob("gate-*.yml"), Path("evidence.yml")]
    assert {f"../examples/workflows/{gate.name}" for gate in gates} <= links
