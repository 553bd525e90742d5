"""Connections that fail, for each address family, beside other addresses and control hosts."""

import errno
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import product

import pytest

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.smtp_script import Act
from mxcheck.model.endpoint import HostPort
from mxcheck.probe.settings import SMTP_PORT
from mxcheck.rules.base import Fail, NotApplicable, Pass, Unknown
from tests.faults.dialling import Dials, NoWay
from tests.faults.faults import NOTHING, Fault, Kind
from tests.faults.handshake import HOST2
from tests.faults.runs import DEFAULTS, Answered, Judged, judged_run
from tests.faults.smtp import FaultySmtp, Plan
from tests.faults.timeless import ensure_none, side_by_side
from tests.probe.harness import ADDRESS, ADDRESS2, ADDRESS3, ADDRESS6, ADDRESS62, HOST, mx_zone

THE_SERVERS = (
    *(0, errno.ECONNREFUSED, errno.ECONNRESET),
    *(errno.ETIMEDOUT, errno.EHOSTUNREACH),
)
"""What connect() says of the address, or of a router on the way; 0 is that it says nothing."""
NO_FAMILY = (errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)
"""What it says of a machine that lacks the address family."""
OUR_OWN = (
    *(errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM),
    *(errno.EACCES, errno.EPERM),
)
"""What it says of a machine that has no room left, or forbids it."""
ERRORS = (*THE_SERVERS, *NO_FAMILY, *OUR_OWN)
ONE_OF_EACH = (0, errno.ECONNREFUSED, errno.ENETUNREACH, errno.EMFILE)
"""What control hosts change is the same for errors of one kind; silence is like no other answer."""
RETRIES = DEFAULTS.retries
EVER = 99
BESIDE = ("alone", "same family", "other family")
FAMILIES = {4: (ADDRESS, ADDRESS2), 6: (ADDRESS6, ADDRESS62)}
CANARIES = (ADDRESS3, "2001:500::3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An address that cannot be reached, the healthy one beside it, and the control host."""

    way: NoWay
    family: int
    beside: str
    canary: str

    def __str__(self) -> str:
        return f"IPv{self.family}: {self.way}, {self.beside}, canary: {self.canary}"

    @property
    def address(self) -> str:
        """The one that cannot be reached; where it is alone, the host has that family only."""
        return FAMILIES[self.family][0]

    @property
    def healthy(self) -> tuple[str, ...]:
        """The address beside it, if there is one."""
        same, other = FAMILIES[self.family][1], FAMILIES[10 - self.family][1]
        return {"alone": (), "same family": (same,), "other family": (other,)}[self.beside]

    @property
    def takes_too_long(self) -> bool:
        """Whether the last try comes after those in a closed family are given up."""
        return self.way.error == 0 and self.way.times == RETRIES

    @property
    def wanted(self) -> tuple[type[Answered], int]:
        """What smtp-unreachable answers, and the exit code."""
        if self.way.error in OUR_OWN and self.way.times > RETRIES:
            return Unknown, 3
        if self.way.error in NO_FAMILY:
            return (NotApplicable, 0) if self.beside == "other family" else (Unknown, 3)
        shut_in = self.canary == "dead" and self.beside != "same family"
        if self.way.times <= RETRIES and not (shut_in and self.takes_too_long):
            return Pass, 0
        return (Unknown, 3) if shut_in else (Fail, 1)


@pytest.mark.parametrize("canary", ["none", "alive", "dead"])
@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("family", FAMILIES)
def test_an_address_that_cannot_be_reached(
    family: int, beside: str, canary: str, dials: Dials
) -> None:
    troubles = (
        product(ERRORS, (1, RETRIES, EVER))
        if canary == "none"
        else product(ONE_OF_EACH, (RETRIES, EVER))
    )
    cells = [
        Cell(way=NoWay(error=error, times=times), family=family, beside=beside, canary=canary)
        for error, times in troubles
    ]
    seen = side_by_side([_problems(cell, dials) for cell in cells])
    ensure_none(said for problems in seen for said in problems)
    assert set(dials.made) <= dials.known


async def _problems(cell: Cell, dials: Dials) -> list[str]:
    addresses = (cell.address, *cell.healthy)
    async with AsyncExitStack() as stack:
        dns = await stack.enter_async_context(ScriptedDns(mx_zone(*addresses)))
        ends = {
            address: (await stack.enter_async_context(FaultySmtp(nothing_amiss))).address
            for address in (*addresses, *CANARIES)
        }
        dials.know(dns.address, *ends.values())
        dials.troubles[ends[cell.address]] = cell.way
        if cell.canary == "dead":
            for address in CANARIES:
                dials.troubles[ends[address]] = NoWay(error=errno.ECONNREFUSED)
        asked = () if cell.canary == "none" else tuple((one, SMTP_PORT) for one in CANARIES)
        seen = await judged_run(dns.address, on_smtp_port(ends), replace(DEFAULTS, canaries=asked))
    return [f"{cell}: {said}" for said in _wrong(cell, seen)]


def nothing_amiss(_number: int, _phase: str) -> None:
    return None


def on_smtp_port(ends: Mapping[str, HostPort]) -> dict[HostPort, HostPort]:
    return {(address, SMTP_PORT): end for address, end in ends.items()}


def _wrong(cell: Cell, seen: Judged) -> Iterator[str]:
    kind, code = cell.wanted
    answers = seen.answers(address=cell.address)
    if not isinstance(answers["smtp-unreachable"], kind) or seen.verdict.exit_code != code:
        found = f"{answers['smtp-unreachable']}, exit {seen.verdict.exit_code}"
        yield f"{found}, where {kind.__name__} and {code} are due"
    others = {rule for rule, one in answers.items() if isinstance(one, Pass | Fail)}
    if kind is not Pass and others - {"smtp-unreachable", "mx-not-public"}:
        yield f"without a connection {others} are judged"
    for address in cell.healthy:
        if not isinstance(seen.answers(address=address)["open-relay"], Pass):
            yield f"the result of {address} is lost"


SPOTS = {
    "connect": "smtp-unreachable",
    "greeting": "smtp-greeting-bad",
    "EHLO": "smtp-ehlo-refused",
    "STARTTLS": "starttls-refused",
    "handshake": "tls-handshake-failed",
    "RCPT 1": "open-relay",
}
Location = tuple[str, str]
PLACES = ((HOST, ADDRESS), (HOST, ADDRESS6), (HOST2, ADDRESS2), (HOST2, ADDRESS62))
RESET = Fault("reset", Kind.LOST, NOTHING, Act.RESET)


@pytest.mark.parametrize("phase", SPOTS)
def test_a_fault_at_one_address_hides_no_result_of_another(phase: str, dials: Dials) -> None:
    """With several MX hosts of several addresses each, the last result is not the only one."""
    seen = side_by_side([_among_others(phase, location, dials) for location in PLACES])
    ensure_none(said for problems in seen for said in problems)
    assert set(dials.made) <= dials.known


async def _among_others(phase: str, location: Location, dials: Dials) -> list[str]:
    zone = mx_zone(ADDRESS, ADDRESS6) + mx_zone(ADDRESS2, ADDRESS62, host=HOST2)
    ends = {}
    async with AsyncExitStack() as stack:
        dns = await stack.enter_async_context(ScriptedDns(zone))
        for spot in PLACES:
            server = FaultySmtp(resetting_at(phase) if spot == location else nothing_amiss)
            ends[spot[1]] = (await stack.enter_async_context(server)).address
        dials.know(dns.address, *ends.values())
        if phase == "connect":
            dials.troubles[ends[location[1]]] = NoWay(error=errno.ECONNREFUSED)
        seen = await judged_run(dns.address, on_smtp_port(ends))
    owners = {location: SPOTS[phase]}
    problems = (said for spot in PLACES for said in _at(seen, spot, owners.get(spot, "")))
    return [f"{phase} at {location}: {said}" for said in problems]


def resetting_at(phase: str) -> Plan:
    return lambda _number, seen: RESET if seen == phase else None


def _at(seen: Judged, spot: tuple[str, str], owner: str) -> Iterator[str]:
    answers = seen.answers(*spot)
    blamed = {rule for rule, one in answers.items() if isinstance(one, Fail | Unknown)}
    if (owner and owner not in blamed) or (not owner and blamed):
        yield f"at {spot} {blamed or 'none'} are blamed"
