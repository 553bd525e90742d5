"""Reports replace links in the checkout and never follow them, wherever the link stands."""

import json
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.guard.checkout import Checkout

CI = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
FLAGS = ("--junit-xml", "--json", "--sarif", "--markdown", "--codequality", "--save-evidence")


def to_a_file(checkout: Checkout) -> Path:
    return checkout.outside / "mine"


def to_nothing(checkout: Checkout) -> Path:
    return checkout.outside / secrets.token_hex(4)


def to_a_folder(checkout: Checkout) -> Path:
    return checkout.outside


def to_itself(checkout: Checkout) -> Path:
    return checkout.folder / "--json"


def to_another_link(checkout: Checkout) -> Path:
    hop = checkout.folder / secrets.token_hex(4)
    hop.symlink_to(checkout.outside / "mine")
    return hop


def to_a_file_of_the_checkout(checkout: Checkout) -> Path:
    source = checkout.folder / f"{secrets.token_hex(4)}.py"
    source.write_text("source")
    return source


@pytest.mark.parametrize(
    "target",
    [to_a_file, to_nothing, to_a_folder, to_itself, to_another_link, to_a_file_of_the_checkout],
)
def test_a_link_is_replaced(checkout: Checkout, target: Callable[[Checkout], Path]) -> None:
    for flag in FLAGS:
        (checkout.folder / flag).symlink_to(target(checkout))
    done = checkout.check(*(f"{flag}=./{flag}" for flag in FLAGS))
    assert done.code == 0, done.err
    for flag in FLAGS:
        assert not (checkout.folder / flag).is_symlink()
        assert (checkout.folder / flag).read_text()
    assert checkout.untouched()
    assert {path.read_text() for path in checkout.folder.glob("*.py")} <= {"source"}


@pytest.mark.parametrize("variable", [*CI, ""])
@pytest.mark.parametrize("path", ["report.json", "{folder}/report.json", "./x/../report.json"])
def test_so_it_is_however_the_path_is_written(checkout: Checkout, variable: str, path: str) -> None:
    (checkout.folder / "report.json").symlink_to(checkout.outside / "mine")
    variables = {variable: str(checkout.folder)} if variable else {}
    done = checkout.check("--json", path.format(folder=checkout.folder), **variables)
    assert done.code == 0, done.err
    assert json.loads((checkout.folder / "report.json").read_text())["verdict"] == "pass"
    assert checkout.untouched()


@pytest.mark.parametrize("variable", CI)
def test_in_a_pipeline_the_whole_checkout_counts(checkout: Checkout, variable: str) -> None:
    (checkout.folder / "work").mkdir()
    (checkout.folder / "report.json").symlink_to(checkout.outside / "mine")
    variables = {variable: str(checkout.folder)}
    done = checkout.check("--json", "../report.json", below="work", **variables)
    assert done.code == 0, done.err
    assert not (checkout.folder / "report.json").is_symlink()
    assert checkout.untouched()


def test_and_also_if_the_pipeline_names_it_by_a_link(checkout: Checkout) -> None:
    by_link = checkout.folder.with_name("current")
    by_link.symlink_to(checkout.folder)
    (checkout.folder / "report.json").symlink_to(checkout.outside / "mine")
    done = checkout.check("--json", f"{by_link}/report.json", GITHUB_WORKSPACE=str(by_link))
    assert done.code == 0, done.err
    assert checkout.untouched()


@pytest.mark.parametrize("names", ["out/report.json", "a/b/report.json", "a/out/new/report.json"])
def test_a_link_in_place_of_a_folder_is_refused(checkout: Checkout, names: str) -> None:
    *folders, link, _ = Path(names).parts if "new" not in names else ("a", "out", "")
    parent = checkout.folder.joinpath(*folders)
    parent.mkdir(parents=True, exist_ok=True)
    (parent / link).symlink_to(checkout.outside)
    done = checkout.check("--json", names)
    assert done.code == 2
    assert f'--json: "{names}" goes through the link ' in done.err
    assert "name the folder that it leads to" in done.err
    assert checkout.untouched()


def test_outside_the_checkout_the_folder_is_the_choice_of_the_user(checkout: Checkout) -> None:
    (checkout.outside / "latest.json").symlink_to("2026.json")
    done = checkout.check("--json", f"{checkout.outside}/latest.json")
    assert done.code == 0, done.err
    assert (checkout.outside / "latest.json").is_symlink()
    assert json.loads((checkout.outside / "2026.json").read_text())["verdict"] == "pass"


def test_the_devices_are_not_replaced(checkout: Checkout) -> None:
    done = checkout.check("--json", "/dev/stdout", "-q")
    assert done.code == 0, done.err
    assert '"verdict": "pass"' in done.out
    assert Path("/dev/stdout").is_symlink()
