"""Every lookup of a run crossed with every fault of a resolver: a failed one is not "none"."""

from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import dns.rcode
import pytest

from mxcheck.demo.https_server import ScriptedHttps
from mxcheck.judge.verdict import Outcome
from mxcheck.model.policy import Policy
from mxcheck.probe.https.policy_host import HTTPS_PORT
from mxcheck.probe.settings import SMTP_PORT
from tests.faults.handshake import LEAF_DIGEST
from tests.faults.resolver import FAULTS, DnsFault, FaultyDns, Question, rcode
from tests.faults.runs import DEFAULTS, Judged, judged_run
from tests.faults.smtp import FaultySmtp
from tests.faults.timeless import ensure_none, side_by_side
from tests.probe.harness import (
    ADDRESS,
    ADDRESS2,
    ADDRESS3,
    ADDRESS6,
    ADDRESS62,
    DOMAIN,
    HOST,
    closed_port,
    mx_zone,
)
from tests.probe.https.policy_world import GOOD, POLICY_HOST

CANARY_ADDRESS, DEAD_ADDRESS = ADDRESS3, "203.0.114.4"
POLICY = Policy(require=("mta-sts", "dane", "tls-rpt", "dmarc"))
ZONE = (
    mx_zone(ADDRESS, ADDRESS6)
    + f"""\
_25._tcp.{HOST}. TLSA 3 1 1 {LEAF_DIGEST}
_mta-sts.{DOMAIN}. TXT "v=STSv1; id=1;"
_smtp._tls.{DOMAIN}. TXT "v=TLSRPTv1; rua=mailto:tls@{DOMAIN}"
_dmarc.{DOMAIN}. TXT "v=DMARC1; p=reject; rua=mailto:dmarc@{DOMAIN}"
{POLICY_HOST}. A {ADDRESS2}
{POLICY_HOST}. AAAA {ADDRESS62}
"""
)
MX, TLSA = (DOMAIN, "MX"), (f"_25._tcp.{HOST}", "TLSA")
A, AAAA = (HOST, "A"), (HOST, "AAAA")
STS, RPT = (f"_mta-sts.{DOMAIN}", "TXT"), (f"_smtp._tls.{DOMAIN}", "TXT")
DMARC = (f"_dmarc.{DOMAIN}", "TXT")
POLICY_A, POLICY_AAAA = (POLICY_HOST, "A"), (POLICY_HOST, "AAAA")
ROOT = (".", "SOA")

FAIL, UNKNOWN, NOBODY = Outcome.FAIL, Outcome.UNKNOWN, frozenset[str]()
DANE = frozenset(
    {"dane-insecure", "dane-lookup-failed", "dane-unusable", "dane-mismatch", "dane-missing"}
)
DNSSEC = frozenset({"dnssec-bogus", "dane-insecure", "dane-lookup-failed", "dane-mismatch"})

# The lookups that fail together; who is to blame, and how, where they do so for good; and how
# where the resolver alone may be to blame.
LOOKUPS: Mapping[tuple[Question, ...], tuple[frozenset[str], Outcome, Outcome]] = {
    (MX,): (frozenset({"mx-missing"}), UNKNOWN, UNKNOWN),
    (A,): (frozenset({"mx-unresolvable"}), UNKNOWN, UNKNOWN),
    (AAAA,): (frozenset({"mx-unresolvable"}), UNKNOWN, UNKNOWN),
    (A, AAAA): (frozenset({"mx-unresolvable"}), UNKNOWN, UNKNOWN),
    (TLSA,): (frozenset({"dane-lookup-failed"}), FAIL, UNKNOWN),
    (STS,): (frozenset({"mta-sts-record-invalid", "mta-sts-missing"}), UNKNOWN, UNKNOWN),
    (RPT,): (frozenset({"tls-rpt-missing"}), UNKNOWN, UNKNOWN),
    (DMARC,): (frozenset({"dmarc-missing"}), UNKNOWN, UNKNOWN),
    (POLICY_A,): (NOBODY, UNKNOWN, UNKNOWN),
    (POLICY_AAAA,): (NOBODY, UNKNOWN, UNKNOWN),
    (POLICY_A, POLICY_AAAA): (frozenset({"mta-sts-policy-unfetchable"}), FAIL, UNKNOWN),
    (ROOT,): (DANE, UNKNOWN, UNKNOWN),
}
THERE_IS_NONE = (
    *("mx-missing", "mx-implicit", "mx-null", "mx-unresolvable"),
    *("dane-missing", "mta-sts-missing", "tls-rpt-missing", "dmarc-missing"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Lookups that go wrong, the first time or for ever."""

    lookups: tuple[Question, ...]
    fault: DnsFault
    times: int

    def __str__(self) -> str:
        asked = " and ".join(map(" ".join, self.lookups))
        return f"{self.fault} at {asked}, {self.times} times"

    @property
    def stays(self) -> bool:
        """Whether no answer comes of it in the end."""
        return self.times > 1 and not self.fault.harmless

    def resolver(self, zone: str, authenticated: str = ".") -> FaultyDns:
        faults = dict.fromkeys(self.lookups, self.fault)
        return FaultyDns(zone, faults=faults, times=self.times, authenticated=(authenticated,))


def cells_of(fault: DnsFault, *lookups: tuple[Question, ...]) -> list[Cell]:
    return [
        Cell(lookups=together, fault=fault, times=times)
        for together, times in product(lookups, (1, 99))
    ]


async def run(dns: FaultyDns, **more: Any) -> Judged:  # noqa: ANN401 - fields of ProbeSettings
    """A run over a domain that has everything, with a resolver that has a fault."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(dns)
        smtp = await stack.enter_async_context(FaultySmtp(lambda _number, _phase: None))
        https = await stack.enter_async_context(ScriptedHttps(GOOD))
        nobody = stack.enter_context(closed_port()).getsockname()
        routes = {
            (DEAD_ADDRESS, SMTP_PORT): nobody,
            (ADDRESS, SMTP_PORT): smtp.address,
            (ADDRESS6, SMTP_PORT): smtp.address,
            (CANARY_ADDRESS, SMTP_PORT): smtp.address,
            (ADDRESS2, HTTPS_PORT): https.address,
            (ADDRESS62, HTTPS_PORT): https.address,
        }
        return await judged_run(dns.address, routes, replace(DEFAULTS, **more), POLICY)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_lookup_that_goes_wrong(fault: DnsFault) -> None:
    cells = cells_of(fault, *LOOKUPS)
    seen = side_by_side([run(cell.resolver(ZONE)) for cell in cells])
    ensure_none(
        f"{cell}: {problem}"
        for cell, judged in zip(cells, seen, strict=True)
        for problem in _problems(cell, judged)
    )


def _problems(cell: Cell, seen: Judged) -> Iterator[str]:
    owners, outcome, about_us = LOOKUPS[cell.lookups]
    owners = owners if cell.stays else NOBODY
    outcome = about_us if cell.fault.about_us else outcome
    code = {FAIL: 1, UNKNOWN: 3}[outcome] if owners else 0
    results = seen.verdict.domains[0].results
    blamed = {result.rule.id for result in results if result.outcome in {FAIL, UNKNOWN}}
    if seen.verdict.exit_code != code:
        yield f"it exits {seen.verdict.exit_code}, where {code} is due ({sorted(blamed)})"
    if {r.outcome for r in results if r.rule.id in owners} - {outcome}:
        yield f"{sorted(owners)} do not answer {outcome}"
    if not owners and blamed:
        yield f"{sorted(blamed)} are blamed"
    yield from taken_for_absent(seen)


def outcomes(seen: Judged) -> dict[str, set[Outcome]]:
    """What each rule answers, about whatever it is asked."""
    found: dict[str, set[Outcome]] = {}
    for result in seen.verdict.domains[0].results:
        found.setdefault(result.rule.id, set()).add(result.outcome)
    return found


def taken_for_absent(seen: Judged) -> Iterator[str]:
    """What could not be seen is not taken for something that is not there."""
    for result in seen.verdict.domains[0].results:
        if result.outcome is FAIL and result.rule.id in THERE_IS_NONE:
            yield f"it was not seen, and is taken for absent: {result.message}"


ALIAS = (
    ZONE.replace(f"{HOST}. A ", "mx.example.org. A ").replace(
        f"{HOST}. AAAA ", "mx.example.org. AAAA "
    )
    + f"{HOST}. CNAME mx.example.org.\n"
)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_an_alias_whose_own_security_cannot_be_looked_up(fault: DnsFault) -> None:
    """A secure alias of an insecure host: its TLSA records count (RFC 7672 2.2.2)."""
    cells = cells_of(fault, ((HOST, "CNAME"),))
    seen = side_by_side([run(cell.resolver(ALIAS, f"{DOMAIN}.")) for cell in cells])
    for cell, judged in zip(cells, seen, strict=True):
        stays = (3 if cell.fault.about_us else 1) if cell.stays else 0
        assert judged.verdict.exit_code == stays, cell
        ensure_none(f"{cell}: {problem}" for problem in taken_for_absent(judged))


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_control_host_that_cannot_be_looked_up(fault: DnsFault) -> None:
    """Nobody can tell then whether the way out is open; else the MX host is to blame."""
    canary = "canary.example.net"
    cells = cells_of(fault, ((canary, "A"),))
    zone = f"{mx_zone(DEAD_ADDRESS)}{canary}. A {CANARY_ADDRESS}\n"
    asked = {"canaries": ((canary, SMTP_PORT),)}
    seen = side_by_side([run(cell.resolver(zone), **asked) for cell in cells])
    for cell, judged in zip(cells, seen, strict=True):
        unreached = Outcome.UNKNOWN if cell.stays else Outcome.FAIL
        assert outcomes(judged)["smtp-unreachable"] == {unreached}, cell


LIES = {
    "NXDOMAIN": rcode(dns.rcode.NXDOMAIN, ad=True),
    "no data": rcode(dns.rcode.NOERROR, ad=True),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_resolver_that_is_not_trusted_proves_nothing_by_the_ad_bit(lie: str) -> None:
    fault = DnsFault(name=lie, udp=LIES[lie])
    cells = [Cell(lookups=lookups, fault=fault, times=99) for lookups in LOOKUPS]
    seen = side_by_side([run(cell.resolver(ZONE), trust_ad=False) for cell in cells])
    ensure_none(
        f"{cell}: {result.message}"
        for cell, judged in zip(cells, seen, strict=True)
        for result in judged.verdict.domains[0].results
        if result.rule.id in DNSSEC and result.outcome in {FAIL, Outcome.PASS}
    )
