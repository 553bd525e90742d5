"""The Action, run for real by act on this machine, against servers on loopback."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxcheck.demo.certificates import Authority
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.smtp_script import RecipientReply, Script, Tls, closed_relay, open_relay
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.rules import RULES

ROOT = Path(__file__).parents[2]
ACT = Path(sys.executable).parent / "act"
SCHEDULED = ROOT / "examples/workflows/scheduled.yml"
MX = "mx1.healthy.example"
ZONE = f"healthy.example. 300 IN MX 10 {MX}.\n{MX}. 300 IN A 127.0.0.1\n"
WORKFLOW = """
on: push
jobs:
  mail:
    runs-on: ubuntu-latest
    env:
      MXCHECK_PORT: "{port}"
    steps:
      - uses: actions/checkout@v4
      - run: {before}
      - id: mx
        uses: ./
        continue-on-error: true
        with:
          domains: {domains}
          min-cert-days: "{min_cert_days}"
          resolver: {resolver}
          ca-file: {ca_file}
          allow-private: true
          python: {python}
      - if: always()
        run: echo "seen $CODE $VERDICT $FAILED $UNKNOWN $OUTCOME $(grep -c '<testcase' "$JUNIT")"
        env:
          CODE: ${{{{ steps.mx.outputs.exit-code }}}}
          VERDICT: ${{{{ steps.mx.outputs.verdict }}}}
          FAILED: ${{{{ steps.mx.outputs.failed }}}}
          UNKNOWN: ${{{{ steps.mx.outputs.unknown }}}}
          OUTCOME: ${{{{ steps.mx.outcome }}}}
          JUNIT: ${{{{ steps.mx.outputs.junit-xml }}}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A domain's servers, as the workflow reaches them."""

    port: int
    resolver: str
    ca_file: Path


@asynccontextmanager
async def serve(folder: Path, recipient: RecipientReply) -> AsyncIterator[Mail]:
    """Run a resolver and an MX that answers RCPT in one way."""
    root = Authority.root(datetime.now(UTC))
    issued = root.issue_intermediate().issue(names=(MX,))
    tls = Tls(chain_pem=issued.chain_pem, key_pem=issued.key_pem)
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(root.certificate_pem)
    script = Script(hostname=MX, tls=tls, recipient=recipient)
    async with ScriptedDns(ZONE) as dns, ScriptedSmtp(script) as smtp:
        resolver = f"{dns.address[0]}:{dns.address[1]}"
        yield Mail(port=smtp.address[1], resolver=resolver, ca_file=ca_file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What the workflow hands to the Action, and a command that runs before it."""

    domains: str = "healthy.example"
    min_cert_days: int = 14
    python: str = sys.executable
    before: str = "true"


async def run_workflow(folder: Path, mail: Mail, inputs: Inputs) -> list[str]:
    """Run the workflow on a copy of this repository; the lines that its steps printed."""
    workflow = WORKFLOW.format(
        port=mail.port,
        resolver=mail.resolver,
        ca_file=mail.ca_file,
        domains=json.dumps(inputs.domains),
        min_cert_days=inputs.min_cert_days,
        python=inputs.python,
        before=json.dumps(inputs.before),
    )
    return await act(folder, workflow, "push", "-P", "ubuntu-latest=-self-hosted")


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints."""
    identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    command = ("git", "-C", str(folder), *identity, "-c", "commit.gpgsign=false", *arguments)
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def clone_repository(folder: Path) -> Path:
    """Copy what a commit of this working tree would hold, as a repository of its own."""
    clone = folder / "clone"
    for name in git(ROOT, "ls-files", "-co", "--exclude-standard", "-z").split("\0"):
        if name and (ROOT / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, clone / name)
    git(clone, "init", "--quiet", "--initial-branch=main")
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--no-verify", "--message", "the working tree")
    return clone


def leftovers(folder: Path) -> list[Path]:
    """Files that an input which became a shell word would have left."""
    return list(folder.rglob("hacked"))


async def act(folder: Path, workflow: str, *arguments: str) -> list[str]:
    """Run a workflow with a copy of this repository as its workspace and as the Action."""
    clone = clone_repository(folder)
    (folder / "workflow.yml").write_text(workflow)
    process = await asyncio.create_subprocess_exec(
        *(str(ACT), *arguments, "-W", f"{folder}/workflow.yml", "--no-cache-server", "--json"),
        *("--local-repository", f"OWNER/mxcheck@REF={clone}"),
        cwd=clone,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    records = [json.loads(line) for line in output.splitlines() if line.startswith(b"{")]
    return [str(record["msg"]).strip() for record in records]


@pytest.mark.parametrize(
    ("recipient", "days", "seen"),
    [
        (closed_relay(["healthy.example"]), 14, f"seen 0 pass 0 0 success {len(RULES)}"),
        (open_relay, 90, f"seen 1 fail 2 0 failure {len(RULES)}"),
    ],
)
async def test_action_hands_on_the_results(
    tmp_path: Path, recipient: RecipientReply, days: int, seen: str
) -> None:
    async with serve(tmp_path, recipient) as mail:
        lines = await run_workflow(tmp_path, mail, Inputs(min_cert_days=days))
    assert seen in lines, "\n".join(lines)


async def test_inputs_never_become_shell_words(tmp_path: Path) -> None:
    domains = 'healthy.example, $(touch hacked) `touch hacked` "; touch hacked'
    async with serve(tmp_path, closed_relay(["healthy.example"])) as mail:
        lines = await run_workflow(tmp_path, mail, Inputs(domains=domains))
    assert any(line.startswith("seen 2 unknown 0 0 failure") for line in lines), "\n".join(lines)
    assert not leftovers(tmp_path)


NOWHERE = Mail(port=25, resolver="127.0.0.1:9", ca_file=Path("none.pem"))
OLD_REPORT = """echo '{"counts": {"fail": 7, "unknown": 7}}' >mxcheck.json"""


@pytest.mark.parametrize(
    "inputs",
    [
        Inputs(python="no-such-python", before=OLD_REPORT),
        Inputs(domains="-", before=OLD_REPORT),
    ],
    ids=["python", "domains"],
)
async def test_outputs_are_set_however_the_step_ends(tmp_path: Path, inputs: Inputs) -> None:
    lines = await run_workflow(tmp_path, NOWHERE, inputs)
    assert any(line.startswith("seen 2 unknown 0 0 failure") for line in lines), "\n".join(lines)


async def test_scheduled_example(tmp_path: Path) -> None:
    async with serve(tmp_path, closed_relay(["healthy.example"])) as mail:
        servers = (
            f"resolver: {mail.resolver}\n          ca-file: {mail.ca_file}\n"
            f"          allow-private: true\n          python: {sys.executable}\n          "
        )
        workflow = (
            SCHEDULED.read_text()
            .replace("example.com example.org", "healthy.example")
            .replace("min-cert-days", f"{servers}min-cert-days")
        )
        lines = await act(
            tmp_path,
            workflow,
            *("schedule", "-P", "self-hosted=-self-hosted"),
            *("--env", f"MXCHECK_PORT={mail.port}"),
        )
    tally = re.compile(r"(\d+) passed, (\d+) not applicable, (\d+) switched off")
    [counts] = [found.groups() for line in lines if (found := tally.search(line))]
    assert sum(map(int, counts)) == len(RULES), "\n".join(lines)
    assert any(line.endswith("Job succeeded") for line in lines), "\n".join(lines)
