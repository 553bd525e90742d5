"""Say what an SPF record leads to: its tree, with the number of lookups at each branch."""

from collections.abc import Iterator

from mxcheck.wire.malformed import quoted
from mxcheck.wire.spf.check import Evaluation
from mxcheck.wire.spf.tree import Branch, Fault, Node

_MOST = 12
"""Branches of one record that are shown; the others are counted."""
_DEEPEST = 4
_MOST_FAULTS = 4


def shown_tree(root: Node) -> str:
    """Return the branches with their lookups: `include:a.example 3 (mx 1, a 1), mx 1`."""
    return ", ".join(_shown(root, {root.domain}, 1)) or "none"


def _shown(node: Node, known: set[str], depth: int) -> Iterator[str]:
    for branch in node.branches[:_MOST]:
        note = _note(branch)
        below = branch.node
        if below and below.branches and below.domain not in known and depth < _DEEPEST:
            known.add(below.domain)
            note += f" ({', '.join(_shown(below, known, depth + 1))})"
        yield f"{short(branch.term.text)} {branch.lookups}{note}"
    if len(node.branches) > _MOST:
        rest = node.branches[_MOST:]
        yield f"{len(rest)} more terms {sum(one.lookups for one in rest)}"


def _note(branch: Branch) -> str:
    if branch.is_void:
        return " finds nothing"
    if branch.mx_names:
        return f" has {branch.mx_names} MX names"
    if branch.depends_on_client:
        return " or more, as the client decides" if branch.asks_record else ""
    return " not seen" if branch.unseen or (branch.node and branch.node.unseen) else ""


def short(term: str) -> str:
    """Return a term as it is written, cut to what a message can hold."""
    return term if len(term) <= 80 and term.isprintable() else quoted(term)  # noqa: PLR2004


def shown_fault(fault: Fault, domain: str) -> str:
    """Return a fault with its term and its record."""
    where = f"the record of {fault.domain}" if fault.domain != domain else "the record"
    return (
        f"`{short(fault.term)}` in {where}: {fault.reason}"
        if fault.term
        else (f"{where}: {fault.reason}")
    )


def shown_faults(faults: list[Fault], domain: str) -> str:
    """Return the first few faults, and how many more there are."""
    listed = "; ".join(shown_fault(one, domain) for one in faults[:_MOST_FAULTS])
    more = len(faults) - _MOST_FAULTS
    return f"{listed}; and {more} more" if more > 0 else listed


def voids_listed(root: Node) -> str:
    """Return the terms that find nothing."""
    terms = (one.term.text for _, one in root.all_branches() if one.is_void)
    return ", ".join(f"`{short(one)}`" for one in dict.fromkeys(terms))


def decided_by(told: Evaluation) -> str:
    """Return the term that decided about a client, or why none did."""
    if told.reason:
        term = f"`{short(told.term)}` in " if told.term else ""
        return f"{term}the record of {told.domain}: {told.reason}"
    if not told.term:
        return f"no term in the record of {told.domain} matches"
    return f"`{short(told.term)}` in the record of {told.domain} matches"


def clients_decide(root: Node) -> str:
    """Return the end of a message about terms that nobody can follow without a client."""
    terms = [short(one.term.text) for _, one in root.all_branches() if one.depends_on_client]
    if not terms:
        return ""
    listed = ", ".join(f"`{one}`" for one in dict.fromkeys(terms[:_MOST_FAULTS]))
    return f"; not followed, because it depends on the client: {listed}"
