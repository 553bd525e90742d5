"""Addresses that are not connected to: reserved ones, and those of a family that is left out."""

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.probe.settings import ProbeSettings
from mxcheck.wire.address import ip_version, parse_address, reserved_kind


def off_limits(address: str, settings: ProbeSettings) -> Unseen | None:
    """Why an address is not connected to; None where it may be."""
    parsed = parse_address(address)
    kind = reserved_kind(parsed) if parsed else "malformed"
    if kind and not settings.allow_private:
        detail = f"{address} is a {kind} address, which is never connected to"
        return Unseen(trouble=Trouble.NOT_PUBLIC, detail=detail)
    family = ip_version(address)
    if family not in settings.families:
        detail = f"IPv{family} is left out by -4 or -6"
        return Unseen(trouble=Trouble.EXCLUDED, detail=detail)
    return None
