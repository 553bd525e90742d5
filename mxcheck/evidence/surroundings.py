"""What a machine can reach, as `mxcheck doctor` looks at it before any domain is checked."""

from dataclasses import dataclass

from mxcheck.evidence.dns import AskedResolver, Lookup, ReverseDns
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.smtp import CanaryCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The address from which this machine would reach the Internet in a family (4, 6)."""

    family: int
    local_address: str | Unseen


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedWay:
    """The way out (`--via`), named without its user, and why it could not be opened, if so."""

    name: str
    trouble: Unseen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EhloName:
    """The name for EHLO, "" if there is none, and what DNS says of it.

    `host_name` is what the machine calls itself. `reverse` are the names of the public addresses
    that servers may see: the machine's own, and those of the name.
    """

    name: str
    host_name: str
    is_given: bool = False
    ipv4: Lookup
    ipv6: Lookup
    reverse: tuple[ReverseDns, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """All that was looked at; control hosts were asked in the families that have a route."""

    python: str
    openssl: str
    port: int
    resolvers: tuple[AskedResolver, ...] | Unseen
    routes: tuple[Route, ...]
    way: OpenedWay | None
    canaries: tuple[CanaryCall, ...]
    ehlo: EhloName
