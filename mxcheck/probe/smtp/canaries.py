"""The control hosts, which show whether outbound port 25 is open on this machine."""

from collections.abc import Sequence
from dataclasses import replace

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.reach import unreached_families
from mxcheck.evidence.smtp import CanaryCall, Reply, Visit
from mxcheck.model.endpoint import HostPort
from mxcheck.probe.dns.resolver import Resolver
from mxcheck.probe.settings import DEFAULT_CANARIES, SMTP_PORT, ProbeSettings
from mxcheck.probe.smtp.dialogue import Dialogue
from mxcheck.probe.smtp.notebook import PENDING
from mxcheck.probe.smtp.own_name import address_literal, own_name
from mxcheck.probe.smtp.transcript import Transcript
from mxcheck.probe.tcp import Channel, Dialer
from mxcheck.wire.address import ip_version, parse_address, reserved_kind
from mxcheck.wire.reply_code import is_ready
from mxcheck.wire.smtp_filter import rewritten_families

CanaryKey = tuple[HostPort, int]
"""A control host's name and port, and the address family in which it is asked."""
CANARY_SECONDS = 15.0
"""Seconds for each reply. Large operators answer at once; a tarpit is of no use as a control."""


def canaries_of(settings: ProbeSettings) -> tuple[HostPort, ...]:
    """Return the control hosts to ask: none by default if another port than 25 is checked."""
    if settings.canaries is not None:
        return settings.canaries
    if settings.port != SMTP_PORT:
        return ()
    return tuple((host, SMTP_PORT) for host in DEFAULT_CANARIES)


def pending_calls(visits: Sequence[Visit], settings: ProbeSettings) -> dict[CanaryKey, CanaryCall]:
    """Return the calls that are about to be made, because of what the visits saw.

    A control host is asked about a family in which no address was reached, and one in which a
    firewall seems to rewrite all that the servers say: then EHLO is sent too.
    """
    rewritten = rewritten_families(visits)
    pending: dict[CanaryKey, CanaryCall] = {}
    for family in sorted({*unreached_families(visits), *rewritten}):
        pending |= calls_in(family, settings, PENDING if family in rewritten else NOT_ASKED)
    return pending


def calls_in(
    family: int, settings: ProbeSettings, ehlo: Unseen = NOT_ASKED
) -> dict[CanaryKey, CanaryCall]:
    """Return a pending call of each control host in an address family."""
    return {
        (canary, family): CanaryCall(
            host=canary[0], family=family, address="", greeting=PENDING, ehlo=ehlo
        )
        for canary in canaries_of(settings)
    }


def closed_call(call: CanaryCall, ended: Unseen) -> CanaryCall:
    """Return the call as evidence; `ended` is why it is still pending, if it is."""
    ehlo = ended if call.ehlo is PENDING else call.ehlo
    return replace(call, greeting=ended, ehlo=ehlo) if call.greeting is PENDING else call


async def probe_canary(
    call: CanaryCall, port: int, resolver: Resolver, settings: ProbeSettings, dialer: Dialer
) -> CanaryCall:
    """Make a pending call: one connection, the greeting, EHLO if it is asked for, and QUIT."""
    host, family = call.host, call.family
    address = await _address(host, family, resolver)
    if isinstance(address, Unseen):
        return replace(call, greeting=address, ehlo=NOT_ASKED)
    parsed = parse_address(address)
    kind = reserved_kind(parsed) if parsed else "malformed"
    if kind and not settings.allow_private:
        shut = Unseen(trouble=Trouble.NOT_PUBLIC, detail=f"its address {address} is {kind}")
        return replace(call, address=address, greeting=shut, ehlo=NOT_ASKED)
    name = await own_name(settings, resolver, dialer.way) if call.ehlo is PENDING else ""
    opened = await dialer.connect(address, port)
    if isinstance(opened, Unseen):
        return replace(call, address=address, greeting=opened, ehlo=NOT_ASKED)
    channel, _ = opened
    try:
        return await _converse(replace(call, address=address), channel, name)
    finally:
        channel.close()


async def _address(host: str, family: int, resolver: Resolver) -> str | Unseen:
    lacking = Unseen(trouble=Trouble.NO_ADDRESS, detail=f"{host} has no IPv{family} address")
    if parse_address(host):
        return host if ip_version(host) == family else lacking
    lookup = await resolver.lookup(host, "A" if family == 4 else "AAAA")  # noqa: PLR2004
    if isinstance(lookup, Answer):
        return lookup.records[0]
    return lookup if isinstance(lookup, Unseen) else lacking


async def _converse(call: CanaryCall, channel: Channel, name: str) -> CanaryCall:
    dialogue = Dialogue(channel, Transcript(), CANARY_SECONDS)
    greeting = await dialogue.read_reply(CANARY_SECONDS, flag="")
    ehlo: Reply | Unseen = NOT_ASKED
    if call.ehlo is PENDING and is_ready(greeting):
        ehlo = await dialogue.command(f"EHLO {name or address_literal(channel.local_address)}")
    if isinstance(greeting, Reply):
        await dialogue.quit()
    return replace(call, greeting=greeting, ehlo=ehlo)
