"""No name of the address (PTR) leads back to it.

## Why it matters

A server that receives mail often sends it too, and many receivers refuse mail from an address that
has no PTR record, or one whose name does not resolve to that address. For receiving alone
that is not a fault, so this rule is off unless it is asked for.

## Repair

The PTR record belongs to whoever gave out the address, not to the DNS of the domain: set "reverse
DNS" (PTR) at the hosting or Internet provider, or have the zone delegated (RFC 2317). Let it give
one name, the one the server says in EHLO, and let that name have an A or AAAA record with exactly
this address.

- Postfix: the name is `myhostname` (or `smtp_helo_name`).
- Exim: `primary_hostname`, or `helo_data` of the smtp transport.
- OpenSMTPD: `/etc/mail/mailname`, or `helo` of the relay action.
- Exchange: the FQDN of the send connector (`Set-SendConnector -Fqdn`).
"""

from mxcheck.evidence.dns import ReverseDns
from mxcheck.evidence.items import Item
from mxcheck.model.policy import Level
from mxcheck.rules.base import EndpointCase, Fail, Family, NotApplicable, Pass, Rule, Scope, Unknown
from mxcheck.rules.facts.reverse_names import judge_names, the_names


def find(case: EndpointCase) -> ReverseDns | Unknown | NotApplicable:
    """Return the names of the address, unless a lookup that decides the matter failed."""
    return the_names(case.visit.address, case)


def check(reverse: ReverseDns, _case: EndpointCase) -> Pass | Fail:
    """Judge that a name of the address has that address."""
    return judge_names(reverse)


RULE = Rule(
    id="reverse-dns-mismatch",
    family=Family.DNS,
    scope=Scope.ENDPOINT,
    level=Level.OFF,
    title="no name of the address leads back to it",
    references=("RFC 1912 2.1",),
    reads=(Item.PTR,),
    after=("mx-not-public",),
    find=find,
    check=check,
)
