"""A change before it is made: what the probe takes as given in place of what is live."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mxcheck.evidence.overrides import Override, OverrideChain, OverridePolicy
from mxcheck.model.endpoint import Endpoint
from mxcheck.wire.record_set import ZoneFile

ANY = ""
"""Means every MX host, or every domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectTo:
    """Connections for a host (ANY for every one) and port (0 for every one) go elsewhere.

    `address` is an IP address; `to_port` 0 leaves the port as it is.
    """

    host: str
    port: int
    address: str
    to_port: int
    override: str

    def speaks_of(self, host: str, port: int) -> bool:
        """Return whether connections to that host and port are meant."""
        return self.host in {ANY, host} and self.port in {0, port}


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideZone:
    """The record sets of an override, or of several, and what these are called."""

    zone: ZoneFile
    overrides: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """All that is given; `chains` by MX host and `policies` by domain, or under ANY.

    Of several zones the last one wins. `named` are all overrides, as the user wrote them.
    """

    named: tuple[Override, ...] = ()
    connect_to: tuple[ConnectTo, ...] = ()
    zones: tuple[OverrideZone, ...] = ()
    chains: Mapping[str, OverrideChain] = field(default_factory=dict)
    policies: Mapping[str, OverridePolicy] = field(default_factory=dict)

    def chain_of(self, host: str) -> OverrideChain | None:
        """Return the chain that is about to be deployed at an MX host."""
        return self.chains.get(host) or self.chains.get(ANY)

    def policy_of(self, domain: str) -> OverridePolicy | None:
        """Return the policy that is about to be published for a domain."""
        return self.policies.get(domain) or self.policies.get(ANY)

    def ends_of(self, host: str, port: int) -> tuple[ConnectTo, ...]:
        """Return where connections to a host and port go instead.

        What is said of the host itself goes before what is said of any, and so with the port.
        """
        ends = [end for end in self.connect_to if end.speaks_of(host, port)]
        nearest = max(((end.host != ANY, end.port != 0) for end in ends), default=None)
        return tuple(end for end in ends if (end.host != ANY, end.port != 0) == nearest)

    def led(self, endpoint: Endpoint) -> Endpoint:
        """Return an endpoint with the port that connections to it really go to."""
        ends = self.ends_of(endpoint.host, endpoint.port)
        moved = (end.to_port for end in ends if end.address == endpoint.address and end.to_port)
        return replace(endpoint, port=next(moved, endpoint.port))
