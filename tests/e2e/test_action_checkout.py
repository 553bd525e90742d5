"""The Action in a checkout that somebody prepared: it hands on nothing that it did not write."""

import json
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from mxcheck.config.flags import FLAGS, Section
from tests.e2e.acting import ROOT, Act, make_repository, write_workflow
from tests.e2e.mail import HEALTHY, NOWHERE, serve
from tests.e2e.step import NOTHING, finish, start

REPORT = {"counts": {"fail": "0\nverdict=pass", "unknown": "0\nexit-code=0"}, "domains": []}
FORGED = json.dumps(REPORT)
NAMES = ("mxcheck.json", "junit.xml", "report.sarif")
INPUTS = {"GIVEN_JSON": NAMES[0], "GIVEN_JUNIT_XML": NAMES[1], "GIVEN_SARIF": NAMES[2]}

Trap = Callable[[Path, Path], None]


def a_file(place: Path, _outside: Path) -> None:
    place.write_text(FORGED)


def a_link_to_the_checkout(place: Path, _outside: Path) -> None:
    place.with_suffix(".forged").write_text(FORGED)
    place.symlink_to(f"{place.stem}.forged")


def a_link_to_the_runner(place: Path, outside: Path) -> None:
    place.symlink_to(outside / "mine.json")


def a_link_to_a_folder(place: Path, outside: Path) -> None:
    place.symlink_to(outside)


def a_folder_of_forgeries(place: Path, _outside: Path) -> None:
    (place / "deep").mkdir(parents=True)
    (place / "deep" / place.name).write_text(FORGED)


TRAPS = (
    a_file,
    a_link_to_the_checkout,
    a_link_to_the_runner,
    a_link_to_a_folder,
    a_folder_of_forgeries,
)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder of the runner with a forged report of its own, which nothing may change."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "mine.json").write_text(FORGED)
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "workspace").mkdir()
    return tmp_path / "workspace"


def untouched(outside: Path) -> bool:
    return {path.name: path.read_text() for path in outside.iterdir()} == {"mine.json": FORGED}


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("traps", [TRAPS[:3], TRAPS[2:]], ids=["files", "folders"])
async def test_a_broken_config_hands_on_nothing(
    clone: Path,
    workspace: Path,
    outside: Path,
    quick_uv_first: Mapping[str, str],
    traps: Sequence[Trap],
) -> None:
    (workspace / "mxcheck.toml").write_text("[broken")
    for name, trap in zip(NAMES, traps, strict=True):
        trap(workspace / name, outside)
    process = await start(workspace, clone, NOWHERE, {**quick_uv_first, **INPUTS})
    printed, outputs = await finish(workspace, process)
    assert outputs == {"exit-code": "2", **NOTHING}, printed
    assert not names_in(workspace) & set(NAMES)
    assert untouched(outside)


@pytest.mark.parametrize("traps", [TRAPS[:3], TRAPS[2:]], ids=["files", "folders"])
async def test_a_run_replaces_what_is_in_the_way(
    clone: Path,
    workspace: Path,
    outside: Path,
    quick_uv_first: Mapping[str, str],
    traps: Sequence[Trap],
) -> None:
    for name, trap in zip(NAMES, traps, strict=True):
        trap(workspace / name, outside)
    async with serve(workspace) as mail:
        process = await start(workspace, clone, mail, {**quick_uv_first, **INPUTS})
        printed, outputs = await finish(workspace, process)
    assert outputs == {"exit-code": "0", **NOTHING, "verdict": "pass"}, printed
    for name in NAMES:
        assert (workspace / name).is_file()
        assert not (workspace / name).is_symlink()
    assert json.loads((workspace / NAMES[0]).read_text())["verdict"] == "pass"
    assert untouched(outside)


@pytest.mark.parametrize("form", ["out/{}", "./a/out/{}", "{workspace}//a/out/{}", "a//out/new/{}"])
async def test_a_folder_that_is_a_link_is_replaced_too(
    clone: Path, workspace: Path, outside: Path, quick_uv_first: Mapping[str, str], form: str
) -> None:
    (workspace / "a").mkdir()
    for link in ("out", "a/out"):
        (workspace / link).symlink_to(outside)
    path = form.format("mine.json", workspace=workspace)
    async with serve(workspace) as mail:
        more = {**quick_uv_first, "GIVEN_JSON": path, "GITHUB_WORKSPACE": str(workspace)}
        process = await start(workspace, clone, mail, more)
        printed, outputs = await finish(workspace, process)
    assert outputs["verdict"] == "pass", printed
    assert json.loads((workspace / path).read_text())["verdict"] == "pass"
    assert untouched(outside)


async def test_nothing_is_handed_on_if_nothing_could_be_installed(
    clone: Path, workspace: Path, outside: Path, uv_first: Mapping[str, str]
) -> None:
    for name, trap in zip(NAMES, TRAPS, strict=False):
        trap(workspace / name, outside)
    forged = workspace.with_name("action")
    shutil.copytree(clone, forged, ignore=shutil.ignore_patterns(".git"))
    lock = forged / "requirements/action.txt"
    lock.write_text(re.sub(r"sha256:\w{64}", f"sha256:{'0' * 64}", lock.read_text()))
    process = await start(workspace, forged, NOWHERE, {**uv_first, **INPUTS})
    printed, outputs = await finish(workspace, process)
    assert outputs == {"exit-code": "70", **NOTHING}, printed
    assert not names_in(workspace) & set(NAMES)


DETOURS = ("out/../{}", "./real/../out/../{}", "{workspace}/out/.././{}", "out/../real/..//{}")


@pytest.mark.parametrize("form", DETOURS)
async def test_a_way_over_the_parent_folder_is_cleared_too(
    clone: Path, workspace: Path, outside: Path, quick_uv_first: Mapping[str, str], form: str
) -> None:
    (workspace / "real").mkdir()
    (workspace / "out").symlink_to(outside / "deep")
    (workspace / "mxcheck.toml").write_text("[broken")
    (workspace / NAMES[0]).write_text(FORGED)
    place = form.format(NAMES[0], workspace=workspace)
    process = await start(workspace, clone, NOWHERE, {**quick_uv_first, "GIVEN_JSON": place})
    printed, outputs = await finish(workspace, process)
    assert outputs == {"exit-code": "2", **NOTHING}, printed
    assert not (workspace / NAMES[0]).exists()
    assert untouched(outside)


async def test_a_link_outside_the_checkout_is_the_users_own(
    clone: Path, workspace: Path, tmp_path: Path, quick_uv_first: Mapping[str, str]
) -> None:
    stream = tmp_path / "stream"  # as /dev/stdout is
    stream.symlink_to("/dev/fd/1")
    more = {**quick_uv_first, "GIVEN_SARIF": str(stream)}
    await finish(workspace, await start(workspace, clone, NOWHERE, more))
    assert stream.is_symlink()


@pytest.mark.parametrize("named", ["physical", "GITHUB_WORKSPACE"])
async def test_a_workspace_of_two_names_is_one_checkout(
    clone: Path, workspace: Path, outside: Path, quick_uv_first: Mapping[str, str], named: str
) -> None:
    alias = workspace.with_name("alias")
    alias.symlink_to(workspace)
    (workspace / "out").symlink_to(outside)
    inside, name = (alias, workspace) if named == "physical" else (workspace, alias)
    more = {"GIVEN_JSON": f"{name}/out/mine.json", "GITHUB_WORKSPACE": str(name)}
    async with serve(workspace) as mail:
        more |= {**quick_uv_first, "PWD": str(inside)}
        process = await start(inside, clone, mail, more)
        printed, outputs = await finish(workspace, process)
    assert untouched(outside), printed
    assert outputs["verdict"] == "pass", printed
    assert json.loads((workspace / "out/mine.json").read_text())["verdict"] == "pass"


@pytest.mark.parametrize("name", ["reports", "src.d"])
async def test_a_folder_without_the_name_of_a_report_is_left_alone(
    clone: Path, workspace: Path, quick_uv_first: Mapping[str, str], name: str
) -> None:
    (workspace / name).mkdir()
    (workspace / name / "source.py").write_text("source")
    process = await start(workspace, clone, NOWHERE, {**quick_uv_first, "GIVEN_JSON": name})
    printed, outputs = await finish(workspace, process)
    assert outputs == {"exit-code": "2", **NOTHING}
    assert f'the input json: "{name}" is a folder' in printed
    assert (workspace / name / "source.py").read_text() == "source"


async def test_evidence_is_read_before_its_place_is_cleared(
    clone: Path, workspace: Path, quick_uv_first: Mapping[str, str]
) -> None:
    async with serve(workspace) as mail:
        more = {**quick_uv_first, "GIVEN_SAVE_EVIDENCE": "evidence.json"}
        await finish(workspace, await start(workspace, clone, mail, more))
    (workspace / "old.json").write_text(FORGED)
    for place, left in (("./evidence.json", True), ("old.json", False)):
        (workspace / "runner/output").unlink()
        more = {**quick_uv_first, "GIVEN_SAVE_EVIDENCE": place, "EVIDENCE": "evidence.json"}
        process = await start(workspace, clone, mail, {**more, "GIVEN_JSON": "mxcheck.json"})
        printed, outputs = await finish(workspace, process)
        assert outputs["verdict"] == "pass", printed
        assert (workspace / place).exists() is left


def test_the_place_of_every_report_is_cleared() -> None:
    script = (ROOT / "tools/action-run").read_text()
    for flag in FLAGS:
        if flag.section is Section.REPORTS:
            assert f'"${{{flag.variable}-}}"' in script, flag.key


async def test_so_it_is_in_a_workflow(act: Act, clone: Path, tmp_path: Path, outside: Path) -> None:
    workspace = tmp_path / "repository"
    workspace.mkdir()
    (workspace / "mxcheck.toml").write_text("[broken")
    a_link_to_the_checkout(workspace / "mxcheck.json", outside)
    a_file(workspace / "mxcheck-junit.xml", outside)
    make_repository(workspace)
    step = {"id": "mx", "uses": "OWNER/mxcheck@REF", "with": {"domains": HEALTHY}}
    left = {"if": "always()", "run": 'echo "reports $(ls mxcheck.json mxcheck-junit.xml | wc -w)"'}
    actions = {**act.actions, "OWNER/mxcheck@REF": clone}
    runner = replace(act, workspace=workspace, actions=actions, variables=NOWHERE.variables)
    log = await runner.run(write_workflow(tmp_path, step, left))
    outputs = log.outputs("mx")
    assert {name: outputs[name] for name in NOTHING} == NOTHING, str(log)
    assert outputs["exit-code"] == "2"
    assert log.printed("reports") == "0"
