"""Runs a whole probe against scripted servers that stand behind pretended public addresses."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import repeat

from mxcheck.demo.certificates import Authority
from mxcheck.demo.dns_server import ScriptedDns
from mxcheck.demo.loopback import LOOPBACK, Connection
from mxcheck.demo.smtp_script import Paced, Script, Tls, closed_relay
from mxcheck.demo.smtp_server import ScriptedSmtp
from mxcheck.evidence.domain import Run
from mxcheck.evidence.items import Item
from mxcheck.evidence.smtp import Visit
from mxcheck.model.endpoint import HostPort
from mxcheck.model.policy import Policy
from mxcheck.model.targets import Target
from mxcheck.probe.run import ProbeRun
from mxcheck.probe.settings import SMTP_PORT, PlainResolver, ProbeSettings
from tests.wanting import without

DOMAIN = "example.com"
HOST = "mx1.example.com"
# Public as far as the registries go: every documentation range counts as reserved.
ADDRESS, ADDRESS2, ADDRESS3 = "203.0.114.1", "203.0.114.2", "203.0.114.3"
ADDRESS6, ADDRESS62 = "2001:500::1", "2001:500::2"

ROOT = Authority.root(datetime.now(UTC))
ISSUED = ROOT.issue_intermediate().issue(names=(HOST,))
TLS = Tls(chain_pem=ISSUED.chain_pem, key_pem=ISSUED.key_pem)
AT_HOME = closed_relay((DOMAIN,))
HEALTHY = Script(hostname=HOST, tls=TLS, recipient=AT_HOME)
IN_CLEAR = replace(HEALTHY, tls=None)

TARGET = Target(domain=DOMAIN, policy=Policy())
"""The domain of `mx_zone`, with every default."""
NO_RELAY = without(TARGET, Item.RELAY)
UNVISITED = without(TARGET, Item.VISIT, Item.RELAY)
SETTINGS = ProbeSettings(
    connect_timeout=10,
    greeting_timeout=10,
    timeout=10,
    deadline=60,
    retry_delay=0,
    ehlo_name="probe.example.net",
    canaries=(),
    trust_ad=True,
)
"""Nothing is waited for; the timeouts keep a test that goes wrong from hanging, no more."""

LINE_FLOOD = Paced(
    parts=repeat(b"220-" + b"still more " * 50 + b"\r\n"), pace=lambda: asyncio.sleep(0)
)
"""A reply whose last line never comes."""
BYTE_FLOOD = Paced(parts=repeat(b"2" * 4096), pace=lambda: asyncio.sleep(0))
"""A line whose end never comes. Both let the client, which shares the loop, have its turns."""

Scripts = Script | Sequence[Script] | None
"""What stands behind an address: the script of every connection, of each in turn, or nobody."""


class Gauge:
    """How many connections go on at once, and the most that ever did."""

    def __init__(self) -> None:
        self.now = self.peak = 0

    def enter(self) -> None:
        self.now += 1
        self.peak = max(self.peak, self.now)

    def leave(self) -> None:
        self.now -= 1


class Watched(ScriptedSmtp):
    """A scripted server that knows its connections."""

    def __init__(self, gauge: Gauge, *scripts: Script) -> None:
        super().__init__(*scripts)
        self.gauge = gauge
        self.connections: list[Connection] = []

    async def _serve(self, connection: Connection) -> None:
        self.connections.append(connection)
        self.gauge.enter()
        try:
            await super()._serve(connection)
        finally:
            self.gauge.leave()


@dataclass(slots=True, kw_only=True)
class World:
    """The servers while they run: `smtp` by pretended address, `gauge` over all of them."""

    dns: ScriptedDns
    gauge: Gauge
    smtp: dict[str, Watched] = field(default_factory=dict)
    routes: dict[HostPort, HostPort] = field(default_factory=dict)

    def run(self, *targets: Target, settings: ProbeSettings = SETTINGS) -> ProbeRun:
        """A run of these targets in this world, not started."""
        inside = replace(
            settings,
            routes={(host, settings.port): end for (host, _), end in self.routes.items()},
            resolvers=settings.resolvers or (plain(self.dns.address),),
        )
        return ProbeRun(targets=targets or (TARGET,), settings=inside)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the probe wrote down, and what the servers saw of it."""

    evidence: Run
    world: World

    @property
    def visit(self) -> Visit:
        """The only visit."""
        (visit,) = self.evidence.visits
        return visit

    @property
    def server(self) -> Watched:
        """The only server."""
        (server,) = self.world.smtp.values()
        return server

    @property
    def verbs(self) -> list[list[str]]:
        """The verbs of each connection to the only server."""
        return [session.verbs for session in self.server.sessions]


def mx_zone(*addresses: str, domain: str = DOMAIN, host: str = HOST, preference: int = 10) -> str:
    """Zone text: a domain with one MX host, which has these addresses."""
    lines = [f"{domain}. MX {preference} {host}."]
    lines += [f"{host}. {'AAAA' if ':' in text else 'A'} {text}" for text in addresses]
    return "\n".join(lines) + "\n"


@asynccontextmanager
async def mail_world(
    servers: Mapping[str, Scripts], dns: str | ScriptedDns = ""
) -> AsyncIterator[World]:
    """Start servers; on leaving, make sure that the probe let go of every connection and task.

    Without zone text every address belongs to HOST, the MX of DOMAIN.
    """
    server = ScriptedDns(dns or mx_zone(*servers)) if isinstance(dns, str) else dns
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(server)
        nobody = stack.enter_context(closed_port())
        world = World(dns=server, gauge=Gauge())
        for address, scripts in servers.items():
            end: HostPort = nobody.getsockname()
            if scripts is not None:
                listed = (scripts,) if isinstance(scripts, Script) else scripts
                watched = Watched(world.gauge, *listed)
                world.smtp[address] = await stack.enter_async_context(watched)
                end = watched.address
            world.routes[address, SMTP_PORT] = end
        yield world
        await _ensure_let_go(world)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def probe(
    servers: Mapping[str, Scripts],
    *targets: Target,
    dns: str | ScriptedDns = "",
    settings: ProbeSettings = SETTINGS,
) -> Seen:
    """One whole run, with the servers started before and ended after it."""
    async with mail_world(servers, dns) as world:
        run = world.run(*targets, settings=settings)
        await run.gather_in_loop()
    return Seen(evidence=run.seen(), world=world)


async def probe_host(
    *scripts: Script, target: Target = TARGET, settings: ProbeSettings = SETTINGS
) -> Seen:
    """A run over one domain with one MX host at ADDRESS."""
    return await probe({ADDRESS: scripts}, target, settings=settings)


def plain(endpoint: HostPort) -> PlainResolver:
    """The resolver at an address and a port."""
    address, port = endpoint
    return PlainResolver(address=address, port=port)


def then_silence(begun: bytes, never_sent: bytes = b"220 too late\r\n") -> Paced:
    """Begin an answer, let it arrive, and never go on."""
    paces = iter((loop_turns, asyncio.Event().wait))

    async def pace() -> None:
        await next(paces)()

    return Paced(parts=(begun, never_sent), pace=pace)


async def loop_turns() -> None:
    """Let everything that is ready happen, so that what is sent next arrives by itself."""
    for _ in range(5):
        await asyncio.sleep(0)


def closed_port() -> socket.socket:
    """Hold a port on which nobody listens, so that connections to it are refused."""
    holder = socket.socket()
    holder.bind((LOOPBACK, 0))
    return holder


async def _ensure_let_go(world: World) -> None:
    async with asyncio.timeout(5):
        for server in world.smtp.values():
            for connection in server.connections:
                await connection.lost.wait()
