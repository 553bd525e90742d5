"""What the probe has to see of a domain, from the rules that its policy asks."""

from dataclasses import replace

from mxcheck.evidence.items import Item, Readable, with_requirements
from mxcheck.judge.selection import is_asked
from mxcheck.model.policy import Policy, RelayMode
from mxcheck.model.targets import Target
from mxcheck.rules import RULES


def with_plan(target: Target) -> Target:
    """Return the target with the items of evidence that the rules read which are asked of it."""
    return replace(target, wanted=with_requirements(read_under(target.policy)))


def read_under(policy: Policy) -> frozenset[Readable]:
    """Return the items that the rules read which a policy asks."""
    read = {item for rule in RULES if is_asked(rule, policy) for item in rule.all_reads}
    if policy.relay is RelayMode.OFF:
        read.discard(Item.RELAY)
    return frozenset(read)
