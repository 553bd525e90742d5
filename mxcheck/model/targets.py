"""What a run is asked to check: each domain with the policy that applies to it."""

from dataclasses import dataclass, field

from mxcheck.evidence.items import Item, Readable, with_requirements
from mxcheck.model.location import Location
from mxcheck.model.policy import Policy

VISIT_WITH_RELAY = with_requirements(frozenset({Item.VISIT, Item.RELAY, Item.GIVEN_CHAIN}))
"""What is gathered about a domain unless the rules that are asked say more or less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A domain (A-labels, lower case, no trailing dot) and its policy.

    `wanted` are the items of evidence that the rules read which are asked about it, and what has
    to be gathered before them; those in `first` are read by rules at error level, and come before
    others if a limit does not allow all. `location` is the line that names the domain, if a file
    does.
    """

    domain: str
    policy: Policy
    wanted: frozenset[Readable] = field(default=VISIT_WITH_RELAY)
    first: frozenset[Readable] = frozenset()
    location: Location | None = None
