"""The SPF record allows more addresses than anybody can answer for.

## Why it matters

With `+all` every address on the Internet passes SPF for the domain, and so DMARC too: forged mail
is taken for the domain's own. The same holds for `+all` in a record that is included.

`?all`, or neither `all` nor `redirect` at the end, tells receivers nothing about other addresses. A
network wider than IPv4 /8 or IPv6 /16 is mostly a slip of the keyboard. These are at most warnings.
A domain that is to have no mail (`expect = "no-mail"`) publishes `v=spf1 -all`.

## Repair

End the record in `~all`, and in `-all` once all senders are listed. Leave out an include whose own
record ends in `+all`, and tell its owner.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Expect, Level
from mxcheck.rules.base import DomainCase, Fail, Family, Missing, NotApplicable, Pass, Rule, Scope
from mxcheck.rules.facts.spf import record_of, the_read_tree
from mxcheck.rules.facts.spf_width import loose_end, opened_by, own_nodes, wide_terms
from mxcheck.rules.remedies.spf import NOTHING, ending_in, publish, without
from mxcheck.rules.remedies.spf_repair import tightened
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.spf.terms import QUALIFIERS, Result
from mxcheck.wire.spf.tree import Node


def find(case: DomainCase) -> Node | NotApplicable:
    """Find what the record leads to."""
    return the_read_tree(case)


def check(root: Node, case: DomainCase) -> Pass | Fail | NotApplicable:
    """Judge that the record tells receivers something about addresses that are not listed."""
    name, domain = display_domain(case.domain.name), root.domain
    text = record_of(root).text
    opened = opened_by(root)
    if opened:
        message = f"every address may send mail of {name}: the record of {opened.domain} has +all"
        new = ending_in(without(text, [opened.term]), "~all")
        return Fail(message=message, remedy=publish(domain, new))
    if _is_to_be_silent(case) and not _is_silent(root):
        message = f"{name} is to have no mail, and its SPF record lets addresses send: {text}"
        return Fail(message=message, remedy=publish(domain, NOTHING), at_most=Level.WARNING)
    loose = [found for found in map(_looseness, own_nodes(root)) if found]
    if loose:
        return Fail(
            message=f"the SPF record of {name} is too permissive: {'; '.join(loose)}",
            remedy=" ".join(tightened(node) for node in own_nodes(root) if _looseness(node)),
            at_most=Level.WARNING,
        )
    for what, unseen in root.unseen_lookups():
        return Missing(message=f"what {what} allows is not known: {unseen.detail}")
    if root.told_others not in QUALIFIERS.values():
        return Missing(message="receivers take the record for an error")
    return Pass(message=f"the SPF record of {name} tells {root.told_others} of other addresses")


def _looseness(node: Node) -> str:
    """Return what makes a record too permissive, "" if nothing does."""
    wide = [f"{term} is wider than a /8 (IPv6: /16)" for term in wide_terms(node)]
    found = [*wide, *filter(None, [loose_end(node)])]
    return f"in the record of {node.domain} {', and '.join(found)}" if found else ""


def _is_to_be_silent(case: DomainCase) -> bool:
    return case.policy.expect is Expect.NO_MAIL and not case.policy.senders


def _is_silent(root: Node) -> bool:
    terms = record_of(root).directives
    return root.told_others is Result.FAIL and not any(one.result is Result.PASS for one in terms)


RULE: Rule[DomainCase, Node] = Rule(
    id="spf-permissive",
    family=Family.POSTURE,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="the SPF record allows more addresses than anybody can answer for",
    references=("RFC 7208 5.1", "RFC 7208 8", "policy expect"),
    reads=(Item.SPF,),
    after=("spf-missing", "spf-invalid"),
    find=find,
    check=check,
)
