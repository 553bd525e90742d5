"""Record sets, as a zone file holds them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSet:
    """Records of one name and type, in presentation format; names in lower case, no final dot."""

    name: str
    rdtype: str
    records: tuple[str, ...]
    ttl: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneFile:
    """The record sets of a file; `apex` is the owner of its SOA record, "" if it has none.

    `other_names` have records that cannot be read; `passed_over` are the records that were left
    out, in words.
    """

    record_sets: tuple[RecordSet, ...]
    apex: str
    other_names: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
