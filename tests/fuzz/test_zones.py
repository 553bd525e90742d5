"""Zone files, held against dnspython; and what they will answer, against RFC 1034 4.3.2."""

import io

import dns.exception
import dns.rdatatype
import dns.zone
from hypothesis import example, given
from hypothesis import strategies as st

from mxcheck.evidence.dns import Absence
from mxcheck.wire.record_set import RecordSet, ZoneFile
from mxcheck.wire.record_text import name_text, record_text
from mxcheck.wire.zone_file import ZoneFault, parse_zone_file
from mxcheck.wire.zone_index import ZoneIndex

OWNERS = st.lists(st.sampled_from(["mx1", "_25._tcp", "a", "A", "*"]), max_size=2).map(".".join)
DATA = st.sampled_from(
    [
        *(("MX", "10 mx1"), ("MX", "0 ."), ("A", "192.0.2.1"), ("AAAA", "2001:db8::1")),
        *(("TXT", '"v=STSv1; id=1"'), ("TXT", '"\\"" "b"'), ("CNAME", "else.example.net.")),
        *(("TLSA", f"3 1 1 ( {'ab' * 16}\n {'cd' * 16} )"), ("TLSA", "3 1 1 ab")),
    ]
)
LINES = st.lists(st.tuples(OWNERS, DATA), max_size=8)


def oracle(text: str) -> set[tuple[str, str, str]] | None:
    """Name, type and record of all that dnspython reads as one zone; None where that is none."""
    try:
        zone = dns.zone.from_file(io.StringIO(text), "example.com.", relativize=False)
    except (dns.exception.DNSException, ValueError):
        return None
    return {
        (name_text(name), dns.rdatatype.to_text(rdata.rdtype), record_text(rdata))
        for name, _, rdata in zone.iterate_rdatas()
    }


@given(LINES, st.sampled_from(["", "$ORIGIN example.com.\n"]), st.booleans())
def test_a_zone_is_read_as_dnspython_reads_it(
    lines: list[tuple[str, tuple[str, str]]],
    origin: str,
    spaced: bool,  # noqa: FBT001
) -> None:
    body = [
        f"{owner or '@'}{' 300 IN' * spaced} {rdtype} {data}" for owner, (rdtype, data) in lines
    ]
    head = f"{origin}@ 3600 IN SOA ns. root. 1 2 3 4 5\n@ 3600 IN NS ns.\n"
    text = head + "\n".join(body) + "\n"
    zone, wanted = parse_zone_file(text, "example.com"), oracle(text)
    if wanted is None:
        # RFC 2181 10.1: a name with a CNAME has no other records.
        assert "CNAME" in text
        return
    assert isinstance(zone, ZoneFile)
    assert zone.apex == "example.com"
    found = {(s.name, s.rdtype, record) for s in zone.record_sets for record in s.records}
    assert found == wanted


TYPES = st.sampled_from([rdtype.name for rdtype in dns.rdatatype.RdataType])
TOKENS = st.sampled_from(
    [
        *("@", "mx1", "example.com.", "300", "IN", "CH", "(", ")", '"', '"a"', ";", "\n", "\n "),
        *("$ORIGIN", "$TTL", "$INCLUDE /etc/passwd", "$GENERATE 1-9 a$ A 192.0.2.$", "\\", "\\300"),
        *("10", "4294967296", "-1", "1w", "192.0.2.1", "::1", "\\# 4 c0000201", "\\#", "é", "\0"),
        *("SHA256", "abcd", "ab==", "20260101000000", "-", "alpn=h2", "1:192.0.2.0/24", "52 N"),
    ]
)
JUNK = st.lists(TOKENS | TYPES | st.text(max_size=6), max_size=8).map(" ".join)
LINES_OF_JUNK = JUNK | st.tuples(TYPES, JUNK).map(lambda pair: f"mx1 IN {pair[0]} {pair[1]}")


@given(st.lists(LINES_OF_JUNK, max_size=5).map("\n".join), st.text("a.é", max_size=6))
@example("a" * 100_000 + ". IN SOA", "")
@example("@ IN MX 10 " + "a" * 100_000, "")
@example("@ IN " + "a" * 100_000, "")
@example("$ORIGIN\n" * 1000, "")
@example("mx1 IN OPT ", "")
def test_any_tokens_are_a_zone_or_a_fault(text: str, origin: str) -> None:
    zone = parse_zone_file(text, origin)
    if isinstance(zone, ZoneFault):
        assert 0 <= zone.line <= text.count("\n") + text.count("\r") + 1
        assert zone.reason
        assert len(zone.reason) < 300
        return
    for record_set in zone.record_sets:
        assert isinstance(record_set, RecordSet)
        assert all(record.isascii() for record in record_set.records)
    assert "root:" not in str(zone)  # what /etc/passwd holds


APEX = ("com", "example")
BELOW = st.lists(st.sampled_from(["a", "b", "*"]), max_size=3).map(tuple)
SETS = st.dictionaries(st.tuples(BELOW, st.sampled_from(["A", "MX", "NS", "CNAME"])), st.just(None))


def name_of(labels: tuple[str, ...]) -> str:
    """Labels from the top down, as a name."""
    return ".".join(reversed([*APEX, *labels]))


def answer(held: set[tuple[tuple[str, ...], str]], name: tuple[str, ...], rdtype: str) -> str:
    """RFC 1034 4.3.2 and RFC 4592 3.3.1, label by label from the apex down."""
    node: tuple[str, ...] = ()
    for label in name:
        below = (*node, label)
        if not any(owner[: len(below)] == below for owner, _ in held):
            below = (*node, "*")  # the source of synthesis at the closest encloser
            if not any(owner == below for owner, _ in held):
                return Absence.NXDOMAIN
            node = below
            break
        node = below
        if (node, "NS") in held:
            return "a zone of its own"
    if rdtype != "CNAME" and (node, "CNAME") in held:
        return f"CNAME at {name_of(node)}"
    return f"{rdtype} at {name_of(node)}" if (node, rdtype) in held else Absence.NODATA


@given(SETS, BELOW, st.sampled_from(["A", "MX", "CNAME", "TXT"]))
def test_a_zone_answers_as_a_server_would(
    sets: dict[tuple[tuple[str, ...], str], None], name: tuple[str, ...], rdtype: str
) -> None:
    # A wildcard delegates nothing (RFC 4592 4.2), and nothing is beside an alias.
    held = {(owner, kind) for owner, kind in sets if kind != "NS" or (owner and "*" not in owner)}
    held -= {(owner, kind) for owner, kind in held if kind != "CNAME" and (owner, "CNAME") in held}
    held = {((), "SOA"), *((owner, kind) for owner, kind in held if owner or kind != "CNAME")}
    record_sets = tuple(
        RecordSet(name=name_of(owner), rdtype=kind, records=(f"{kind} at {name_of(owner)}",), ttl=0)
        for owner, kind in held
    )
    index = ZoneIndex.of(ZoneFile(record_sets=record_sets, apex=name_of(())))
    found = index.find(name_of(name), rdtype)
    wanted = answer(held, name, rdtype)
    if found is None:
        assert wanted == "a zone of its own"
    else:
        assert (found.records[0] if isinstance(found, RecordSet) else found) == wanted
    assert index.find("mx1.example.net", rdtype) is None
