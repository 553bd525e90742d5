"""`mxcheck init`: what it writes is what mxcheck reads, and nothing is overwritten."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mxcheck.cli.init import SCHEMA_NAME, config_text
from mxcheck.cli.pipelines import GITHUB_NAME, GITLAB_NAME
from mxcheck.cli.program import commands
from mxcheck.config.model import PolicyTable, ProbeTable, WaiverTable
from mxcheck.demo.certificates import Authority
from mxcheck.model.policy import Policy
from mxcheck.probe.settings import ProbeSettings
from tests.config.configs import domains, load

ROOT = Path(__file__).parents[2]
NAMES = ("mxcheck.toml", SCHEMA_NAME, GITHUB_NAME, GITLAB_NAME)
TEXT = config_text(["example.com"])
POLICY, PROBE, *_ = re.split(r"\n\n(?=\[|# The domains)", TEXT)[1:]
SETTINGS = re.findall(r"(?m)^#([a-z0-9_]+ = .*)$", f"{POLICY}\n{PROBE}")
# Everything but one of the two keys that exclude each other.
ALL = re.sub(r"(?m)^#(?=[a-z\[])", "", TEXT.replace("#ipv6", "# ipv6"))


def write_login(folder: Path) -> None:
    (folder / "gate.key").write_text("-----BEGIN OPENSSH PRIVATE KEY-----\n")
    (folder / "gate.known_hosts").write_text("gate.example.net ssh-ed25519 AAAA\n")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which holds the files that the examples name."""
    authority = Authority.root(datetime.now(UTC))
    for name in ("roots.pem", "chain.pem"):
        (tmp_path / name).write_bytes(authority.certificate_pem)
    (tmp_path / "zone.txt").write_text("@ 300 IN MX 10 mx\nmx 300 IN A 192.0.2.1\n")
    policy = "version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n"
    (tmp_path / "mta-sts.txt").write_text(policy)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str) -> Result:
    return CliRunner().invoke(commands, ["init", *arguments])


def contents(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_the_config_file_names_the_domains_and_changes_nothing_else(folder: Path) -> None:
    config = load(folder, {"domains": ()}, file=config_text(["b.example", "a.example"]))
    assert domains(config) == ["b.example", "a.example"]
    assert (config.policy, config.probe, config.waivers) == (Policy(), ProbeSettings(), ())


def test_it_takes_the_place_of_no_other_config_file(folder: Path) -> None:
    pyproject = folder / "pyproject.toml"
    pyproject.write_text('[[tool.mxcheck.domain]]\nname = "a.example"\n')
    before = contents(folder)
    result = init("a.example", "b.example")
    assert result.exit_code == 0
    assert "kept pyproject.toml: its [tool.mxcheck] is the config file\n" in result.stdout
    assert '    [[tool.mxcheck.domain]]\n    name = "b.example"\n' in result.stdout
    assert "a.example" not in result.stdout
    assert contents(folder) == before
    pyproject.write_text("[tool.other]\nuses = 'mxcheck'\n")
    assert init("example.com").exit_code == 0
    assert (folder / "mxcheck.toml").exists()


def test_a_pyproject_that_cannot_be_read_is_refused(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("[tool.mxcheck\n")
    before = contents(folder)
    result = init("example.com")
    assert (result.exit_code, contents(folder)) == (2, before)
    assert result.stderr.startswith("pyproject.toml:1: is not TOML")


def test_without_domains_one_is_shown(folder: Path) -> None:
    text = config_text([])
    assert '#[[domain]]\n#name = "example.com"\n' in text
    assert domains(load(folder, file=text)) == ["example.com"]


@pytest.mark.parametrize("setting", SETTINGS)
def test_each_setting_can_be_switched_on_alone(folder: Path, setting: str) -> None:
    text = TEXT.replace(f"#{setting}", setting, 1)
    if setting.startswith("via_"):  # the files of a login need one
        write_login(folder)
        text = re.sub(r"(?m)^#(?=via = )", "", text)
    load(folder, {"domains": ()}, file=text)


def test_all_settings_can_be_switched_on_at_once(folder: Path) -> None:
    write_login(folder)
    config = load(folder, {"domains": ()}, file=ALL)
    [waiver] = config.waivers
    assert waiver.reason
    assert config.policy.min_cert_days == 21
    assert config.probe.families == (4,)


def test_what_is_not_called_an_example_is_the_default(folder: Path) -> None:
    defaults = [line for line in SETTINGS if not line.endswith("  # an example")]
    text = f"{POLICY}\n{PROBE}\n"
    for line in defaults:
        text = text.replace(f"#{line}\n", f"{line}\n")
    config = load(folder, file=text)
    assert len(defaults) > 10
    assert (config.policy, config.probe) == (Policy(), ProbeSettings())


@pytest.mark.parametrize("table", [PolicyTable, ProbeTable, WaiverTable])
def test_every_key_is_shown(table: type[PolicyTable | ProbeTable | WaiverTable]) -> None:
    for key in table.model_fields:
        assert re.search(rf"(?m)^#{key} = ", TEXT), key


def test_the_files_are_valid_by_their_schemas(folder: Path) -> None:
    assert init("example.com", "--github", "--gitlab").exit_code == 0
    (folder / "all.toml").write_text(ALL)
    checks = (
        ("--schemafile", SCHEMA_NAME, "mxcheck.toml", "all.toml"),
        ("--builtin-schema", "vendor.github-workflows", GITHUB_NAME),
        ("--builtin-schema", "vendor.gitlab-ci", GITLAB_NAME),
        ("--check-metaschema", SCHEMA_NAME),
    )
    for arguments in checks:
        program = Path(sys.executable).parent / "check-jsonschema"
        subprocess.run([program, *arguments], check=True, cwd=folder)


@pytest.mark.parametrize(
    ("arguments", "name", "example"),
    [
        (("--github",), GITHUB_NAME, "workflows/hosted-runner.yml"),
        (("--github", "--self-hosted"), GITHUB_NAME, "workflows/config-file.yml"),
        (("--gitlab",), GITLAB_NAME, "gitlab/component.gitlab-ci.yml"),
    ],
)
def test_the_pipelines_are_those_of_the_examples(
    folder: Path, arguments: tuple[str, ...], name: str, example: str
) -> None:
    init(*arguments)
    assert (folder / name).read_text() == (ROOT / "examples" / example).read_text()


def test_what_was_written_and_what_comes_next_is_told(folder: Path) -> None:
    result = init("Bücher.example.", "xn--bcher-kva.example", "--github", "--directory", "new/here")
    *wrote, edit, then = result.stdout.splitlines()
    assert wrote == [f"wrote new/here/{name}" for name in NAMES[:3]]
    assert edit == f"Next: say in new/here/{GITHUB_NAME} where mxcheck comes from (OWNER, REF)."
    assert then.startswith("Then: mxcheck check")
    text = (folder / "new/here/mxcheck.toml").read_text()
    assert text.count("\n[[domain]]\n") == 1
    assert 'name = "xn--bcher-kva.example"' in text


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_overwritten_and_what_is_missing_is_written(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).symlink_to("not-there-yet")
    result = init("example.com", "--github", "--gitlab")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line for line in lines if line.startswith("kept ")] == [f"kept {name}"]
    wrote = [line.removeprefix("wrote ") for line in lines if line.startswith("wrote ")]
    assert wrote == [other for other in NAMES if other != name]
    assert (folder / name).is_symlink()
    assert not (folder / name).exists()


def test_a_second_run_changes_nothing_and_has_nothing_to_add(folder: Path) -> None:
    arguments = ("example.com", "--github", "--gitlab", "--from", "acme/mxcheck@v1")
    assert init(*arguments).exit_code == 0
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    result = init(*arguments)
    *kept, edit, _ = result.stdout.splitlines()
    assert kept == [f"kept {name}" for name in NAMES]
    assert edit == "Next: look through mxcheck.toml."
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_to_add_to_the_files_that_stay_is_shown(folder: Path) -> None:
    (folder / "mxcheck.toml").write_text('[[domain]]\nname = "a.example"\n')
    (folder / SCHEMA_NAME).write_text("{}")
    (folder / GITLAB_NAME).write_text("stages: [test]\n")
    result = init("a.example", "b.example", "--gitlab", "--from", "group/sub/mxcheck@v1")
    assert 'To add to mxcheck.toml:\n\n    [[domain]]\n    name = "b.example"\n' in result.stdout
    assert f"To add to {GITLAB_NAME} (if it has `include:`, below that):" in result.stdout
    assert "$CI_SERVER_FQDN/group/sub/mxcheck/mxcheck@v1\n" in result.stdout
    assert "git+$CI_SERVER_URL/group/sub/mxcheck.git@v1\n" in result.stdout
    assert f"mxcheck schema config > {SCHEMA_NAME}" in result.stdout
    assert "Next: add what is shown above.\n" in result.stdout


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("flag", ["--github", "--gitlab"])
def test_a_pipeline_that_names_no_source_is_to_be_edited(flag: str) -> None:
    name = {"--github": GITHUB_NAME, "--gitlab": GITLAB_NAME}[flag]
    edit = f"Next: say in {name} where mxcheck comes from (OWNER, REF"
    assert f"{edit}).\n" in init("a.example", flag).stdout
    again = init("a.example", flag, "--from", "acme/mxcheck@v1")
    assert f"{edit}: acme/mxcheck@v1).\n" in again.stdout


def test_a_workflow_that_stays_on_a_hosted_runner_is_to_be_edited(folder: Path) -> None:
    arguments = ("a.example", "--github", "--from", "acme/mxcheck@v1")
    assert init(*arguments).exit_code == 0
    edit = f"let the job in {GITHUB_NAME} use your runner (`runs-on: [self-hosted, linux]`,"
    assert edit in init(*arguments, "--self-hosted").stdout
    (folder / GITHUB_NAME).unlink()
    for _ in range(2):
        assert edit not in init(*arguments, "--self-hosted").stdout


@pytest.mark.parametrize("marker", ["folder", "file"])
def test_pipelines_go_to_the_top_of_the_repository(
    folder: Path, marker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A work tree that `git worktree` made has a file in place of the folder.
    (folder / ".git").mkdir() if marker == "folder" else (folder / ".git").touch()
    (folder / "dns/mail").mkdir(parents=True)
    monkeypatch.chdir(folder / "dns/mail")
    result = init("example.com", "--github", "--gitlab", "--from", "acme/mxcheck@v1")
    assert f"wrote ../../{GITHUB_NAME}\n" in result.stdout
    assert (folder / "dns/mail/mxcheck.toml").exists()
    workflow, pipeline = ((folder / name).read_text() for name in (GITHUB_NAME, GITLAB_NAME))
    assert "paths: [dns/mail/mxcheck.toml]" in workflow
    step = "- uses: acme/mxcheck@v1\n        with:\n"
    config = "          config: dns/mail/mxcheck.toml\n"
    assert workflow.endswith(f'{step}          no-smtp: "true"\n{config}')
    (folder / GITHUB_NAME).unlink()
    init("--github", "--self-hosted", "--from", "acme/mxcheck@v1")
    assert (folder / GITHUB_NAME).read_text().endswith(f"{step}{config}")
    assert "    inputs:\n      config: dns/mail/mxcheck.toml\n" in pipeline


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "acme/mxcheck@v1"), "--from: is for a pipeline"),
        (("--self-hosted",), "--self-hosted: is for a workflow: give --github too"),
        (("--github", "--from", "acme/mxcheck"), '--from: "acme/mxcheck" is not OWNER/mxcheck@REF'),
        (("--github", "--from", "a/b/c@v1"), "is not OWNER/mxcheck@REF"),
        (("--gitlab", "--from", "a/b@v1\nx"), "is not OWNER/mxcheck@REF"),
        (("--github", "--directory", "a ${{ b }}"), "has characters that a pipeline"),
    ],
)
def test_what_a_pipeline_cannot_name_is_refused(
    folder: Path, arguments: tuple[str, ...], said: str
) -> None:
    (folder / ".git").mkdir()
    before = contents(folder)
    result = init(*arguments)
    assert (result.exit_code, contents(folder)) == (2, before)
    assert said in result.stderr


@pytest.mark.parametrize("in_the_way", [".github", ".github/workflows"])
def test_what_cannot_be_written_whole_is_not_written(folder: Path, in_the_way: str) -> None:
    (folder / in_the_way).parent.mkdir(exist_ok=True)
    (folder / in_the_way).write_text("")
    before = contents(folder)
    result = init("--github", "--gitlab")
    assert result.exit_code == 2
    assert "nothing was written" in result.stderr
    assert contents(folder) == before


def test_what_is_no_domain_is_refused(folder: Path) -> None:
    before = contents(folder)
    hostile = ('x.example"\n[policy]\nselect = []', "postmaster@example.com", "\x1b[31mred.example")
    result = init("example.com", *hostile)
    assert result.exit_code == 2
    assert all(line.startswith("DOMAIN: ") for line in result.stderr.splitlines())
    assert "\x1b" not in result.stderr
    assert contents(folder) == before
