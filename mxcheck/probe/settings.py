"""How the probe goes about its work: timeouts, limits, the resolver, the control hosts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from mxcheck.model.endpoint import Endpoint, HostPort
from mxcheck.probe.overrides import Overrides
from mxcheck.probe.via.addresses import Gate
from mxcheck.wire.address import is_aside

SMTP_PORT = 25
DNS_PORT = 53
DNS_OVER_TLS_PORT = 853  # RFC 7858 3.1
DEFAULT_CANARIES = ("gmail-smtp-in.l.google.com", "route1.mx.cloudflare.net")
"""MX hosts of two large operators, with IPv4 and IPv6 addresses both."""
DEADLINE, DEADLINE_PER_DOMAIN = 300.0, 0.3
"""Seconds for a whole run by default: the former at least, the latter for each domain."""


def default_deadline(domains: int) -> float:
    """Return the seconds that a run over so many domains has by default."""
    return max(DEADLINE, DEADLINE_PER_DOMAIN * domains)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainResolver:
    """A resolver that is asked in clear."""

    address: str
    port: int = DNS_PORT

    def __str__(self) -> str:
        """Return it as users write it."""
        return _endpoint(self.address, self.port, DNS_PORT)


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsResolver:
    """A resolver that is asked over TLS; `hostname`, or else `address`, is in its certificate."""

    address: str
    port: int = DNS_OVER_TLS_PORT
    hostname: str = ""

    def __str__(self) -> str:
        """Return it as users write it."""
        endpoint = _endpoint(self.address, self.port, DNS_OVER_TLS_PORT)
        return f"tls://{endpoint}#{self.hostname}" if self.hostname else f"tls://{endpoint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpsResolver:
    """A resolver that is asked over HTTPS."""

    url: str

    def __str__(self) -> str:
        """Return it as users write it, without the query, which may contain a secret key."""
        url, query, _ = self.url.partition("?")
        return f"{url}?…" if query else url


ResolverAddress: TypeAlias = PlainResolver | TlsResolver | HttpsResolver


def _endpoint(address: str, port: int, default_port: int) -> str:
    if port == default_port:
        return address
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSettings:
    """All times in seconds.

    `host_timeout` is for all visits to one MX host; `per_operator` visits at once go to MX hosts
    whose names have the same last two labels; `families` are the IP versions to use;
    `ehlo_name` empty means the machine's own name;
    `resolvers` empty means the system's configuration; `trust_ad` None leaves it to the way to each
    resolver whether its AD bit is believed; `ca_pem` are roots to trust beside the Mozilla store
    where DNS is asked over TLS or HTTPS, and MTA-STS policies are fetched; `canaries` None means
    DEFAULT_CANARIES on port 25, and empty turns the control off. `routes` leads connections to
    other endpoints than the ones they are recorded under, for the embedded world of `mxcheck demo`.
    `overrides` are taken as given in place of what is live. `via` is the machine from which MX
    hosts and control hosts are reached.
    """

    port: int = SMTP_PORT
    connect_timeout: float = 10
    greeting_timeout: float = 60
    timeout: float = 30
    host_timeout: float = 120
    deadline: float = DEADLINE
    retries: int = 2
    retry_delay: float = 1
    concurrency: int = 100
    max_connections: int = 4
    per_operator: int = 20
    max_addresses: int = 16
    families: tuple[int, ...] = (4, 6)
    ehlo_name: str = ""
    resolvers: tuple[ResolverAddress, ...] = ()
    trust_ad: bool | None = None
    via: Gate | None = None
    ca_pem: bytes = b""
    canaries: tuple[HostPort, ...] | None = None
    allow_private: bool = False
    routes: Mapping[HostPort, HostPort] = field(default_factory=dict)
    overrides: Overrides = field(default_factory=Overrides)

    def endpoint(self, host: str, address: str) -> Endpoint:
        """Return where an MX host is asked at an address; an override may have moved the port."""
        return self.overrides.led(Endpoint(host=host, address=address, port=self.port))

    def is_led_aside(self, host: str, address: str) -> bool:
        """Return whether an override leads to where no way out is needed, or another one is."""
        led = bool(self.overrides.ends_of(host, self.port))
        return led and is_aside(address, self.endpoint(host, address).port, self.port)
