"""What a run is asked to check: each domain with the policy that holds for it."""

from dataclasses import dataclass

from mxcheck.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A domain (A-labels, lower case, no trailing dot) and its policy.

    `visit` and `relay` say whether any rule that is asked needs the servers to be visited, and
    relaying to be tried.
    """

    domain: str
    policy: Policy
    visit: bool = True
    relay: bool = True
