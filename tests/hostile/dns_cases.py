"""Domains whose DNS is hostile, and resolvers that are."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from ipaddress import ip_address

import dns.message

from mxcheck.demo.dns_server import Fault, ScriptedDns
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.model.policy import Policy
from mxcheck.probe.settings import SMTP_PORT
from tests.hostile.certs import circling
from tests.hostile.dns_wire import (
    Craft,
    FloodingDns,
    HostileDns,
    another,
    answering,
    maze,
    truncated,
)
from tests.hostile.world import (
    AT_BAD,
    BAD,
    BAD_ADDRESS,
    BAD_MX,
    BAD_SCRIPT,
    BAD_ZONE,
    HURRIED,
    Case,
    Server,
    Servers,
    Want,
    fails,
    of,
    passes,
    unknown,
)

MX, A = f"{BAD}. MX", f"{BAD_MX}. A"
NOWHERE: Callable[[], Servers] = dict
ONE_MX = f"{BAD}. MX 10 {BAD_MX}.\n"
MANY = [str(ip_address("203.0.116.0") + number) for number in range(4000)]
TXT = f"_mta-sts.{BAD}. TXT " + " ".join([f'"{"v=STSv1; id=1;" * 18}"'] * 250) + "\n"


def lookups(name: str, zone: str, *wants: Want, exit_code: int = 1) -> Case:
    """Servers that are never reached, for what the zone says."""
    return Case(name=f"DNS: {name}", servers=NOWHERE, zone=zone, wants=wants, exit_code=exit_code)


def answered(name: str, question: str, craft: Craft, want: Want, *, over_udp: bool = True) -> Case:
    """A question that is answered in a hostile way."""
    dns = partial(HostileDns, question=question, craft=craft, over_udp=over_udp)
    return replace(lookups(name, BAD_ZONE, want, exit_code=3), dns=dns)


def everywhere(addresses: list[str]) -> Callable[[], Servers]:
    """One server behind all of these addresses."""

    def start() -> Servers:
        server: Server = ScriptedSmtp(BAD_SCRIPT)
        return {(address, SMTP_PORT): server for address in addresses}

    return start


def silent(zone: str, *, names: int) -> ScriptedDns:
    silences = {f"m{number}.{BAD}": Fault.SILENCE for number in range(names)}
    return ScriptedDns(zone, faults=silences)


def half(query: dns.message.Message) -> bytes:
    return dns.message.make_response(query).to_wire()[:20]


def garbage(query: dns.message.Message) -> bytes:
    return query.to_wire()[:2] + b"\xff" * 500


CHAIN = "".join(f"c{number}.{BAD}. CNAME c{number + 1}.{BAD}.\n" for number in range(40))
CIRCLE = (f"{BAD_MX}. CNAME x.{BAD}.", f"x.{BAD}. CNAME {BAD_MX}.")
MX_RECORDS = [f"{BAD}. MX {number} m{number}.{BAD}.\n" for number in range(1000)]
A_RECORDS = [f"{BAD_MX}. A {address}\n" for address in MANY]
TLSA_RECORDS = [f"_25._tcp.{BAD_MX}. TLSA 2 1 1 {number:064x}\n" for number in range(1300)]
PTR_RECORDS = [f"1.114.0.203.in-addr.arpa. PTR p{number}.{BAD}.\n" for number in range(2000)]
EVERY_MX_HERE = "".join(f"m{number}.{BAD}. A {BAD_ADDRESS}\n" for number in range(1000))
READ = 250
"""As many records of a message are read; of more than 256 it is not taken at all."""
TOO_MANY = "holds more records than are read"
LONG = ".".join(["x" * 63] * 3 + ["y" * 50])

CASES = (
    answered("CNAME in a circle", A, answering(*CIRCLE), unknown("mx-unresolvable", "aliases")),
    lookups(
        "40 CNAME in a row",
        f"{BAD}. MX 10 c0.{BAD}.\nc40.{BAD}. A {BAD_ADDRESS}\n{CHAIN}",
        unknown("mx-unresolvable", "aliases"),
        exit_code=3,
    ),
    answered("a maze of pointers", MX, maze, unknown("mx-missing", "is malformed"), over_udp=False),
    answered("garbage", MX, garbage, unknown("mx-missing", "is malformed")),
    answered("half an answer", MX, half, unknown("mx-missing", "is malformed")),
    answered("truncated over TCP too", MX, truncated, unknown("mx-missing", "is cut short (TC)")),
    answered("an answer to another question", MX, another, unknown("mx-missing", "is malformed")),
    Case(
        name="DNS: 100 datagrams of another id before each answer",
        servers=of(BAD_SCRIPT),
        dns=partial(FloodingDns, question="", craft=truncated),
        wants=(),
        exit_code=0,
    ),
    lookups("1,000 MX hosts", "".join(MX_RECORDS), unknown("mx-missing", TOO_MANY), exit_code=3),
    Case(
        name="DNS: 250 MX hosts",
        servers=everywhere([BAD_ADDRESS]),
        zone="".join(MX_RECORDS[:READ]) + EVERY_MX_HERE,
        wants=(passes("smtp-unreachable", times=16), passes("mx-unresolvable", times=16)),
        exit_code=3,
    ),
    Case(
        name="DNS: 250 MX hosts that are never answered for",
        servers=NOWHERE,
        zone="".join(MX_RECORDS[:READ]),
        dns=partial(silent, names=1000),
        wants=(unknown("mx-unresolvable", times=16),),
        settings=HURRIED,
        exit_code=3,
    ),
    lookups(
        "4,000 addresses",
        ONE_MX + "".join(A_RECORDS),
        unknown("mx-unresolvable", TOO_MANY),
        exit_code=3,
    ),
    Case(
        name="DNS: 250 addresses",
        servers=everywhere(MANY),
        zone=ONE_MX + "".join(A_RECORDS[:READ]),
        wants=(
            passes("smtp-unreachable", times=16),
            unknown("mx-unresolvable", "more addresses than are looked at"),
        ),
        exit_code=3,
    ),
    Case(
        name="DNS: 2,000 names of an address",
        servers=of(BAD_SCRIPT),
        zone=BAD_ZONE + "".join(PTR_RECORDS),
        policy=Policy(select=("reverse-dns-mismatch",)),
        wants=(unknown("reverse-dns-mismatch", TOO_MANY),),
        exit_code=3,
    ),
    Case(
        name="DNS: 250 names of an address",
        servers=of(BAD_SCRIPT),
        zone=BAD_ZONE + "".join(PTR_RECORDS[:READ]),
        policy=Policy(select=("reverse-dns-mismatch",)),
        wants=(unknown("reverse-dns-mismatch", "too many"),),
        exit_code=3,
    ),
    Case(
        name="DNS: 250 TLSA records, and 200 certificates of two names",
        servers=lambda: {AT_BAD: ScriptedSmtp(replace(BAD_SCRIPT, tls=circling(200)))},
        zone=BAD_ZONE + "".join(TLSA_RECORDS[:READ]),
        dns=partial(ScriptedDns, authenticated=(".",)),
        wants=(fails("dane-mismatch"),),
    ),
    Case(
        name="DNS: TXT of 64 KiB",
        servers=of(BAD_SCRIPT),
        zone=BAD_ZONE + TXT,
        wants=(passes("mta-sts-record-invalid"),),
    ),
    lookups("names of 255 octets", f"{BAD}. MX 1 {LONG}.\n{BAD}. MX 2 \\000\\027\\\\.{BAD}.\n"),
    lookups("the MX is loopback", f"{BAD}. MX 1 127.0.0.1.\n", fails("mx-is-address")),
)
