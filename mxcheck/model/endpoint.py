"""Where a host is asked: a port of one of its addresses."""

from dataclasses import dataclass

HostPort = tuple[str, int]
"""A host name or an IP address, and a port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A port of one address of a host."""

    host: str
    address: str
    port: int
