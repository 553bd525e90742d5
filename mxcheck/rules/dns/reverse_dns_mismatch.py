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

from mxcheck.evidence.dns import ForwardLookup, ReverseDns
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.model.policy import Level
from mxcheck.rules.base import (
    EndpointCase,
    Fail,
    Family,
    Missing,
    NotApplicable,
    Pass,
    Rule,
    Scope,
    Unknown,
)
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.address import parse_address, reserved_kind
from mxcheck.wire.reverse_name import names_leading_back, records_of

REMEDY = "Have whoever gave out {} set its PTR record to a name with that very address."


def find(case: EndpointCase) -> ReverseDns | Unknown | NotApplicable:
    """Return the names of the address, unless a lookup that decides the matter failed."""
    address = case.visit.address
    parsed = parse_address(address)
    if parsed and reserved_kind(parsed) and not case.policy.allow_private:
        return Missing(message=f"{address} is not public")
    reverse = case.run.reverse_of(address)
    lookups = (reverse.ptr, *(one.addresses for one in reverse.forward))
    failed = [lookup for lookup in lookups if isinstance(lookup, Unseen)]
    if failed and not names_leading_back(reverse):
        message = f"the names of {address} are not all known: {failed[0].detail}"
        return Unknown(message=message, remedy=lookup_remedy(failed[0]))
    if reverse.left_out and not names_leading_back(reverse):
        return Unknown(message=f"{address} has too many names (PTR) to look them all up")
    return reverse


def check(reverse: ReverseDns, _case: EndpointCase) -> Pass | Fail:
    """Judge that a name of the address has that address."""
    address, remedy = reverse.address, REMEDY.format(reverse.address)
    back = names_leading_back(reverse)
    if back:
        return Pass(message=f"{address} is {back[0]}, and {back[0]} is {address}")
    if not reverse.forward:
        return Fail(message=f"{address} has no name (PTR record)", remedy=remedy)
    seen = ", ".join(f"{one.name} ({_addresses(one)})" for one in reverse.forward)
    return Fail(message=f"no name of {address} leads back to it: {seen}", remedy=remedy)


def _addresses(one: ForwardLookup) -> str:
    return ", ".join(records_of(one)) or "no address of that family"


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
