"""Receivers take the SPF record of the domain for an error.

## Why it matters

A syntax error anywhere makes the whole record worthless: receivers tell "permerror", also for
addresses that a correct term allows. The same holds for two records at one name, for an error in a
record that an include or redirect leads to, for an include of a domain that has no record, and for
records that lead in a circle. Many receivers refuse such mail.

Terms whose name depends on the client, such as `exists:%{i}._spf.example.com`, are not followed;
`spf-sender-fails` follows them for the configured `senders`.

## Repair

Correct the term that is named, and publish one record alone: the terms of two go into one. If the
record is that of a service, tell them, and leave the include out until they have mended it.
"""

from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import DomainCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.spf import first_unseen, the_tree, unknown_because
from mxcheck.rules.facts.spf_shown import clients_decide, shown_faults
from mxcheck.rules.remedies.spf_repair import mended
from mxcheck.wire.domain_name import display_domain
from mxcheck.wire.spf.tree import Node


def find(case: DomainCase) -> Node | NotApplicable:
    """Find what the record leads to."""
    return the_tree(case)


def check(root: Node, case: DomainCase) -> Pass | Fail | Unknown:
    """Judge that every record in the tree can be read; the limits are spf-lookups-exceeded."""
    name = display_domain(case.domain.name)
    faults = list(root.faults())
    if faults:
        return Fail(
            message=(
                f"receivers take the SPF record of {name} for an error (permerror):"
                f" {shown_faults(faults, root.domain)}"
            ),
            remedy=mended(root, case.run.spf_lookup(root.domain, "TXT")),
        )
    unseen = first_unseen(root)
    if unseen:
        message = f"whether receivers can read the SPF record of {name} is not known"
        return unknown_because(message, *unseen, case)
    others = sum(1 for _ in root.nodes()) - 1
    with_others = f", and those of {others} other names that it leads to" if others else ""
    return Pass(
        message=f"receivers can read the SPF record of {name}{with_others}{clients_decide(root)}"
    )


RULE: Rule[DomainCase, Node] = Rule(
    id="spf-invalid",
    family=Family.POSTURE,
    scope=Scope.DOMAIN,
    level=Level.ERROR,
    title="receivers take the SPF record for an error",
    references=("RFC 7208 4.5", "RFC 7208 4.6", "RFC 7208 5.2", "RFC 7208 6.1"),
    reads=(Item.SPF,),
    after=("spf-missing",),
    find=find,
    check=check,
)
