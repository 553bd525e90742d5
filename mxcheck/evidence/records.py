"""The plain DNS records of a domain that rules read: one row each.

A row is all that the probe, saved evidence, overrides and the JSON report need to know of it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from mxcheck.evidence.dns import Lookup


class PlainRecord(StrEnum):
    """A record set that is looked up by one question about the domain: item, owner name, type.

    An empty owner is the domain itself.
    """

    owner: str
    rdtype: str

    TLS_RPT = "tls-rpt", "_smtp._tls", "TXT"  # RFC 8460 3

    def __new__(cls, name: str, owner: str, rdtype: str) -> Self:
        """Make a member whose value is the name of the item."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.owner = owner
        member.rdtype = rdtype
        return member

    def name_at(self, domain: str) -> str:
        """Return the name that is asked about a domain."""
        return f"{self.owner}.{domain}" if self.owner else domain


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLookup:
    """What was answered to the question about one plain record of a domain."""

    record: PlainRecord
    lookup: Lookup
