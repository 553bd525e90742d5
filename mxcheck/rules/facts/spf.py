"""Find the SPF record of a domain, what it leads to, and what it tells about senders."""

from mxcheck.evidence.dns import Lookup
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Missing, SenderCase, Unknown
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.spf.check import MAX_LOOKUPS, MAX_VOIDS, Evaluation, LookupOf, check_host
from mxcheck.wire.spf.client import greeting_client, sending_client
from mxcheck.wire.spf.names import is_at_or_below
from mxcheck.wire.spf.terms import Result, SpfRecord
from mxcheck.wire.spf.tree import Node, tree_of

NO_RECORD = "there is no SPF record"
REQUIREMENT = "spf"
"""What `--require` names to have a record required that every receiver can read."""


def tree(case: DomainCase) -> Node:
    """Return what the record of a domain leads to."""
    return tree_of(case.domain.name, case.run.spf_lookup)


def the_tree(case: DomainCase) -> Node | Missing:
    """Return the same, if the domain has a record, or several; spf-missing owns the rest."""
    root = tree(case)
    if root.unseen:
        return Missing(message=f"the SPF record is not known: {root.unseen.detail}")
    if not (root.record or root.fault):
        return Missing(message=NO_RECORD)
    return root


def the_read_tree(case: DomainCase) -> Node | Missing:
    """Return the same, if there is one record; spf-invalid owns several."""
    root = the_tree(case)
    if isinstance(root, Node) and root.fault:
        return Missing(message=root.fault)
    return root


def record_of(root: Node) -> SpfRecord:
    """Return the record of the domain itself, an empty one if there is none."""
    return root.record or SpfRecord(text="")


def exceeds(root: Node) -> bool:
    """Return whether receivers have to stop at a limit, that of void lookups aside."""
    return root.lookups > MAX_LOOKUPS or any(one.mx_names for _, one in root.all_branches())


def has_too_many_voids(root: Node) -> bool:
    """Return whether receivers may stop because too many names do not exist."""
    return root.voids > MAX_VOIDS


def first_unseen(root: Node) -> tuple[str, Unseen] | None:
    """Return a name that could not be looked up, one of the domain itself before others."""
    own = [one for one in root.unseen_lookups() if is_at_or_below(one[0], root.domain)]
    return next(iter((*own, *root.unseen_lookups())), None)


def unknown_because(message: str, name: str, seen: Unseen, case: DomainCase) -> Unknown:
    """Return Unknown over a name; in a zone of others it is at most a warning (RFC 7208 2.6).

    The failure may pass, and is not this domain's; unless its SPF is required.
    """
    of_others = not is_at_or_below(name, case.domain.name)
    is_mild = of_others and REQUIREMENT not in case.policy.require
    return Unknown(
        message=f"{message}: {seen.detail}",
        remedy=lookup_remedy(seen),
        at_most=Level.WARNING if is_mild else Level.ERROR,
    )


def evaluated(case: SenderCase) -> Evaluation:
    """Return the result for a sender, with the domain in MAIL FROM."""
    return _evaluated(case, case.run.spf_lookup)


def evaluated_helo(case: SenderCase) -> Evaluation:
    """Return the result for a sender, with its name in HELO (RFC 7208 2.3)."""
    return _evaluated_helo(case, case.run.spf_lookup)


def _evaluated(case: SenderCase, lookup_of: LookupOf) -> Evaluation:
    names = case.run.reverse_of(case.sender)
    return check_host(sending_client(case.sender, case.domain.name, names), lookup_of)


def _evaluated_helo(case: SenderCase, lookup_of: LookupOf) -> Evaluation:
    return check_host(greeting_client(case.sender, case.run.reverse_of(case.sender)), lookup_of)


def passes(evaluation: Evaluation) -> bool:
    """Return whether a receiver takes the client for one that may send."""
    return evaluation.result is Result.PASS


def lookups_behind(case: DomainCase) -> tuple[Lookup, ...]:
    """Return all lookups that the tree of a domain rests on, or the evaluation for a sender."""
    found: list[Lookup] = []

    def lookup(name: str, rdtype: str) -> Lookup:
        found.append(case.run.spf_lookup(name, rdtype))
        return found[-1]

    tree_of(case.domain.name, lookup)
    if isinstance(case, SenderCase):
        _evaluated(case, lookup)
        _evaluated_helo(case, lookup)
    return tuple(found)
