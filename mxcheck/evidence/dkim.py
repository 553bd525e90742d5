"""What was seen of the DKIM keys of a domain."""

from dataclasses import dataclass

from mxcheck.evidence.dns import Lookup


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLookup:
    """The TXT records at `SELECTOR._domainkey.DOMAIN` (RFC 6376 3.6.2)."""

    selector: str
    lookup: Lookup
