"""The Action with hostile input: values like shell words, and a workspace full of traps."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.e2e.acting import Act, make_repository, write_workflow
from tests.e2e.mail import HEALTHY, NOWHERE, serve

FREE_TEXT = (
    *("domains", "config", "min-tls", "min-cert-days", "relay", "require", "select", "ignore"),
    "no-smtp",
    *("fail-on", "on-unknown", "level", "resolver", "ca-file", "allow-private", "junit-xml"),
    *("sarif", "save-evidence", "connect-to", "mx", "zone-file", "cert-file", "mta-sts-policy"),
)
SHELL_WORDS = {
    "substitution": "$(touch MARK)",
    "backticks": "`touch MARK`",
    "separator": "; touch MARK #",
    "quotes": '"; touch MARK; \'; touch MARK; "',
    "newline": "x\ntouch MARK\n",
    "option": "--help\n-c MARK",
    "expression": "${{ format('{0}{{{{ github.token }}}}; touch MARK', '$') }} {{ $(touch MARK) }}",
    "command": "x\n::notice title=hacked::hacked\n::set-output name=verdict::pass",
}
TRAPPED = ("json", "venv", "pip", "sitecustomize", "mxcheck", "dns", "encodings", "ensurepip")


@pytest.mark.parametrize("words", SHELL_WORDS.values(), ids=SHELL_WORDS)
@pytest.mark.parametrize("inputs", [("python",), FREE_TEXT], ids=lambda it: it[0])
async def test_inputs_never_become_shell_words(
    act: Act, tmp_path: Path, inputs: tuple[str, ...], words: str
) -> None:
    await expect_refused(act, tmp_path, inputs, words)


async def test_nor_does_the_name_of_evidence(act: Act, tmp_path: Path) -> None:
    words = "\n".join(["--help", *SHELL_WORDS.values()])
    await expect_refused(act, tmp_path, ("evidence",), words)


async def expect_refused(act: Act, tmp_path: Path, inputs: tuple[str, ...], words: str) -> None:
    mark = tmp_path / "hacked"
    hostile = dict.fromkeys(inputs, words.replace("MARK", str(mark)))
    step = {"id": "mx", "uses": "./", "with": {"domains": HEALTHY, **hostile}}
    log = await replace(act, variables=NOWHERE.variables).run(write_workflow(tmp_path, step))
    assert log.outcome("mx") == "failure", str(log)
    assert log.outputs("mx")["verdict"] == "unknown"
    assert log.outputs("mx")["exit-code"] == "2"
    assert not mark.exists()
    assert not log.annotations("notice")


@pytest.mark.parametrize("installer", ["uv", "pip"])
async def test_nothing_of_the_workspace_is_run_or_obeyed(
    act: Act, clone: Path, tmp_path: Path, installer: str
) -> None:
    workspace, mark = tmp_path / "workspace", tmp_path / "hacked"
    workspace.mkdir()
    for name in TRAPPED:
        (workspace / f"{name}.py").write_text(f"open({str(mark)!r}, 'w')\nraise SystemExit(9)\n")
    (workspace / "uv.toml").write_text('[pip]\nno-index = true\nfind-links = ["nowhere"]\n')
    (workspace / ".python-version").write_text("2.7\n")
    make_repository(workspace)
    step = {"id": "mx", "uses": "OWNER/mxcheck@REF", "with": {"domains": HEALTHY}}
    async with serve(tmp_path) as mail:
        runner = Act(
            workspace=workspace,
            actions={**act.actions, "OWNER/mxcheck@REF": clone},
            variables={**mail.variables, "PYTHONPATH": "."},
            path=act.path if installer == "uv" else (),
        )
        log = await runner.run(write_workflow(tmp_path, step))
    assert log.outputs("mx")["exit-code"] == "0", str(log)
    assert not mark.exists()
