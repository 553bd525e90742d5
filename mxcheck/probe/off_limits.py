"""Addresses that are not connected to: reserved ones, and those of a family that is left out."""

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.model.endpoint import Endpoint
from mxcheck.probe.settings import ProbeSettings
from mxcheck.wire.address import ip_version, parse_address, reserved_kind


def off_limits(endpoint: Endpoint, settings: ProbeSettings) -> Unseen | None:
    """Return why an endpoint is not connected to; None if it may be.

    An address that the user names (`--connect-to`) may be a reserved one: no other zone can
    lead there.
    """
    address, ends = endpoint.address, settings.overrides.ends_of(endpoint.host, endpoint.port)
    named = any(end.address == address for end in ends)
    parsed = parse_address(address)
    kind = reserved_kind(parsed) if parsed else "malformed"
    if kind and not named and not settings.allow_private:
        detail = f"{address} is a {kind} address, which is never connected to"
        return Unseen(trouble=Trouble.NOT_PUBLIC, detail=detail)
    family = ip_version(address)
    if family not in settings.families:
        detail = f"IPv{family} is left out by -4 or -6"
        return Unseen(trouble=Trouble.EXCLUDED, detail=detail)
    return None
