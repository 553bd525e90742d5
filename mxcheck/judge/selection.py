"""Which rules a policy asks, and at which level."""

from mxcheck.model.policy import Level, Policy
from mxcheck.rules import NEEDING_SMTP
from mxcheck.rules.base import AnyRule


def is_asked(rule: AnyRule, policy: Policy) -> bool:
    """Return whether the policy wants an answer from this rule."""
    return is_selected(rule, policy) and level_of(rule, policy) is not Level.OFF


def is_selected(rule: AnyRule, policy: Policy) -> bool:
    """Return whether the policy asks for this rule at all, whatever its level."""
    names = {rule.id, str(rule.family)}
    wanted = not policy.select or bool(names & set(policy.select))
    if policy.no_smtp and rule.id in NEEDING_SMTP:
        return False
    return wanted and not names & set(policy.ignore)


def level_of(rule: AnyRule, policy: Policy) -> Level:
    """Return the level at which the policy asks this rule.

    An absence that the policy requires not to be is an error, and so is what is present without
    effect, unless `levels` says otherwise. A rule that is off counts as an error if its id is
    selected.
    """
    level = policy.levels.get(rule.id, rule.level)
    if rule.absence_of in policy.require:
        return Level.ERROR
    if rule.no_effect_of in policy.require and rule.id not in policy.levels:
        return Level.ERROR
    if level is Level.OFF and rule.id in policy.select:
        return Level.ERROR
    return level
