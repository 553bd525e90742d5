"""What was seen of SPF: the lookups of a run, which several domains share."""

from dataclasses import dataclass

from mxcheck.evidence.dns import Lookup


@dataclass(frozen=True, slots=True, kw_only=True)
class SpfLookup:
    """What was answered to a name and a type that a record, or its evaluation, leads to."""

    name: str
    rdtype: str
    lookup: Lookup
