"""Where the subjects of each scope come from, and which rules own their absence."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mxcheck.rules.base import DomainCase, EndpointCase, MxCase, Scope

CASES: Mapping[Scope, type[DomainCase]] = MappingProxyType(
    {Scope.DOMAIN: DomainCase, Scope.MX: MxCase, Scope.ENDPOINT: EndpointCase}
)
"""What a rule of each scope is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The source of a scope's subjects: if it has none, one of the rules in `after` owns that."""

    after: tuple[str, ...] = ()


SOURCES: Mapping[Scope, Source] = MappingProxyType(
    {
        Scope.DOMAIN: Source(),
        Scope.MX: Source(after=("dnssec-bogus", "mx-missing", "mx-null")),
        Scope.ENDPOINT: Source(
            after=(
                *("dnssec-bogus", "mx-missing", "mx-null"),
                *("mx-is-address", "mx-name-invalid", "mx-unresolvable"),
            )
        ),
    }
)
