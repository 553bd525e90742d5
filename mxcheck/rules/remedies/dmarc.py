"""DMARC records that are complete, ready to publish, made from what is published now."""

from mxcheck.model.policy import Expect
from mxcheck.rules.base import DomainCase
from mxcheck.wire.dmarc.record import VERSION, DmarcRecord
from mxcheck.wire.dmarc.walk import record_name
from mxcheck.wire.tag_list import parse_tag_list

_GONE = frozenset({"pct", "rf", "ri"})
"""Tags of RFC 7489 that RFC 9989 has not, or marks as historic."""
_FIRST = ("v", "p", "sp", "np", "t")


def first_record(case: DomainCase) -> str:
    """Return the record to begin with: reports first, or none at all for a domain without mail."""
    if case.policy.expect is Expect.NO_MAIL:
        return f"{VERSION}; p=reject"
    return f"{VERSION}; p=none; rua=mailto:dmarc@{case.domain.name}"


def rewritten(record: DmarcRecord, **changes: str | None) -> str:
    """Return a record with some tags changed, or left out if None, and without obsolete ones.

    Tags whose values are not valid are left out too.
    """
    bad = {one.name for one in record.bad_tags} | _GONE
    written = parse_tag_list(record.text, fold_names=True).tags
    tags: dict[str, str | None] = {name: value for name, value in written if name not in bad}
    if record.rua:
        tags["rua"] = ",".join(uri.uri for uri in record.rua)
    tags = {"v": VERSION.partition("=")[2]} | tags | changes
    order = [
        *(name for name in _FIRST if name in tags),
        *(one for one in tags if one not in _FIRST),
    ]
    return "; ".join(f"{name}={tags[name]}" for name in order if tags[name] is not None)


def publish(domain: str, record: str) -> str:
    """Return how to have exactly one record at the name for a domain."""
    return f"Publish exactly one TXT record at `{record_name(domain)}`: `{record}`."
