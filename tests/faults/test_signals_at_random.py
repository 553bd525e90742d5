"""SIGINT and SIGTERM at any moment of a run: 130, and every report whole or clearly not there."""

import asyncio
import json
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.saved.reading import read_evidence
from tests.faults.signal_driver import GENERATOR
from tests.faults.smtp import FaultySmtp
from tests.faults.timeless import ensure_none
from tests.probe.harness import DOMAIN, HOST, ROOT
from tests.seen import ROOT as FOLDER
from tests.seen import complaints, environment

SIGNALS = (signal.SIGINT, signal.SIGTERM)
SEED = 20261124
AT_RANDOM = 30
REPORTS = ("json", "junit-xml", "sarif", "save-evidence")
# Here a run passes from one state to another, so that a signal may fall between the two.
DELICATE = (
    *("mxcheck/app.py", "cli/main.py", "cli/guard.py", "probe/signals.py"),
    *("console/output.py", "console/streams.py", "console/signals.py"),
    "asyncio/runners.py",
)

Moment = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A run that was told to stop at a moment: the exit code, and what it left."""

    moment: Moment | None
    number: signal.Signals
    code: int
    folder: Path

    def __str__(self) -> str:
        return f"{self.number.name} at {self.moment}"

    @property
    def err(self) -> str:
        return (self.folder / "err").read_text()


class Driver:
    """The driver's process, which is asked for one run after the other."""

    def __init__(
        self, process: asyncio.subprocess.Process, flags: Sequence[str], folder: Path
    ) -> None:
        self.process, self.flags, self.folder = process, flags, folder
        self.runs = 0

    async def run(self, moment: Moment | None, number: signal.Signals) -> Ended:
        self.runs += 1
        folder = self.folder / str(self.runs)
        folder.mkdir()
        reports = [flag for name in REPORTS for flag in (f"--{name}", str(folder / name))]
        order = json.dumps([[*self.flags, *reports], str(folder), moment, number])
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{order}\n".encode())
        code = int(await self.process.stdout.readline())
        return Ended(moment=moment, number=number, code=code, folder=folder)


@asynccontextmanager
async def driver(folder: Path) -> AsyncIterator[Driver]:
    """The driver, and the servers that its runs check."""
    zone = f"{DOMAIN}. MX 10 {HOST}.\n{HOST}. A 127.0.0.1\n"
    (folder / "roots.pem").write_bytes(ROOT.certificate_pem)
    async with ScriptedDns(zone) as dns, FaultySmtp(lambda _number, _phase: None) as smtp:
        flags = [
            *(DOMAIN, "--resolver", f"127.0.0.1:{dns.address[1]}", "--allow-private"),
            *("--port", str(smtp.address[1]), "--ca-file", str(folder / "roots.pem")),
            *("--ehlo-name", "probe.example.net"),
        ]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.faults.signal_driver"),
            cwd=FOLDER,
            env=environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        yield Driver(process, flags, folder)
        assert process.stdin
        process.stdin.close()
        await process.wait()


async def test_a_signal_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 - the same moments in every run
    async with driver(tmp_path) as one:
        undisturbed = await one.run(None, signal.SIGINT)
        assert (undisturbed.code, complaints(undisturbed.err)) == (0, [])
        moments = chosen(json.loads((undisturbed.folder / "moments").read_text()), chance)
        seen = [
            await one.run(moment, number)
            for moment, number in zip(moments, cycle(SIGNALS), strict=False)
        ]
    ensure_none(f"{ended}: {problem}" for ended in seen for problem in _problems(ended))


def chosen(moments: list[Moment], chance: random.Random) -> list[Moment]:
    """The first of each kind where it is delicate, and some others at random."""
    first: dict[tuple[str, str, str], Moment] = {}
    for moment in moments:
        event, file, function, _ = moment
        # Before `main` has said a word, nobody holds anything off.
        if file in DELICATE and (file, function) != ("cli/main.py", "main"):
            first.setdefault((event, file, function), moment)
    # A file that was moved would be passed over in silence.
    assert {file for _, file, _ in first} == set(DELICATE)
    # Python drops what is raised in a generator that is closed because nobody asks it any more.
    heard = [moment for moment in moments if not moment[2].endswith(GENERATOR)]
    return [*first.values(), *chance.sample(heard, AT_RANDOM)]


def _problems(ended: Ended) -> Iterator[str]:
    if "Traceback" in ended.err or "Exception ignored" in ended.err:
        yield f"a traceback: {ended.err[-300:]}"
    there = {path.name for path in ended.folder.iterdir()} - {"out", "err", "moments"}
    if there - set(REPORTS):
        yield f"{there - set(REPORTS)} is left behind"
    missing = set(REPORTS) - there
    if missing and "interrupted" not in ended.err:
        yield f"{sorted(missing)} is not there, and nothing says so"
    if missing and there:
        yield f"only {sorted(there)} are there"
    code = _code_reported(ended.folder) if not missing else 130
    if ended.code != code:
        yield f"it exits {ended.code}, where {code} is due"


def _code_reported(folder: Path) -> int:
    """The exit code that the reports give, all of which can be read."""
    read_evidence("save-evidence", folder, None)
    assert (folder / "junit-xml").read_text().rstrip().endswith(">")
    assert json.loads((folder / "sarif").read_text())["runs"]
    code = json.loads((folder / "json").read_text())["exit_code"]
    assert isinstance(code, int)
    return code
