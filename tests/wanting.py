"""Targets of which tests want more, or less, than a visit with the relay test."""

from dataclasses import replace

from mxcheck.evidence.items import Readable, with_requirements
from mxcheck.model.targets import Target


def wanting(target: Target, *items: Readable) -> Target:
    """Return the target, of which these items are wanted too."""
    return replace(target, wanted=target.wanted | with_requirements(frozenset(items)))


def without(target: Target, *items: Readable) -> Target:
    """Return the target, of which these items are not wanted."""
    return replace(target, wanted=target.wanted - set(items))
