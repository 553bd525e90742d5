"""Reads a scripted server from its data file, and checks a domain that has it as its MX."""

import asyncio
import ssl
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any

from mxcheck.app import Checking
from mxcheck.config.load import Config
from mxcheck.config.output import Screen
from mxcheck.demo.certificates import Authority
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.smtp_script import Answer, Paced, Script, Tls
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.judge.causes import causes_of
from mxcheck.judge.verdict import Result, Verdict
from mxcheck.model.policy import Level, Policy
from mxcheck.model.targets import Target
from mxcheck.probe.settings import SMTP_PORT, ProbeSettings
from mxcheck.rules import RULES
from tests.faults.timeless import run_timeless
from tests.probe.harness import ADDRESS, DOMAIN, mx_zone, plain
from tests.saving import as_evidence

FOLDER = Path(__file__).parent
FILES = sorted((FOLDER / "servers").glob("*.toml"))
DMARC = f'_dmarc.{DOMAIN}. TXT "v=DMARC1; p=reject"\n'
OFF = "off"
Table = Mapping[str, Any]

_ROOT = Authority.root(datetime.now(UTC))
_VERSIONS = {"1.0": ssl.TLSVersion.TLSv1, "1.2": ssl.TLSVersion.TLSv1_2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """One server: what it says on each connection, and what is wanted of every rule.

    All further connections are like the last one.
    """

    name: str
    title: str
    host: str
    certificate: tuple[str, ...]
    oldest_tls: str
    exit_code: int
    connections: tuple[Table, ...]
    wanted: Mapping[str, str]

    def scripts(self) -> Iterator[Script]:
        """Yield a script for each connection."""
        issued = _ROOT.issue_intermediate().issue(names=self.certificate)
        tls = Tls(
            chain_pem=issued.chain_pem,
            key_pem=issued.key_pem,
            minimum_version=_VERSIONS[self.oldest_tls],
        )
        for says in self.connections:
            yield _script(says, tls if "starttls" in says else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a run: the verdict, and how many connections the server saw."""

    verdict: Verdict
    connections: int

    @property
    def _results(self) -> tuple[Result, ...]:
        (domain,) = self.verdict.domains
        return domain.results

    @property
    def outcomes(self) -> dict[str, str]:
        """What each rule answered, by its id."""
        answers = {one.rule.id: str(one.outcome) for one in self._results}
        return {rule.id: answers.get(rule.id, OFF) for rule in RULES}

    def message(self, rule: str) -> str:
        """What a rule said."""
        return next((one.message for one in self._results if one.rule.id == rule), "not asked")


def read_dialogue(path: Path) -> Dialogue:
    """Return the dialogue that a file describes."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    further = data.get("connection", [{}])
    return Dialogue(
        name=path.stem,
        title=data["title"],
        host=data["host"],
        certificate=tuple(data["certificate"]),
        oldest_tls=data.get("oldest_tls", "1.2"),
        exit_code=data["exit_code"],
        connections=tuple(data["says"] | says for says in further),
        wanted=_healthy() | _hidden_by(data.get("nothing_behind", "")) | data.get("wanted", {}),
    )


@cache
def _healthy() -> dict[str, str]:
    """Return what is wanted of every rule if the server is healthy."""
    asked = tomllib.loads((FOLDER / "healthy.toml").read_text(encoding="utf-8"))
    return {rule.id: OFF for rule in RULES if rule.level is Level.OFF} | asked


def _hidden_by(rule_id: str) -> dict[str, str]:
    """Return that the rules that come after one that was not judged do not apply."""
    return {
        rule.id: "not-applicable"
        for rule in RULES
        if rule.level is not Level.OFF and rule_id in {cause.id for cause in causes_of(rule)}
    }


def check(dialogue: Dialogue) -> Outcome:
    """Check DOMAIN, whose MX is the server, with the default settings and in no time."""

    async def run() -> Outcome:
        server = ScriptedSmtp(*dialogue.scripts())
        zone = mx_zone(ADDRESS, host=dialogue.host) + DMARC
        async with ScriptedDns(zone) as dns, server:
            work = Checking(_config(server.address, plain(dns.address)))
            await work.probe.gather_in_loop()
            verdict = work.judge(as_evidence(work.probe.seen()))
            return Outcome(verdict=verdict, connections=len(server.sessions))

    return run_timeless(run())


def _config(server: tuple[str, int], resolver: Any) -> Config:  # noqa: ANN401 - any resolver
    settings = ProbeSettings(
        ehlo_name="probe.example.net",
        canaries=(),
        ca_pem=_ROOT.certificate_pem,
        resolvers=(resolver,),
        routes={(ADDRESS, SMTP_PORT): server},
    )
    return Config(
        policy=Policy(),
        targets=(Target(domain=DOMAIN, policy=Policy()),),
        probe=settings,
        ca_pem=_ROOT.certificate_pem,
        screen=Screen(quiet=True),
    )


def _script(says: Table, tls: Tls | None) -> Script:
    in_tls = str(says.get("ehlo_in_tls", "250 ok")).strip().splitlines()
    in_clear = str(says.get("ehlo", "250 ok")).strip().splitlines()
    return Script(
        hostname=in_clear[0][4:],
        greeting=_greeting(str(says["greeting"]), says.get("greeting_seconds", 0)),
        extensions=tuple(line[4:] for line in in_clear[1:]),
        extensions_in_tls=tuple(line[4:] for line in in_tls[1:]),
        starttls=_wire(str(says["starttls"])) if "starttls" in says else None,
        tls=tls,
        mail=_mail(says.get("mail", ())),
        recipient=_rcpt(says.get("rcpt", ())),
    )


def _greeting(text: str, seconds: float) -> Answer:
    """Return the greeting; of one that takes its time, the last line comes at the end of it."""
    lines = [_wire(line) for line in text.strip().splitlines()]
    if not seconds:
        return b"".join(lines)
    paces = cycle([0.0] * (len(lines) - 1) + [seconds])

    async def pace() -> None:
        await asyncio.sleep(next(paces))

    return Paced(parts=lines, pace=pace)


def _mail(rows: Sequence[Table]) -> Callable[[str], Answer]:
    def answer(sender: str) -> Answer:
        row = next(row for row in rows if row.get("sender", _kind(sender)) == _kind(sender))
        return _wire(row["reply"].format(sender=sender))

    return answer


def _rcpt(rows: Sequence[Table]) -> Callable[[str, str], Answer]:
    def answer(sender: str, recipient: str) -> Answer:
        kind = _kind(recipient)
        row = next(row for row in rows if kind in row.get("to", (kind,)))
        return _wire(row["reply"].format(sender=sender, recipient=recipient))

    return answer


def _kind(address: str) -> str:
    """Return which address this is: `null`, `outside`, or a mailbox of the tested domain."""
    local, _, domain = address.rpartition("@")
    if not address:
        return "null"
    if domain.lower() != DOMAIN:
        return "outside"
    return local if local in {"postmaster", "abuse"} else "unknown"


def _wire(text: str) -> bytes:
    return "".join(f"{line}\r\n" for line in text.strip().splitlines()).encode()
