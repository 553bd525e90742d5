"""MX records (RFC 1035 3.3.9) in presentation format, as evidence holds them."""

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.domain import Domain

NULL_MX = "."
"""The exchange of a null MX (RFC 7505 3)."""


def parse_mx(answer: Answer) -> dict[str, int]:
    """Exchange to preference, in the order in which senders try them; the best of doublets."""
    pairs = [record.split() for record in answer.records]
    ordered = sorted((int(preference), exchange) for preference, exchange in pairs)
    exchanges: dict[str, int] = {}
    for preference, exchange in ordered:
        exchanges.setdefault(exchange, preference)
    return exchanges


def mx_hosts(domain: str, mx: Lookup) -> dict[str, int]:
    """Return the hosts that an MX lookup leads to, with their preferences, in that order."""
    if isinstance(mx, Answer):
        return {host: preference for host, preference in parse_mx(mx).items() if host != NULL_MX}
    if isinstance(mx, Absent) and mx.absence is Absence.NODATA:
        # RFC 5321 5.1: without MX the domain is treated as its own MX, with preference 0.
        return {domain: 0}
    return {}


def hosts_left_out(domain: Domain) -> int:
    """Return how many MX hosts of a domain were not looked at, because there are so many."""
    wanted = len(mx_hosts(domain.name, domain.mx))
    return max(wanted - len(domain.hosts), 0) if domain.hosts else 0
