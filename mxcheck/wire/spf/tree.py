"""The tree of an SPF record: what its terms look up, and what is wrong for whoever is the client.

It is what an evaluation does for a client that no address matches, except that it does not end at
an error, and that what depends on the client is not followed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from mxcheck.evidence.dns import Answer, Lookup
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.wire.malformed import Malformed
from mxcheck.wire.spf.check import MAX_MX, LookupOf
from mxcheck.wire.spf.names import query_name, trimmed
from mxcheck.wire.spf.record import select_record
from mxcheck.wire.spf.terms import Directive, Mechanism, Modifier, Result, SpfRecord
from mxcheck.wire.txt import texts_of

MAX_DEPTH = 16
"""Records one below the other that are followed: more than the limit of lookups allows."""

_FIXED = frozenset("do")
"""Macro letters that do not depend on the client: the current domain, and that of the sender."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why receivers take the record of a domain for an error; `term` is "" if no single one is."""

    domain: str
    term: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A term that looks something up, and what was found.

    `name` is the one that was asked about, "" if it depends on the client. `node` is the record of
    an include or redirect. `mx_names` are too many of them, 0 otherwise.
    """

    term: Directive | Modifier
    name: str = ""
    node: "Node | None" = None
    fault: str = ""
    unseen: Unseen | None = None
    is_void: bool = False
    mx_names: int = 0

    @property
    def depends_on_client(self) -> bool:
        """Return whether nothing was looked up, because the name is another one for each client."""
        return not self.name

    @property
    def asks_record(self) -> bool:
        """Return whether the term leads to another record, which may have terms of its own."""
        return isinstance(self.term, Modifier) or self.term.mechanism is Mechanism.INCLUDE

    @property
    def lookups(self) -> int:
        """Return how many terms look something up here, this one counted."""
        return 1 + (self.node.lookups if self.node else 0)

    @property
    def voids(self) -> int:
        """Return how many terms find nothing here, this one counted."""
        return int(self.is_void) + (self.node.voids if self.node else 0)


@dataclass(frozen=True, kw_only=True)
class Node:
    """The record of a domain; None if it has none that can be read, which `fault` says.

    `branches` are those of its terms that are reached and look something up. `told_others` is what
    a client is told that no address matches.
    """

    domain: str
    record: SpfRecord | None = None
    fault: str = ""
    unseen: Unseen | None = None
    branches: tuple[Branch, ...] = ()
    told_others: Result = Result.NONE

    @cached_property
    def lookups(self) -> int:
        """Return how many terms look something up, here and below."""
        return sum(one.lookups for one in self.branches)

    @cached_property
    def voids(self) -> int:
        """Return how many of them find nothing."""
        return sum(one.voids for one in self.branches)

    def nodes(self) -> Iterator["Node"]:
        """Yield this node and those below it, each domain once."""
        seen: set[str] = set()
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.domain in seen:
                continue
            seen.add(node.domain)
            yield node
            waiting += [one.node for one in reversed(node.branches) if one.node]

    def faults(self) -> Iterator[Fault]:
        """Yield what receivers take for an error, the limits aside."""
        for node in self.nodes():
            if node.fault:
                yield Fault(domain=node.domain, term="", reason=node.fault)
            for bad in node.record.faults if node.record else ():
                yield Fault(domain=node.domain, term=bad.text, reason=bad.reason)
            for one in node.branches:
                if one.fault:
                    yield Fault(domain=node.domain, term=one.term.text, reason=one.fault)

    def all_branches(self) -> Iterator[tuple["Node", Branch]]:
        """Yield each branch with its node, those of each domain once."""
        for node in self.nodes():
            yield from ((node, one) for one in node.branches)

    def unseen_lookups(self) -> Iterator[tuple[str, Unseen]]:
        """Yield what could not be looked up, with the name."""
        for node in self.nodes():
            if node.unseen:
                yield node.domain, node.unseen
            yield from ((one.name, one.unseen) for one in node.branches if one.unseen)


def tree_of(domain: str, lookup_of: LookupOf) -> Node:
    """Return the tree of the record of a domain."""
    return _Builder(sender=domain, lookup_of=lookup_of).node(domain)


@dataclass(slots=True, kw_only=True)
class _Builder:
    """A tree under way: the nodes that are done, and the domains above the current one."""

    sender: str
    lookup_of: LookupOf
    done: dict[str, Node] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)

    def node(self, domain: str) -> Node:
        if domain not in self.done:
            self.above.append(domain)
            self.done[domain] = self._read(domain)
            self.above.pop()
        return self.done[domain]

    def _read(self, domain: str) -> Node:
        lookup = self.lookup_of(query_name(domain), "TXT")
        if isinstance(lookup, Unseen):
            return Node(domain=domain, unseen=lookup, told_others=Result.TEMPERROR)
        found = select_record(texts_of(lookup))
        if found is None:
            return Node(domain=domain)
        if isinstance(found, Malformed):
            return Node(domain=domain, fault=found.reason, told_others=Result.PERMERROR)
        branches, told_others = self._branches(found, domain)
        told = Result.PERMERROR if found.faults else told_others
        return Node(domain=domain, record=found, branches=tuple(branches), told_others=told)

    def _branches(self, record: SpfRecord, domain: str) -> tuple[list[Branch], Result]:
        """Return the branches up to the term that matches everybody, and what that tells."""
        branches: list[Branch] = []
        for directive in record.directives:
            if directive.mechanism is Mechanism.ALL:
                return branches, directive.result
            if directive.looks_up:
                branches.append(self._branch(directive, domain))
                node = branches[-1].node
                if node and node.told_others is Result.PASS:
                    return branches, directive.result
        if record.redirect is None:
            return branches, Result.NEUTRAL
        branches.append(self._branch(record.redirect, domain))
        node = branches[-1].node
        return branches, node.told_others if node else Result.NEUTRAL

    def _branch(self, term: Directive | Modifier, domain: str) -> Branch:
        if term.target and term.target.letters - _FIXED:
            return Branch(term=term)
        name = domain
        if term.target:
            name = trimmed(term.target.expand({"d": domain, "o": self.sender}))
        if isinstance(term, Directive) and term.mechanism is not Mechanism.INCLUDE:
            return self._looked_up(term, query_name(name))
        return self._followed(term, name)

    def _followed(self, term: Directive | Modifier, name: str) -> Branch:
        asked = query_name(name)
        if not asked:
            return Branch(term=term, name=name, fault="it is not a name that can be looked up")
        if name in self.above:
            circle = " to ".join([*self.above[self.above.index(name) :], name])
            return Branch(term=term, name=asked, fault=f"the records lead in a circle: {circle}")
        if len(self.above) >= MAX_DEPTH and name not in self.done:
            return Branch(term=term, name=asked, unseen=_too_deep(name))
        node = self.node(name)
        is_absent = not (node.record or node.fault or node.unseen)
        fault = f"{name} has no SPF record" if is_absent else ""
        return Branch(term=term, name=asked, node=node, fault=fault)

    def _looked_up(self, term: Directive, name: str) -> Branch:
        """Return what the target of a mechanism has, one family after the other."""
        if term.mechanism is Mechanism.PTR or not name:
            return Branch(term=term, name=name or term.text)
        found: Lookup
        for rdtype in _TYPES[term.mechanism]:
            found = self.lookup_of(name, rdtype)
            if isinstance(found, Unseen):
                return Branch(term=term, name=name, unseen=found)
            if isinstance(found, Answer) and found.records:
                too_many = rdtype == "MX" and len(found.records) > MAX_MX
                return Branch(term=term, name=name, mx_names=len(found.records) * too_many)
        return Branch(term=term, name=name, is_void=True)


_TYPES = {Mechanism.A: ("A", "AAAA"), Mechanism.MX: ("MX",), Mechanism.EXISTS: ("A",)}


def _too_deep(name: str) -> Unseen:
    detail = f"TXT {name}: more than {MAX_DEPTH} records lead to it, one after the other"
    return Unseen(trouble=Trouble.BUDGET, detail=detail)
