"""Zone files (RFC 1035 5): the record sets that a change is about to publish."""

import re
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdatatype
import dns.rrset

from mxcheck.wire.record_set import RecordSet, ZoneFile
from mxcheck.wire.record_text import name_text, record_text
from mxcheck.wire.zone_reader import ZoneReader, plain_reason
from mxcheck.wire.zone_records import ZoneRecords

# The origin if none is known; RFC 6761 6.4 keeps the name from being a real one.
_NO_ORIGIN = dns.name.from_text("origin.invalid.")
# What tells the origin: the owner of the SOA record, or an $ORIGIN in front of all records.
_ORIGIN = re.compile(
    r"(?:[ \t]*(?:;[^\n]*)?\r?\n|\$TTL[ \t][^\n]*\n)*\$ORIGIN[ \t]+(\S*\.)(?=\s)", re.IGNORECASE
)
_SOA = re.compile(
    r"^([^\s;]+)(?:[ \t]+\d\w*)?(?:[ \t]+IN)?(?:[ \t]+\d\w*)?[ \t]+SOA\s",
    re.MULTILINE | re.IGNORECASE,
)
_ROOT = "."
_MOST_NAMED = 5
_PLACE = re.compile(r"^<file>:(?P<line>\d+): ")
# They say what a signed zone holds, and go stale with the next change; no name exists by them.
_OF_SIGNING = frozenset({dns.rdatatype.RRSIG, dns.rdatatype.NSEC, dns.rdatatype.NSEC3})


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneFault:
    """What is wrong with a zone file, and near which line (from 1; 0 where that is not known)."""

    line: int
    reason: str


def parse_zone_file(text: str, origin: str = "") -> ZoneFile | ZoneFault:
    """Read a zone file; `origin` is what its relative names end in where it does not tell.

    $INCLUDE, $GENERATE and records of other classes than IN are refused. Records that cannot be
    read, of a type that no rule looks at, and records outside the zone are passed over.
    """
    name = _told_origin(text) or origin
    try:
        known = dns.name.from_text(name) if name else _NO_ORIGIN
        return _zone(_read(text, known), known)
    except (dns.exception.DNSException, ValueError) as error:
        _let_interrupts_through(error)
        return _fault(str(error) or type(error).__name__)


def _let_interrupts_through(error: BaseException) -> None:
    """Raise the KeyboardInterrupt of which dnspython has made an error of the file, if it did."""
    wrapped: BaseException | None = error
    while wrapped is not None:
        if isinstance(wrapped, KeyboardInterrupt):
            raise wrapped
        # The reader cuts the cause off, and names the line instead.
        wrapped = wrapped.__cause__ or wrapped.__context__


def _told_origin(text: str) -> str:
    """Return the name of the zone, as the file tells it itself; "" where it does not."""
    head, soa = _ORIGIN.match(text), _SOA.search(text)
    first, owner = head[1] if head else "", soa[1] if soa else ""
    if owner.endswith("."):
        return owner
    if first == _ROOT:  # named-compilezone writes so
        return "" if owner in {"", "@"} else f"{owner}."
    return first


def _read(text: str, origin: dns.name.Name) -> ZoneReader:
    reader = ZoneReader(text, ZoneRecords(origin))
    reader.read()
    return reader


def _zone(read: ZoneReader, origin: dns.name.Name) -> ZoneFile | ZoneFault:
    rrsets = read.records.rrsets
    if origin == _NO_ORIGIN:
        for name in (*(one.name for one in rrsets), *read.records.unread):
            if name.is_subdomain(_NO_ORIGIN):
                owner = name.relativize(_NO_ORIGIN).to_text()
                reason = f"the name {owner} is relative, and the file has no $ORIGIN"
                return ZoneFault(line=0, reason=reason)
    apexes = [rrset.name for rrset in rrsets if rrset.rdtype == dns.rdatatype.SOA]
    for apex in apexes:
        if apex != origin:
            names = f"{apex.to_text()} and not at {origin.to_text()}"
            return ZoneFault(line=0, reason=f"the SOA record is at {names}, where the zone begins")
    apex = apexes[0] if apexes else dns.name.root
    # Name servers ignore what is outside the zone as well (BIND: "ignoring out-of-zone data").
    outside = [one for one in rrsets if not one.name.is_subdomain(apex)]
    inside = (one for one in rrsets if one.name.is_subdomain(apex))
    return ZoneFile(
        record_sets=tuple(_record_set(one) for one in inside if one.rdtype not in _OF_SIGNING),
        apex=name_text(apex) if apexes else "",
        other_names=tuple(
            name_text(name) for name in sorted(read.records.unread) if name.is_subdomain(apex)
        ),
        passed_over=(
            *_few([f"{one}, which cannot be read" for one in read.passed_over]),
            *_few([f"{_name_and_type(one)}, which is outside the zone" for one in outside]),
        ),
    )


def _few(texts: list[str]) -> tuple[str, ...]:
    """Return the first of many, and how many more there are."""
    rest = len(texts) - _MOST_NAMED
    return (*texts[:_MOST_NAMED], *([f"{rest} more"] if rest > 0 else []))


def _name_and_type(rrset: dns.rrset.RRset) -> str:
    return f"{rrset.name.to_text()} {dns.rdatatype.to_text(rrset.rdtype)}"


def _record_set(rrset: dns.rrset.RRset) -> RecordSet:
    return RecordSet(
        name=name_text(rrset.name),
        rdtype=dns.rdatatype.to_text(rrset.rdtype),
        records=tuple(map(record_text, rrset)),
        ttl=rrset.ttl,
    )


def _fault(message: str) -> ZoneFault:
    location = _PLACE.match(message)
    if location is None:
        return ZoneFault(line=0, reason=message)
    reason = plain_reason(message[location.end() :]) or "it cannot be read"
    return ZoneFault(line=int(location["line"]), reason=reason)
