"""The SPF record needs more lookups than receivers make.

## Why it matters

At most ten terms may look something up: `include`, `a`, `mx`, `ptr`, `exists` and `redirect`, in
the record and in all that it includes. At the eleventh a receiver stops and tells "permerror", so
that mail fails from all addresses that are listed behind it. Each service that sends for the domain
adds its share, and may add more at any time. An `mx` may lead to ten names at most.

More than two terms whose names do not exist, or have no address, may lead to the same (RFC 7208 has
a SHOULD for it): that is at most a warning.

## Repair

Leave out what no longer sends, names that do not exist, and `ptr`. Replace an include that lists
networks alone by these networks, and watch it: the service can change them. Give a service a
subdomain of its own, with a record of its own, for what it sends.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, Missing, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.spf import exceeds, has_too_many_voids, the_read_tree
from mxcheck.rules.facts.spf_shown import shown_tree, voids_listed
from mxcheck.rules.remedies.spf_flat import flat_remedy
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.spf.check import MAX_LOOKUPS, MAX_MX, MAX_VOIDS
from mxcheck.wire.spf.tree import Node


def find(case: DomainCase) -> Node | NotApplicable:
    """Find what the record leads to, if all of it was seen, or enough to tell."""
    root = the_read_tree(case)
    if isinstance(root, NotApplicable) or exceeds(root) or has_too_many_voids(root):
        return root
    for name, unseen in root.unseen_lookups():
        return Missing(message=f"what {name} needs is not known: {unseen.detail}")
    return root


def check(root: Node, case: DomainCase) -> Pass | Fail:
    """Judge the number of terms that look something up, of MX names, and of names without data."""
    name = display_domain(case.domain.name)
    counted = f"{root.lookups} of at most {MAX_LOOKUPS} lookups: {shown_tree(root)}"
    if exceeds(root):
        return Fail(
            message=f"the SPF record of {name} is an error to receivers (permerror): {_over(root)}",
            remedy=flat_remedy(root),
        )
    if has_too_many_voids(root):
        return Fail(
            message=(
                f"{root.voids} terms in the SPF record of {name} find nothing, and receivers may"
                f" stop after {MAX_VOIDS} (permerror): {voids_listed(root)}"
            ),
            remedy=flat_remedy(root),
            at_most=Level.WARNING,
        )
    left = MAX_LOOKUPS - root.lookups
    room = f"; that leaves room for {left}" if left <= 1 else ""
    return Pass(message=f"the SPF record of {name} needs {counted}{room}")


def _over(root: Node) -> str:
    if root.lookups > MAX_LOOKUPS:
        return (
            f"it needs {root.lookups} lookups, at most {MAX_LOOKUPS} are made: {shown_tree(root)}"
        )
    return f"one mx may lead to {MAX_MX} names at most: {shown_tree(root)}"


RULE: Rule[DomainCase, Node] = Rule(
    id="spf-lookups-exceeded",
    family=Family.POSTURE,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the SPF record needs more lookups than receivers make",
    references=("RFC 7208 4.6.4", "RFC 7208 11.1"),
    reads=(Item.SPF,),
    after=("spf-missing", "spf-invalid"),
    find=find,
    check=check,
)
