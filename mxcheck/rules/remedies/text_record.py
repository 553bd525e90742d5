"""What to publish so that senders find a TXT record."""

from mxcheck.evidence.dns import Absent, Answer


def record_remedy(name: str, record: str, lookup: Answer | Absent) -> str:
    """Return how to have exactly one record at a name, which may be an alias."""
    if lookup.aliases:
        # RFC 1034 3.6.2: a name that is an alias can have no other record.
        return (
            f"Let the CNAME record of `{name}` lead to a name that has the one TXT record"
            f" `{record}`, or replace it by that record."
        )
    return f"Publish exactly one TXT record at `{name}`, such as `{record}`."
