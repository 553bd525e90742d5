"""What to say of an MX host that an MTA-STS policy lacks, and what to publish before a change."""

from mxcheck.rules.base import MxCase
from mxcheck.rules.facts.duration import duration
from mxcheck.rules.facts.sts_policies import Obeyed
from mxcheck.wire.mta_sts import Mode


def what_senders_do(lacks: Obeyed) -> str:
    """What comes of it at senders that hold to the policy, and for how long."""
    who = "senders that have it" if lacks.is_remembered else "senders"
    kept = duration(lacks.policy.max_age)
    if lacks.policy.mode is Mode.ENFORCE:
        return f"{who} refuse to deliver to it, and keep that policy for {kept}"
    return f"{who} report it, and will not deliver to it under enforce; they keep it for {kept}"


def what_to_publish(lacks: Obeyed, case: MxCase, *, another: bool) -> str:
    """What makes senders take mail there; `another` policy may be there for them to fetch."""
    host, record = case.host.name, f"the TXT record `_mta-sts.{case.domain.name}`"
    if lacks.is_remembered and another:
        return f"Change the id in {record}: under the live id senders do not fetch the new policy."
    if lacks.is_remembered:
        # RFC 8461 8.3, 5.1: a policy is withdrawn by another one, which senders fetch by its id.
        return (
            f"Keep {record}, and before this change publish a policy that lists {host}, or one of"
            f" `mode: none`, with another id; withdraw both {duration(lacks.policy.max_age)} later."
        )
    return f"Add `mx: {host}` to the policy, then change the id in {record}{_before(case)}."


def _before(case: MxCase) -> str:
    """RFC 8461 5.1, 8.1: senders learn of a new policy once they see another id."""
    if not case.domain.mx.overrides:
        return ""
    return ", and publish the MX record only when the TTL of that record has passed"
