"""The control hosts, which tell whether this machine's own way out on port 25 is open."""

from dataclasses import replace

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import CanaryCall, Reply
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.settings import DEFAULT_CANARIES, SMTP_PORT, Endpoint, ProbeSettings
from mxcheck.probe.smtp.dialogue import Dialogue
from mxcheck.probe.smtp.notebook import PENDING
from mxcheck.probe.smtp.transcript import Transcript
from mxcheck.probe.tcp import Dialer
from mxcheck.wire.address import ip_version, parse_address, reserved_kind

PATIENCE_SECONDS = 15.0
"""A large operator's greeting comes at once; a tarpit is no use as a control."""


def canaries_of(settings: ProbeSettings) -> tuple[Endpoint, ...]:
    """The control hosts to ask: none by default where another port than 25 is checked."""
    if settings.canaries is not None:
        return settings.canaries
    if settings.port != SMTP_PORT:
        return ()
    return tuple((host, SMTP_PORT) for host in DEFAULT_CANARIES)


def pending_call(canary: Endpoint, family: int) -> CanaryCall:
    """A call that is about to be made."""
    return CanaryCall(host=canary[0], family=family, address="", greeting=PENDING)


def closed_call(call: CanaryCall, ended: Unseen) -> CanaryCall:
    """The call as evidence; `ended` is why it is still pending, if it is."""
    return replace(call, greeting=ended) if call.greeting is PENDING else call


async def probe_canary(
    canary: Endpoint, family: int, resolver: Resolver, settings: ProbeSettings
) -> CanaryCall:
    """Ask a control host in an address family: one connection, its greeting, and QUIT."""
    host, port = canary
    address = await _address(host, family, resolver)
    if isinstance(address, Unseen):
        return CanaryCall(host=host, family=family, address="", greeting=address)
    parsed = parse_address(address)
    kind = reserved_kind(parsed) if parsed else "malformed"
    if kind and not settings.allow_private:
        greeting: Reply | Unseen = Unseen(
            trouble=Trouble.NOT_PUBLIC, detail=f"its address {address} is {kind}"
        )
    else:
        greeting = await _greeting(address, port, settings)
    return CanaryCall(host=host, family=family, address=address, greeting=greeting)


async def _address(host: str, family: int, resolver: Resolver) -> str | Unseen:
    lacking = Unseen(trouble=Trouble.NO_ADDRESS, detail=f"{host} has no IPv{family} address")
    if parse_address(host):
        return host if ip_version(host) == family else lacking
    lookup = await resolver.lookup(host, "A" if family == 4 else "AAAA")  # noqa: PLR2004
    if isinstance(lookup, Answer):
        return lookup.records[0]
    return lookup if isinstance(lookup, Unseen) else lacking


async def _greeting(address: str, port: int, settings: ProbeSettings) -> Reply | Unseen:
    dialer = Dialer(timeout=settings.connect_timeout, routes=settings.routes)
    opened = await dialer.connect(address, port)
    if isinstance(opened, Unseen):
        return opened
    channel, _ = opened
    try:
        dialogue = Dialogue(channel, Transcript(), PATIENCE_SECONDS)
        greeting = await dialogue.read_reply(PATIENCE_SECONDS, flag="")
        if isinstance(greeting, Reply):
            await dialogue.quit()
    finally:
        channel.close()
    return greeting
