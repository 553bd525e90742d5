from pathlib import Path

import pytest

from mxcheck.config.load import load_config
from mxcheck.model.location import Location

CONFIG = '[policy]\nmin_tls = "1.2"\n\n[[domain]]\nname = "a.example"\n'


def locations(folder: Path, environ: dict[str, str], **flags: tuple[str, ...]) -> dict[str, str]:
    config = load_config(flags, environ, folder, None)
    found = {target.domain: str(target.location) for target in config.targets}
    return found | {"": str(config.location)}


def test_a_domain_is_placed_where_a_file_names_it(tmp_path: Path) -> None:
    (tmp_path / "mxcheck.toml").write_text(CONFIG)
    (tmp_path / "names.txt").write_text("# ours\na.example\nb.example\n")
    found = locations(tmp_path, {}, domains=("c.example",), domains_file=("names.txt",))
    assert found == {
        "a.example": "mxcheck.toml:5",
        "b.example": "names.txt:3",
        "c.example": "None",
        "": "mxcheck.toml:1",
    }


@pytest.mark.parametrize("root", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_paths_start_at_the_root_of_the_repository(root: str, tmp_path: Path) -> None:
    folder = tmp_path / "mail" / "checks"
    folder.mkdir(parents=True)
    (folder / "mxcheck.toml").write_text(CONFIG)
    found = locations(folder, {root: str(tmp_path)})
    assert found["a.example"] == "mail/checks/mxcheck.toml:5"


def test_a_file_outside_the_repository_is_no_place(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    (tmp_path / "mxcheck.toml").write_text(CONFIG)
    found = locations(folder, {}, config=("../mxcheck.toml",))
    assert found == {"a.example": "None", "": str(Location())}


@pytest.mark.parametrize(
    ("environ", "location"),
    [
        ({}, "README.md:1"),
        (
            {"GITHUB_WORKFLOW_REF": "octo/repo/.github/workflows/mail.yml@refs/heads/main"},
            ".github/workflows/mail.yml:1",
        ),
        ({"GITHUB_WORKFLOW_REF": "nonsense"}, "README.md:1"),
        ({"CI_CONFIG_PATH": ".gitlab-ci.yml"}, ".gitlab-ci.yml:1"),
        ({"CI_CONFIG_PATH": "ci.yml@group/project"}, "README.md:1"),
        ({"CI_CONFIG_PATH": "https://example.com/ci.yml"}, "README.md:1"),
    ],
)
def test_without_a_config_file_the_pipeline_is_the_place(
    environ: dict[str, str], location: str, tmp_path: Path
) -> None:
    assert locations(tmp_path, environ, domains=("a.example",))[""] == location
