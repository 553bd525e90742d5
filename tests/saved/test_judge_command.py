"""`mxcheck judge` on the command line: its flags, its config file, and what it refuses."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mxcheck.cli.program import commands
from mxcheck.config.flags import FLAGS, Section
from tests.build import DOMAIN, HOST, evidence_of, expired_visit, root
from tests.saved.command import judge
from tests.saving import saved_text

TEXT = saved_text(evidence_of(expired_visit()))
OTHER = "other.example"
FAILING = {"cert-expired", "cert-name-mismatch"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with evidence of one domain whose certificate has expired, and the root."""
    (tmp_path / "evidence.json").write_text(TEXT)
    (tmp_path / "ca.pem").write_bytes(root().certificate_pem)
    (tmp_path / "mxcheck.toml").write_text('[probe]\nca_file = "ca.pem"\n')
    return tmp_path


def configure(folder: Path, text: str) -> None:
    with (folder / "mxcheck.toml").open("a") as file:
        file.write(text)


def test_the_flags_are_those_of_policy_reports_and_screen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("NO_COLOR", "1")
    text = CliRunner().invoke(commands, ["judge", "--help"]).stdout
    names = set(re.findall(r"(?m)^  (?:-\w, )?(--[\w-]+)", text))
    shown = {flag.key for flag in FLAGS if names & set("/".join(flag.declared).split("/"))}
    sections = {Section.POLICY, Section.REPORTS, Section.SCREEN}
    assert shown == {flag.key for flag in FLAGS if flag.section in sections} | {
        "config",
        "ca_file",
        "allow_private",
    }
    assert re.search(r"EVIDENCE .*--save-evidence", text)


@pytest.mark.parametrize("name", ["evidence.json", "-"])
def test_a_file_and_stdin(name: str, folder: Path) -> None:
    judged = judge(folder, name, stdin=TEXT.encode())
    assert judged.exit_code == 1
    assert judged.report["domains"][0]["domain"] == DOMAIN
    failed = {
        one["rule"] for one in judged.report["domains"][0]["results"] if one["outcome"] == "fail"
    }
    assert failed == FAILING
    assert "judged from saved evidence" in " ".join(judged.stdout.partition("\n\n")[0].split())
    assert not judged.stderr


def test_screen_flags(folder: Path) -> None:
    quiet = judge(folder, "evidence.json", "-q").stdout.splitlines()
    assert [line.partition(":")[0] for line in quiet] == [f"FAIL {DOMAIN}", "FAIL"]
    assert "EHLO probe.example.net" in judge(folder, "evidence.json", "-v").stdout
    assert "\x1b[" in judge(folder, "evidence.json", "--color=always").stdout


def test_flags_win_over_the_environment_and_that_over_the_file(folder: Path) -> None:
    configure(folder, "[policy]\nmin_cert_days = 1\n")
    environ = {"MXCHECK_MIN_CERT_DAYS": "2"}

    def days(*flags: str, **variables: str) -> object:
        judged = judge(folder, "evidence.json", *flags, environ=variables)
        return judged.report["policy"]["min_cert_days"]

    assert (days(), days(**environ), days("--min-cert-days=3", **environ)) == (1, 2, 3)


def test_a_domain_of_the_file_has_its_own_policy_and_place(folder: Path) -> None:
    configure(folder, f'[[domain]]\nname = "{DOMAIN}"\nignore = ["cert"]\n')
    judged = judge(folder, "evidence.json", "--codequality=quality.json")
    assert judged.exit_code == 0
    judged = judge(folder, "evidence.json", "--level=cert-expired=error", "--ignore=relay")
    assert judged.exit_code == 1
    judge(folder, "evidence.json", "--ignore=relay", "--codequality=quality.json")
    locations = {
        (issue["location"]["path"], issue["location"]["lines"]["begin"])
        for issue in json.loads((folder / "quality.json").read_text())
        if issue["check_name"] != "note"  # notes are about the run
    }
    assert locations == {("mxcheck.toml", 4)}


def test_waivers_of_the_file_apply(folder: Path) -> None:
    for rule in FAILING:
        configure(folder, f'[[waiver]]\nrule = "{rule}"\nuntil = 9999-12-31\nreason = "OPS-123"\n')
    judged = judge(folder, "evidence.json")
    assert (judged.exit_code, judged.report["counts"]["waived"]) == (0, 2)


@pytest.mark.parametrize("by", ["file", "variable", "list"])
def test_what_is_to_be_checked_and_is_not_in_the_evidence_is_unknown(by: str, folder: Path) -> None:
    (folder / "names").write_text(f"{OTHER}\n")
    environ = {}
    match by:
        case "file":
            configure(folder, f'[[domain]]\nname = "{OTHER}"\n')
        case "variable":
            environ = {"MXCHECK_DOMAINS": f"{DOMAIN}\n{OTHER}"}
        case "list":
            environ = {"MXCHECK_DOMAINS_FILE": "names"}
    judged = judge(folder, "evidence.json", "--ignore=cert", environ=environ)
    assert judged.exit_code == 3
    assert [one["domain"] for one in judged.report["domains"]] == [DOMAIN, OTHER]
    assert judged.outcomes[OTHER]["mx-missing"] == "unknown"
    assert f"does not hold {OTHER}" in judged.stdout


def test_the_relay_test_of_the_configuration_is_not_about_to_be_run(folder: Path) -> None:
    # A check of this domain would refuse such a recipient.
    judged = judge(folder, "evidence.json", f"--relay-recipient=postmaster@{DOMAIN}")
    assert judged.exit_code == 1
    assert not judged.stderr


def test_overrides_that_are_configured_now_say_nothing_of_the_evidence(folder: Path) -> None:
    configure(folder, f'mx = ["{DOMAIN}=10 {HOST}"]\ncert_file = ["gone.pem"]\n')
    changes, gathered = judge(folder, "evidence.json").report["notes"]
    assert changes == "mxcheck.toml changes what is checked, and how: ca_file (line 2)"
    assert gathered.startswith("judged from evidence that was gathered on ")


@pytest.mark.parametrize("key", ["mx", "connect_to"])
def test_an_override_of_no_form_is_refused_as_check_would(key: str, folder: Path) -> None:
    """The same file is for both."""
    text = f'{key} = ["garbage"]\n'
    configure(folder, text)
    line = (folder / "mxcheck.toml").read_text().partition(text)[0].count("\n") + 1
    judged = judge(folder, "evidence.json")
    assert judged.exit_code == 2
    assert judged.stderr.startswith(f'mxcheck.toml:{line}: probe.{key}: "garbage" is not ')
    variable = f"MXCHECK_{key.upper()}"
    judged = judge(folder, "evidence.json", environ={variable: "garbage"})
    assert judged.exit_code == 2
    assert judged.stderr.startswith(f'{variable}: "garbage" is not ')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "evidence.json: is empty: it contains no run"),
        (
            TEXT[: len(TEXT) // 2],
            "evidence.json: line 2: the evidence is not whole: it breaks off within this line",
        ),
        (
            TEXT[: TEXT.index('{"end"')],
            (
                "evidence.json: line 3: the evidence is not whole: the line `end` of its run is "
                "missing"
            ),
        ),
        (
            TEXT.replace('"schema_version":"2"', '"schema_version":"0"'),
            (
                'evidence.json: line 1: schema_version: "0" is not "2", the version that this '
                "mxcheck reads; judge the evidence with the mxcheck that saved it"
            ),
        ),
        (
            TEXT.replace('"port":25', '"port":"smtp"', 1),
            "evidence.json: line 1: run.port: input should be a valid integer",
        ),
        (
            saved_text(replace(evidence_of(), domains=(), visits=())),
            "nothing to judge: the evidence holds no domain",
        ),
    ],
)
def test_a_bad_file_is_named_with_its_place_and_leaves_with_2(
    text: str, message: str, folder: Path
) -> None:
    (folder / "evidence.json").write_text(text)
    judged = judge(folder, "evidence.json")
    assert judged.exit_code == 2
    assert judged.stderr.startswith(message)
    assert judged.stderr.count("\n") == 1
    assert not judged.stdout
    assert not judged.report


def test_a_bad_configuration_is_named_and_leaves_with_2(folder: Path) -> None:
    configure(folder, '[policy]\nmin_tsl = "1.2"\n')
    judged = judge(folder, "evidence.json", "--fail-on=never")
    assert judged.exit_code == 2
    assert [line.partition(": ")[0] for line in judged.stderr.splitlines()] == [
        "mxcheck.toml:4",
        "--fail-on",
    ]


def test_an_unknown_variable_is_a_warning(folder: Path) -> None:
    judged = judge(folder, "evidence.json", environ={"MXCHECK_MIN_TSL": "1.3"})
    assert judged.stderr.startswith(
        "mxcheck: warning: MXCHECK_MIN_TSL is not the variable of any flag"
    )
    assert judged.exit_code == 1
