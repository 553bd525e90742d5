"""Cells of the matrix of a visit: which fault, where, on which connections; and how one is run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.evidence.smtp import Direction
from mxcheck.model.policy import Level
from mxcheck.probe.settings import SMTP_PORT
from mxcheck.report.json.v1 import domains_json
from mxcheck.rules import RULES
from mxcheck.rules.base import Fail, Pass, Unknown
from mxcheck.saved.coherence import oddities
from tests.faults.faults import Fault, Kind
from tests.faults.oracle import Answered, refuses_to_relay, unfounded
from tests.faults.runs import Judged, judged_run
from tests.faults.smtp import FaultySmtp, Wire
from tests.faults.timeless import side_by_side
from tests.probe.harness import ADDRESS, mx_zone
from tests.saving import loaded_run, saved_text

EVER = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A fault at a phase of some connections: of `times`, from the one numbered `first` on."""

    phase: str
    fault: Fault
    first: int = 1
    times: int = EVER

    def __str__(self) -> str:
        last = "on" if self.times == EVER else f"to {self.first + self.times - 1}"
        return f"{self.fault} at {self.phase}, connection {self.first} {last}"

    def meets(self, number: int, phase: str) -> bool:
        """Whether it happens at a phase of a connection."""
        return phase == self.phase and self.first <= number < self.first + self.times


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A server, and where it goes wrong."""

    spots: tuple[Spot, ...]
    pipelining: bool = True
    esmtp: bool = True

    def __str__(self) -> str:
        kind = ("" if self.pipelining else " without PIPELINING") + ("" if self.esmtp else ", HELO")
        return "; ".join(map(str, self.spots)) + kind

    def plan(self, number: int, phase: str) -> Fault | None:
        """The fault of a connection at a phase."""
        return next((spot.fault for spot in self.spots if spot.meets(number, phase)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a cell, and what the server knows of it."""

    cell: Cell
    judged: Judged
    wires: Sequence[Wire]
    answers: Mapping[str, Answered] = field(default_factory=dict)

    @property
    def exit_code(self) -> int:
        return self.judged.verdict.exit_code

    def of_kind(self, *kinds: type[Answered]) -> set[str]:
        """The rules that answer in one of these ways."""
        return {rule for rule, answer in self.answers.items() if isinstance(answer, kinds)}


def outcomes(cells: Iterable[Cell]) -> list[Outcome]:
    """What comes of these cells."""
    return side_by_side([_outcome(cell) for cell in cells])


async def _outcome(cell: Cell) -> Outcome:
    server = FaultySmtp(cell.plan, pipelining=cell.pipelining, esmtp=cell.esmtp)
    async with ScriptedDns(mx_zone(ADDRESS)) as dns, server:
        judged = await judged_run(dns.address, {(ADDRESS, SMTP_PORT): server.address})
    return Outcome(cell=cell, judged=judged, wires=server.wires, answers=judged.answers())


def broken_promises(seen: Outcome) -> Iterator[str]:
    """What holds whatever goes wrong, and does not hold here."""
    yield from unfounded(seen.wires, seen.answers)
    yield from _torn_evidence(seen)
    blocking = {rule.id for rule in RULES if rule.level is Level.ERROR}
    fails, unknown = blocking & seen.of_kind(Fail), blocking & seen.of_kind(Unknown)
    code = 1 if fails else 3 if unknown else 0
    if seen.exit_code != code:
        yield f"it exits {seen.exit_code}, where {code} is due: {fails or unknown}"


def _torn_evidence(seen: Outcome) -> Iterator[str]:
    verdict, visit = seen.judged.verdict, seen.judged.visit()
    if loaded_run(saved_text(verdict.evidence.runs[0])) != verdict.evidence.runs[0]:
        yield "the evidence is another one when it is read again"
    yield from oddities(verdict.evidence)
    [endpoint] = next(domains_json(verdict)).mx[0].endpoints
    well = not seen.of_kind(Fail, Unknown)
    for stage, key in (("connection", "connect_ms"), ("greeting", "banner"), ("tls", "tls")):
        shown, lost = getattr(endpoint, key) is not None, stage in endpoint.unseen
        if shown == lost and (shown or well):
            yield f"{stage} is {'seen and unseen' if shown else 'neither seen nor unseen'}"
    said = iter(line.text for line in visit.transcript if line.direction is Direction.CLIENT)
    lost_words = [
        s.command for w in seen.wires for s in w.said if s.command and s.command not in said
    ]
    if lost_words:
        yield f"the transcript lacks {lost_words}"
    if any(line.at_ms < 0 for line in visit.transcript):
        yield "the transcript has a line before its beginning"


def ensure(seen: Iterable[Outcome], *checks: Callable[[Outcome], Iterator[str]]) -> None:
    """Ensure that no check has anything to say; what it says is told with the cell."""
    wrong = [
        f"{outcome.cell}: {problem}"
        for outcome in seen
        for check in (broken_promises, *checks)
        for problem in check(outcome)
    ]
    assert not wrong, "\n".join(wrong)


def proof_counts(seen: Outcome) -> Iterator[str]:
    """What was proven is not lost again, unless nobody can tell any more what was answered."""
    muddled = any(spot.fault.kind is Kind.SPOILT for spot in seen.cell.spots)
    proven = refuses_to_relay(seen.wires)
    if proven and not muddled and not isinstance(seen.answers["open-relay"], Pass):
        yield f"a proof is lost: {seen.answers['open-relay']}"
