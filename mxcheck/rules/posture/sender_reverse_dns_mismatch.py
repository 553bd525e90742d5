"""No name (PTR) of an address that sends mail leads back to it.

## Why it matters

Large receivers refuse mail from an address that has no PTR record, or one whose name does not
resolve to that address. The addresses in `senders` are those that send mail of the domain.

## Repair

The PTR record belongs to whoever gave out the address, not to the DNS of the domain: set "reverse
DNS" (PTR) at the hosting or Internet provider, or have the zone delegated (RFC 2317). Let it give
the name that the server says in EHLO, and let that name have an A or AAAA record with exactly this
address.
"""

from mxcheck.evidence.dns import ReverseDns
from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    Fail,
    Family,
    Missing,
    NotApplicable,
    Pass,
    Rule,
    Scope,
    SenderCase,
    Unknown,
)
from mxcheck.rules.facts.reverse_names import judge_names, the_names


def find(case: SenderCase) -> ReverseDns | Unknown | NotApplicable:
    """Return the names of the address, unless a lookup that decides the matter failed."""
    found = the_names(case.sender, case)
    # An address that is not public cannot have a name there, and no rule about MX hosts owns that.
    return NotApplicable(message=found.message) if isinstance(found, Missing) else found


def check(reverse: ReverseDns, _case: SenderCase) -> Pass | Fail:
    """Judge that a name of the address has that address."""
    return judge_names(reverse)


RULE: Rule[SenderCase, ReverseDns] = Rule(
    id="sender-reverse-dns-mismatch",
    family=Family.POSTURE,
    scope=Scope.SENDER,
    level=Level.WARNING,
    title="no name of an address that sends mail leads back to it",
    references=("RFC 1912 2.1",),
    reads=(Item.SENDER_NAMES,),
    find=find,
    check=check,
)
