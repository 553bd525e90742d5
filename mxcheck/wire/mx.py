"""MX records (RFC 1035 3.3.9) in presentation format, as evidence holds them."""

from mxcheck.evidence.dns import Answer

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
