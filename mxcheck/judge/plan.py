"""What the probe has to see of a domain, from the rules that its policy asks."""

from dataclasses import replace
from functools import cache

from mxcheck.evidence.items import Item, Readable, with_requirements
from mxcheck.judge.selection import is_asked, level_of
from mxcheck.model.policy import Level, Policy, RelayMode
from mxcheck.model.targets import Target
from mxcheck.rules import RULES


def with_plan(target: Target) -> Target:
    """Return the target with the items of evidence that the rules read which are asked of it."""
    wanted = with_requirements(read_under(target.policy))
    first = read_under(target.policy, Level.ERROR)
    return replace(target, wanted=_shared(wanted), first=_shared(first))


@cache
def _shared(items: frozenset[Readable]) -> frozenset[Readable]:
    """Return the first of equal sets: targets share it, in place of 2 KB each."""
    return items


def read_under(policy: Policy, level: Level | None = None) -> frozenset[Readable]:
    """Return the items that the rules read which a policy asks, or asks at a level."""
    asked = [rule for rule in RULES if is_asked(rule, policy)]
    of_level = [rule for rule in asked if level in {None, level_of(rule, policy)}]
    read = {item for rule in of_level for item in rule.all_reads}
    if policy.relay is RelayMode.OFF:
        read.discard(Item.RELAY)
    if policy.no_smtp:
        read = {item for item in read if Item.VISIT not in with_requirements(frozenset({item}))}
    return frozenset(read)
