"""Find whether a name of an address leads back to it, and say so."""

from mxcheck.evidence.dns import ForwardLookup, ReverseDns
from mxcheck.evidence.outcome import Unseen
from mxcheck.rules.base import DomainCase, Fail, Missing, NotApplicable, Pass, Unknown
from mxcheck.rules.remedies.lookup import lookup_remedy
from mxcheck.wire.address import parse_address, reserved_kind
from mxcheck.wire.reverse_name import names_leading_back, records_of

REMEDY = "Have whoever gave out {} set its PTR record to a name with that very address."


def the_names(address: str, case: DomainCase) -> ReverseDns | Unknown | NotApplicable:
    """Return the names of an address, unless a lookup that decides the matter failed."""
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


def judge_names(reverse: ReverseDns) -> Pass | Fail:
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
