import pytest

from mxcheck.evidence.dns import Absence
from mxcheck.wire.record_set import RecordSet, ZoneFile
from mxcheck.wire.zone_file import parse_zone_file
from mxcheck.wire.zone_index import ZoneIndex

RECORDS = """
$ORIGIN example.com.
@ MX 10 mx
mx A 192.0.2.1
alias CNAME mx
*.wild A 192.0.2.2
known.wild TXT "here"
sub NS ns.sub
ns.sub A 192.0.2.3
moved DNAME target.example.net.
moved TXT "of the name itself"
hidden.moved A 192.0.2.6
a.deep.empty A 192.0.2.4
outside.example.net. A 192.0.2.5
"""
WHOLE = RECORDS.replace("@ MX", "@ SOA ns hostmaster 1 2 3 4 5\n@ NS ns.example.net.\n@ MX")
NODATA, NXDOMAIN = Absence.NODATA, Absence.NXDOMAIN

Found = tuple[str, ...] | Absence | None


def find(text: str, question: str) -> Found:
    zone = parse_zone_file(text)
    assert isinstance(zone, ZoneFile), zone
    name, rdtype = question.split()
    found = ZoneIndex.of(zone).find(name, rdtype)
    return (found.rdtype, *found.records) if isinstance(found, RecordSet) else found


@pytest.mark.parametrize(
    ("question", "in_a_few", "in_the_whole"),
    [
        ("mx.example.com A", ("A", "192.0.2.1"), ("A", "192.0.2.1")),
        ("mx.example.com AAAA", None, NODATA),
        ("example.com MX", ("MX", "10 mx.example.com"), ("MX", "10 mx.example.com")),
        ("example.com TXT", None, NODATA),
        ("nothing.example.com A", None, NXDOMAIN),
        ("_25._tcp.mx.example.com TLSA", None, NXDOMAIN),
        ("empty.example.com A", None, NODATA),
        ("deep.empty.example.com A", None, NODATA),
        ("alias.example.com A", ("CNAME", "mx.example.com"), ("CNAME", "mx.example.com")),
        ("alias.example.com CNAME", ("CNAME", "mx.example.com"), ("CNAME", "mx.example.com")),
        # RFC 4592 2.2.1, 3.3.1: any number of labels, but no name that is there, nor below one.
        ("a.wild.example.com A", ("A", "192.0.2.2"), ("A", "192.0.2.2")),
        ("a.b.wild.example.com A", ("A", "192.0.2.2"), ("A", "192.0.2.2")),
        ("a.wild.example.com MX", None, NODATA),
        ("known.wild.example.com A", None, NODATA),
        ("a.known.wild.example.com A", None, NXDOMAIN),
        ("wild.example.com A", None, NODATA),
        # RFC 6672 2.2, 2.4: what is below a DNAME, and not what is at it.
        (
            "a.b.moved.example.com A",
            ("CNAME", "a.b.target.example.net"),
            ("CNAME", "a.b.target.example.net"),
        ),
        (
            "hidden.moved.example.com A",
            ("CNAME", "hidden.target.example.net"),
            ("CNAME", "hidden.target.example.net"),
        ),
        (
            "moved.example.com TXT",
            ("TXT", '"of the name itself"'),
            ("TXT", '"of the name itself"'),
        ),
        ("moved.example.com A", None, NODATA),
        # What a whole zone delegates is not its own, addresses of the name servers included.
        ("sub.example.com MX", None, None),
        ("mx.sub.example.com A", None, None),
        ("ns.sub.example.com A", ("A", "192.0.2.3"), None),
        ("outside.example.net A", ("A", "192.0.2.5"), None),
        ("outside.example.net AAAA", None, None),
        ("example.net A", None, None),
        ("notexample.com A", None, None),
        ("com SOA", None, None),
    ],
)
def test_what_a_file_answers(question: str, in_a_few: Found, in_the_whole: Found) -> None:
    assert find(RECORDS, question) == in_a_few
    assert find(WHOLE, question) == in_the_whole


def test_a_few_records_say_nothing_about_the_root() -> None:
    zone = parse_zone_file(RECORDS)
    assert isinstance(zone, ZoneFile), zone
    assert ZoneIndex.of(zone).find("", "SOA") is None


@pytest.mark.parametrize(
    ("name", "replaces"),
    [
        ("mx.example.com", True),
        ("alias.example.com", False),
        ("nothing.example.com", False),
        ("deep.empty.example.com", False),
    ],
)
def test_a_name_with_records_is_no_alias(name: str, *, replaces: bool) -> None:
    zone = parse_zone_file(RECORDS)
    assert isinstance(zone, ZoneFile)
    assert ZoneIndex.of(zone).replaces_alias(name) is replaces


@pytest.mark.parametrize(
    ("text", "apex", "denies"),
    [
        (WHOLE, "sub.example.com", False),
        (WHOLE, "other.example.com", True),
        (WHOLE, "example.com", False),
        (WHOLE, "example.net", False),
        (RECORDS, "other.example.com", False),
    ],
)
def test_a_whole_zone_leads_to_no_other_but_those_that_it_delegates(
    text: str, apex: str, *, denies: bool
) -> None:
    zone = parse_zone_file(text)
    assert isinstance(zone, ZoneFile)
    assert ZoneIndex.of(zone).denies(apex) is denies
