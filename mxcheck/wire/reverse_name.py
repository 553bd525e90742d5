"""Which names of an address lead back to it."""

from mxcheck.evidence.dns import Answer, ForwardLookup, ReverseDns


def names_leading_back(reverse: ReverseDns) -> tuple[str, ...]:
    """Return the names of an address that have that very address."""
    return tuple(one.name for one in reverse.forward if reverse.address in records_of(one))


def records_of(one: ForwardLookup) -> tuple[str, ...]:
    """Return the addresses of a name, none where the lookup gave none."""
    return one.addresses.records if isinstance(one.addresses, Answer) else ()
