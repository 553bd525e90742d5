"""Find which SPF terms allow more addresses than anybody can answer for."""

from collections.abc import Iterator
from dataclasses import dataclass

from mxcheck.wire.spf.terms import Directive, Modifier, Result
from mxcheck.wire.spf.tree import Node

WIDEST_IPV4 = 8
WIDEST_IPV6 = 16
"""The shortest prefixes of networks that one owner may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A record with +all: its domain, and the term of the own record that leads to it, if any."""

    domain: str
    term: str


def opened_by(root: Node) -> Opened | None:
    """Return the first record by which every address passes."""
    waiting = [(root, "")]
    seen: set[str] = set()
    while waiting:
        node, term = waiting.pop(0)
        if node.domain in seen:
            continue
        seen.add(node.domain)
        if node.record and node.record.all and _is_open(node):
            return Opened(domain=node.domain, term=term)
        waiting += [
            (one.node, term or one.term.text)
            for one in node.branches
            if one.node and (isinstance(one.term, Modifier) or one.term.result is Result.PASS)
        ]
    return None


def _is_open(node: Node) -> bool:
    end = node.record.all if node.record else None
    return end is not None and end.result is Result.PASS and node.told_others is Result.PASS


def own_nodes(root: Node) -> Iterator[Node]:
    """Yield the record of the domain, and the one that redirect puts in its place, and so on."""
    node: Node | None = root
    while node:
        yield node
        redirects = (one.node for one in node.branches if isinstance(one.term, Modifier))
        node = next(redirects, None)


def wide_terms(node: Node) -> list[str]:
    """Return the terms of a record that allow a network which is too wide."""
    directives = node.record.directives if node.record else ()
    return [one.text for one in directives if one.result is Result.PASS and _is_wide(one)]


def _is_wide(directive: Directive) -> bool:
    if directive.network:
        widest = WIDEST_IPV4 if directive.network.version == 4 else WIDEST_IPV6  # noqa: PLR2004
        return directive.network.prefixlen < widest
    return directive.prefix4 < WIDEST_IPV4 or directive.prefix6 < WIDEST_IPV6


def loose_end(node: Node) -> str:
    """Return why a record tells nothing about other addresses, "" if it does, or redirects."""
    record = node.record
    if record is None or record.faults or (record.redirect and not record.all):
        return ""
    if record.all is None:
        return "it ends without all, so that other addresses get neutral"
    is_neutral = record.all.result is Result.NEUTRAL
    return f"it ends in {record.all.text}, which tells nothing of others" if is_neutral else ""
