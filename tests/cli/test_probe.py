"""`mxcheck probe` on the command line: its flags, its exit codes, and that nothing is judged."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from typer.testing import CliRunner

from mxcheck.cli.program import commands
from mxcheck.config.flags import FLAGS, SHARD, Section
from tests.e2e.mail import HEALTHY, NOWHERE, Mail, serve
from tests.program import run_program
from tests.saved.sharded import apart_from_times

ASKED_FOR = {
    *("select", "ignore", "levels", "require", "no_smtp", "min_tls"),
    *("relay", "relay_sender", "relay_recipient", "relay_control", "save_evidence"),
}
SHARDS = ("1/2", "2/2")


async def run(folder: Path, mail: Mail, *arguments: str, **more: str) -> CompletedProcess[str]:
    """Run mxcheck in a folder, led to the servers by variables."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("MXCHECK_")}
    settings = {"MXCHECK_EHLO_NAME": "probe.example.net", "MXCHECK_CANARY": "none"}
    env = clean | mail.variables | settings | more
    if not mail.ca_file.exists():
        del env["MXCHECK_CA_FILE"]
    return await asyncio.to_thread(run_program, *arguments, env=env, cwd=folder)


@pytest.fixture
async def mail(tmp_path: Path) -> AsyncIterator[Mail]:
    async with serve(tmp_path) as servers:
        yield servers


def report(folder: Path, name: str) -> Mapping[str, Any]:
    """A JSON report without what differs from run to run."""
    seen: Mapping[str, Any] = apart_from_times(json.loads((folder / name).read_text()))
    return seen


def test_its_flags_are_those_of_input_network_and_what_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    text = CliRunner().invoke(commands, ["probe", "--help"]).stdout
    names = set(re.findall(r"(?m)^  (?:-\w, )?(--[\w-]+|-\d)", text))
    shown = {one.key for one in (SHARD, *FLAGS) if names & set("/".join(one.declared).split("/"))}
    sections = {Section.INPUT, Section.PROBE}
    assert shown == {flag.key for flag in FLAGS if flag.section in sections} | ASKED_FOR | {"shard"}


async def test_a_check_is_a_probe_and_a_judging(mail: Mail, tmp_path: Path) -> None:
    checked = await run(tmp_path, mail, "check", HEALTHY, "--json=checked.json")
    probed = await run(tmp_path, mail, "probe", HEALTHY, "--save-evidence=seen.json")
    assert (checked.returncode, probed.returncode) == (0, 0), probed.stderr
    judged = await run(tmp_path, mail, "judge", "seen.json", "--json=judged.json")
    assert judged.returncode == 0
    assert report(tmp_path, "judged.json") == report(tmp_path, "checked.json")


async def test_shards_by_flag_and_by_variable(mail: Mail, tmp_path: Path) -> None:
    flag = await run(tmp_path, mail, "probe", HEALTHY, "--shard=1/2", "--save-evidence=1.json")
    variables = {"MXCHECK_SHARD": "2/2", "MXCHECK_SAVE_EVIDENCE": "2.json"}
    variable = await run(tmp_path, mail, "probe", HEALTHY, **variables)
    assert (flag.returncode, variable.returncode) == (0, 0)
    assert flag.stdout.startswith("shard 1/2: looked at 1 domain, and visited ")
    await run(tmp_path, mail, "check", HEALTHY, "--json=checked.json")
    judged = await run(tmp_path, mail, "judge", "2.json", "1.json", "--json=judged.json")
    assert judged.returncode == 0
    assert report(tmp_path, "judged.json") == report(tmp_path, "checked.json")
    runs = json.loads((tmp_path / "judged.json").read_text())["runs"]
    assert [one["shard"] for one in runs] == ["2/2", "1/2"]


async def test_whatever_was_found_the_exit_code_is_0(tmp_path: Path) -> None:
    async with serve(tmp_path, relays=True) as mail:
        probed = await run(tmp_path, mail, "probe", HEALTHY, "--save-evidence=seen.json")
        judged = await run(tmp_path, mail, "judge", "seen.json")
    assert (probed.returncode, judged.returncode) == (0, 1)
    assert probed.stdout.splitlines() == [
        "looked at 1 domain, and visited 1 MX host",
        "exit code 0: everything was asked; judge it with mxcheck judge",
    ]


async def test_evidence_on_stdout_is_there_alone(mail: Mail, tmp_path: Path) -> None:
    probed = await run(tmp_path, mail, "probe", HEALTHY, "--save-evidence=-")
    assert probed.returncode == 0
    assert [next(iter(json.loads(line))) for line in probed.stdout.splitlines()] == [
        *("schema_version", "visit", "domain", "end"),
    ]


async def test_reports_of_variables_are_for_judge(mail: Mail, tmp_path: Path) -> None:
    variables = {"MXCHECK_JUNIT_XML": "junit.xml", "MXCHECK_SAVE_EVIDENCE": "seen.json"}
    assert (await run(tmp_path, mail, "probe", HEALTHY, **variables)).returncode == 0
    assert not (tmp_path / "junit.xml").exists()
    assert (tmp_path / "seen.json").exists()


async def test_a_resolver_that_cannot_be_talked_to_leaves_with_3(tmp_path: Path) -> None:
    probed = await run(tmp_path, NOWHERE, "probe", HEALTHY, "--save-evidence=seen.json")
    assert probed.returncode == 3
    assert (
        "NOT ASKED: domains not looked up, because no resolver could be talked to: 1 of 1"
        in probed.stdout
    )
    assert (tmp_path / "seen.json").exists()


async def test_a_closed_way_out_leaves_with_3(tmp_path: Path) -> None:
    """No MX host and no control host answers."""
    async with serve(tmp_path, dead_mx=False) as mail:
        port = {"MXCHECK_PORT": "9", "MXCHECK_RETRIES": "0", "MXCHECK_CANARY": "127.0.0.1:9"}
        probed = await run(tmp_path, mail, "probe", HEALTHY, "--save-evidence=seen.json", **port)
    assert probed.returncode == 3, probed.stdout
    assert "NOT ASKED: outbound port 25 looks closed here over IPv4" in probed.stdout


BAD: tuple[tuple[str, tuple[str, ...], Mapping[str, str], str], ...] = (
    ("probe", (HEALTHY,), {}, "--save-evidence: is missing"),
    ("probe", ("--save-evidence=x",), {}, "nothing to check"),
    ("probe", (HEALTHY, "--json=x"), {}, "No such option: --json"),
    ("probe", (HEALTHY, "--fail-on=error"), {}, "No such option: --fail-on"),
    ("check", (HEALTHY, "--shard=1/2"), {}, "No such option: --shard"),
    ("check", (HEALTHY,), {"MXCHECK_SHARD": "1/2"}, "MXCHECK_SHARD: goes with `mxcheck probe`"),
    *(
        ("probe", (HEALTHY, "--save-evidence=x", f"--shard={text}"), {}, f'--shard: "{text}" {why}')
        for text, why in (
            ("0/4", "is not I/N: shards count from 1, so add 1"),
            ("5/4", "is not I/N, such as 1/4"),
            ("1/1001", "is not I/N, such as 1/4: N is from 1 to 1000"),
            ("1", "is not I/N"),
            ("1/", "is not I/N"),
            ("a/b", "is not I/N"),
            ("1/4/", "is not I/N"),
            ("٣/4", "is not I/N"),
        )
    ),
)


@pytest.mark.parametrize(("command", "arguments", "variables", "message"), BAD)
async def test_bad_usage_is_named(
    command: str,
    arguments: tuple[str, ...],
    variables: Mapping[str, str],
    message: str,
    tmp_path: Path,
) -> None:
    done = await run(tmp_path, NOWHERE, command, *arguments, **variables)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "x").exists()


async def test_a_shard_that_is_set_for_all_jobs_does_not_keep_judge_from_judging(
    mail: Mail, tmp_path: Path
) -> None:
    await run(tmp_path, mail, "probe", HEALTHY, "--save-evidence=seen.json")
    judged = await run(tmp_path, mail, "judge", "seen.json", MXCHECK_SHARD="1/2")
    assert (judged.returncode, judged.stderr) == (0, "")
