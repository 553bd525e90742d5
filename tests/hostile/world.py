"""A run over a healthy domain and one whose servers are hostile: what came of it, and at what cost.

The servers live in the test's event loop, behind pretended public addresses; mxcheck runs in a
process of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Protocol, Self

from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.loopback import Connection, Listening
from mxcheck.demo.smtp_script import Script, Tls, closed_relay
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.model.endpoint import HostPort
from mxcheck.model.policy import Policy
from mxcheck.probe.https.policy_host import HTTPS_PORT
from mxcheck.probe.settings import SMTP_PORT, ProbeSettings
from tests.hostile.client import Client, Job, Measured
from tests.probe.harness import ROOT, plain
from tests.seen import complaints

BAD, GOOD = "bad.example", "good.example"
BAD_MX, GOOD_MX = f"mx.{BAD}", f"mx.{GOOD}"
BAD_POLICY = f"mta-sts.{BAD}"
# Public as far as the registries go: every documentation range counts as reserved.
BAD_ADDRESS, GOOD_ADDRESS, POLICY_ADDRESS = "203.0.114.1", "203.0.114.2", "203.0.114.3"
AT_BAD: HostPort = (BAD_ADDRESS, SMTP_PORT)
AT_POLICY: HostPort = (POLICY_ADDRESS, HTTPS_PORT)

ISSUER = ROOT.issue_intermediate()
BAD_ISSUED, GOOD_ISSUED = ISSUER.issue(names=(f"*.{BAD}",)), ISSUER.issue(names=(GOOD_MX,))
BAD_TLS = Tls(chain_pem=BAD_ISSUED.chain_pem, key_pem=BAD_ISSUED.key_pem)
GOOD_TLS = Tls(chain_pem=GOOD_ISSUED.chain_pem, key_pem=GOOD_ISSUED.key_pem)
BAD_SCRIPT = Script(hostname=BAD_MX, tls=BAD_TLS, recipient=closed_relay((BAD,)))
"""A healthy server, of which a case spoils one thing."""
GOOD_SCRIPT = Script(hostname=GOOD_MX, tls=GOOD_TLS, recipient=closed_relay((GOOD,)))

GOOD_ZONE = f"""
{GOOD}. MX 10 {GOOD_MX}.
{GOOD_MX}. A {GOOD_ADDRESS}
2.114.0.203.in-addr.arpa. PTR {GOOD_MX}.
_dmarc.{GOOD}. TXT "v=DMARC1; p=reject"
"""
BAD_ZONE = f"""
{BAD}. MX 10 {BAD_MX}.
{BAD_MX}. A {BAD_ADDRESS}
1.114.0.203.in-addr.arpa. PTR {BAD_MX}.
"""

SETTINGS = ProbeSettings(
    connect_timeout=10,
    greeting_timeout=10,
    timeout=10,
    deadline=60,
    retries=0,
    retry_delay=0,
    ehlo_name="probe.example.net",
    ca_pem=ROOT.certificate_pem,
    canaries=(),
    trust_ad=True,
)
"""Nothing is waited for; the times keep a run that goes wrong from hanging, no more."""
HURRIED = replace(SETTINGS, greeting_timeout=1.5, timeout=1.5)
"""For servers that never say what is due: the probe's own limits end it."""


class Server(Protocol):
    """Anything that listens on loopback while it is entered."""

    address: tuple[str, int]

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class RawServer(Listening):
    """Holds the n-th conversation with the n-th client; the last one holds for all others."""

    def __init__(self, *conversations: Callable[[Connection], Awaitable[None]]) -> None:
        super().__init__()
        self.connections: list[Connection] = []
        self._conversations = conversations

    async def _serve(self, connection: Connection) -> None:
        self.connections.append(connection)
        number = min(len(self.connections), len(self._conversations))
        await self._conversations[number - 1](connection)


Servers = Mapping[HostPort, Server]


class Routes(dict[HostPort, HostPort]):
    """Where connections lead; none may lead anywhere else."""

    def get(self, key: HostPort, _default: object = None) -> HostPort:
        return self[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """What a rule is to say of the hostile domain, as often as it is asked."""

    rule: str
    outcome: str
    words: str
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A hostile domain, what is to be said of it, and what it may cost: seconds of work, and MiB.

    `domains` are all that are checked beside the healthy one; the wants are about BAD. `mib` is
    peak memory beyond that of a run in which both domains are healthy.
    """

    name: str
    servers: Callable[[], Servers]
    wants: tuple[Want, ...]
    domains: tuple[str, ...] = (BAD,)
    zone: str = BAD_ZONE
    dns: Callable[[str], ScriptedDns] = ScriptedDns
    settings: ProbeSettings = SETTINGS
    policy: Policy = field(default_factory=Policy)
    exit_code: int = 1
    seconds: float = 5
    mib: float = 8

    def __str__(self) -> str:
        return self.name


def fails(rule: str, words: str = "", times: int = 1) -> Want:
    return Want(rule=rule, outcome="fail", words=words, times=times)


def unknown(rule: str, words: str = "", times: int = 1) -> Want:
    return Want(rule=rule, outcome="unknown", words=words, times=times)


def passes(rule: str, words: str = "", times: int = 1) -> Want:
    return Want(rule=rule, outcome="pass", words=words, times=times)


def of(script: Script) -> Callable[[], Servers]:
    """The hostile MX host follows this script."""
    return lambda: {AT_BAD: ScriptedSmtp(script)}


def raw(*conversations: Callable[[Connection], Awaitable[None]]) -> Callable[[], Servers]:
    """The hostile MX host holds these conversations."""
    return lambda: {AT_BAD: RawServer(*conversations)}


HEALTHY = Case(name="nothing hostile", servers=of(BAD_SCRIPT), wants=(), exit_code=0)


async def run(case: Case) -> Measured:
    """One run of mxcheck over both domains."""
    servers = {(GOOD_ADDRESS, SMTP_PORT): ScriptedSmtp(GOOD_SCRIPT), **case.servers()}
    async with AsyncExitStack() as stack:
        dns = await stack.enter_async_context(case.dns(GOOD_ZONE + case.zone))
        for server in dict.fromkeys(servers.values()):
            await stack.enter_async_context(server)
        routes = Routes({end: server.address for end, server in servers.items()})
        settings = replace(case.settings, routes=routes, resolvers=(plain(dns.address),))
        job = Job(domains=(*case.domains, GOOD), policy=case.policy, settings=settings)
        return await _finished(Client(job))


async def _finished(client: Client) -> Measured:
    over, loop = asyncio.Event(), asyncio.get_running_loop()
    reader = client.fileno()
    loop.add_reader(reader, over.set)
    try:
        await over.wait()
    except BaseException:
        client.end()
        raise
    finally:
        loop.remove_reader(reader)
    return client.measured()


def ensure(case: Case, measured: Measured, idle: float) -> None:
    """The healthy domain is unharmed, and the hostile one has its own plain result."""
    ensure_unharmed(measured)
    assert measured.exit_code == case.exit_code, measured.printed
    results = measured.results(BAD)
    for want in case.wants:
        found = [one for one in results if one.rule == want.rule]
        assert [one.outcome for one in found] == [want.outcome] * want.times, found
        assert all(want.words in one.message for one in found), found
    assert measured.busy < case.seconds
    assert measured.peak - idle < case.mib


def ensure_unharmed(measured: Measured) -> None:
    """Nothing is found in the healthy domain, nothing of it was left unseen, and no bug is met."""
    assert complaints(measured.stderr) == []
    results = measured.results(GOOD)
    assert {one.outcome for one in results} <= {"pass", "not-applicable"}, results
    (verdict,) = (one for one in measured.report["domains"] if one["domain"] == GOOD)
    assert verdict["verdict"] == "pass"
