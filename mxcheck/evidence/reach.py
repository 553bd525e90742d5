"""In which address families connections were tried, and none was made."""

from collections.abc import Iterable

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Connection, Visit

UNREACHED = frozenset(
    {
        Trouble.TIMEOUT,
        Trouble.REFUSED,
        Trouble.RESET,
        Trouble.HOST_UNREACHABLE,
        Trouble.NETWORK,
        Trouble.WAY_OUT,
    }
)
"""How an address that was tried answers connect() when it cannot be reached.

NO_ROUTE is not among them: there connect() says that this machine lacks the whole family.
"""


def unreached_families(visits: Iterable[Visit]) -> tuple[int, ...]:
    """Return the address families (4, 6) in which addresses were tried and none was reached."""
    tried: set[int] = set()
    reached: set[int] = set()
    for visit in visits:
        family = 6 if ":" in visit.address else 4
        if isinstance(visit.connection, Connection):
            reached.add(family)
        elif visit.connection.trouble in UNREACHED:
            tried.add(family)
    return tuple(sorted(tried - reached))
