"""TXT records (RFC 1035 3.3.14) in presentation format, as in the evidence."""

import dns.rdata
from dns.rdtypes.ANY.TXT import TXT

from mxcheck.evidence.dns import Answer, Lookup


def parse_txt(record: str) -> str:
    """Parse one record to its text: its strings joined, without a space between them.

    Each character is one byte, so that parsers can tell which of them are outside ASCII.
    """
    rdata = dns.rdata.from_text("IN", "TXT", record)
    strings = rdata.strings if isinstance(rdata, TXT) else ()
    return b"".join(strings).decode("latin-1")


def texts_of(lookup: Lookup) -> tuple[str, ...]:
    """Return the texts of a TXT lookup; none if it was not answered."""
    return tuple(map(parse_txt, lookup.records)) if isinstance(lookup, Answer) else ()
