"""What to say about an MX host that a policy does not list, and what to publish."""

from mxcheck.rules.base import MxCase
from mxcheck.rules.facts.duration import duration
from mxcheck.rules.facts.sts_policies import Obeyed
from mxcheck.wire.host_name import has_underscore
from mxcheck.wire.mta_sts import Mode


def what_senders_do(lacks: Obeyed) -> str:
    """Return what senders that obey the policy do, and for how long."""
    who = "senders that have it" if lacks.is_remembered else "senders"
    kept = duration(lacks.policy.max_age)
    if lacks.policy.mode is Mode.ENFORCE:
        return f"{who} refuse to deliver to it, and keep that policy for {kept}"
    return f"{who} report it, and will not deliver to it under enforce; they keep it for {kept}"


def what_to_publish(lacks: Obeyed, case: MxCase, *, another: bool) -> str:
    """Return how to have senders deliver to the host.

    `another` means that there is a new policy as well, which senders could fetch.
    """
    host, record = case.host.name, f"the TXT record `_mta-sts.{case.domain.name}`"
    if lacks.is_remembered and another:
        return f"Change the id in {record}: under the live id senders do not fetch the new policy."
    if lacks.is_remembered:
        # RFC 8461 8.3, 5.1: a policy is withdrawn by another one, which senders fetch by its id.
        return (
            f"Keep {record}, and before this change publish a policy that lists {host}, or one of"
            f" `mode: none`, with another id; withdraw both {duration(lacks.policy.max_age)} later."
        )
    if has_underscore(host):
        # RFC 8461 3.2: an mx value is a Domain of RFC 5321, and one that is not spoils the policy.
        return (
            "Give the host a name without underscore, which no policy can list, name it in the MX"
            f" record, add it to the policy, and change the id in {record}{_before(case)}."
        )
    return f"Add `mx: {host}` to the policy, then change the id in {record}{_before(case)}."


def _before(case: MxCase) -> str:
    """Return what to wait for: senders learn of a policy by its id (RFC 8461 5.1, 8.1)."""
    if not case.domain.mx.overrides:
        return ""
    return ", and publish the MX record only when the TTL of that record has passed"
