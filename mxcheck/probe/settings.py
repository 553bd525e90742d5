"""How the probe goes about its work: timeouts, limits, the resolver, the control hosts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Endpoint = tuple[str, int]
"""An IP address and a port."""

SMTP_PORT = 25
DEFAULT_CANARIES = ("gmail-smtp-in.l.google.com", "route1.mx.cloudflare.net")
"""MX hosts of two large operators, with IPv4 and IPv6 addresses both."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSettings:
    """All times in seconds.

    `families` are the IP versions to use; `ehlo_name` empty means the machine's own name;
    `resolvers` empty means the system's configuration; `canaries` None means DEFAULT_CANARIES on
    port 25, and empty turns the control off. `routes` leads connections to other endpoints than
    the ones they are recorded under, for the embedded world of `mxcheck demo`.
    """

    port: int = SMTP_PORT
    connect_timeout: float = 10
    greeting_timeout: float = 60
    timeout: float = 30
    deadline: float = 300
    retries: int = 2
    retry_delay: float = 1
    concurrency: int = 100
    max_connections: int = 3
    max_addresses: int = 16
    families: tuple[int, ...] = (4, 6)
    ehlo_name: str = ""
    resolvers: tuple[Endpoint, ...] = ()
    canaries: tuple[Endpoint, ...] | None = None
    allow_private: bool = False
    routes: Mapping[Endpoint, Endpoint] = field(default_factory=dict)
