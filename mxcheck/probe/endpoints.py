"""The addresses of MX hosts that a run visits, each once, with the domains that they serve."""

from collections.abc import Mapping, Sequence

from mxcheck.evidence.domain import Domain
from mxcheck.evidence.items import Item
from mxcheck.model.targets import Target
from mxcheck.probe.shares import in_turns

VisitKey = tuple[str, str]
"""MX host and address; the port is the same for the whole run."""
Endpoints = dict[VisitKey, list[Target]]


def endpoints_of(targets: Sequence[Target], domains: Mapping[str, Domain]) -> Endpoints:
    """Return each endpoint once, with the targets that it serves; the domains take turns."""
    keys = [_of_target(target, domains) for target in targets]
    endpoints: Endpoints = {key: [] for key in in_turns(keys)}
    for target, own in zip(targets, keys, strict=True):
        for key in own:
            endpoints[key].append(target)
    return endpoints


def addresses_to_name(endpoints: Endpoints) -> list[str]:
    """Return the addresses whose names a rule asks about, each once."""
    asked = {
        address
        for (_, address), targets in endpoints.items()
        if any(Item.PTR in target.wanted for target in targets)
    }
    return sorted(asked)


def _of_target(target: Target, domains: Mapping[str, Domain]) -> list[VisitKey]:
    seen = domains.get(target.domain)
    return [(host.name, one) for host in (seen.hosts if seen else ()) for one in host.addresses]
