import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.record_set import RecordSet, ZoneFile
from mxcheck.wire.zone_file import ZoneFault, parse_zone_file

RECORDS = """\
@                IN SOA   ns1 hostmaster 1 7200 3600 1209600 300
                 IN MX    10 MX1
                 IN MX    20 mx2.elsewhere.example.
mx1              IN A     192.0.2.1
                 IN A     192.0.2.2
_25._tcp.mx1  60 IN TLSA  3 1 1 (
                          0123456789abcdef0123456789abcdef
                          0123456789abcdef0123456789abcdef ) ; two lines
_mta-sts         IN TXT   "v=STSv1; " "id=1"
alias            IN CNAME mx1
outside.example. IN A     192.0.2.9
"""
WANTED = {
    ("example.com", "MX"): ("10 mx1.example.com", "20 mx2.elsewhere.example"),
    ("mx1.example.com", "A"): ("192.0.2.1", "192.0.2.2"),
    ("_25._tcp.mx1.example.com", "TLSA"): (f"3 1 1 {'0123456789abcdef' * 4}",),
    ("_mta-sts.example.com", "TXT"): ('"v=STSv1; " "id=1"',),
    ("alias.example.com", "CNAME"): ("mx1.example.com",),
    ("outside.example", "A"): ("192.0.2.9",),
}


def read(text: str, origin: str = "") -> ZoneFile:
    zone = parse_zone_file(text, origin)
    assert isinstance(zone, ZoneFile), zone
    return zone


def fault(text: str, origin: str = "") -> ZoneFault:
    zone = parse_zone_file(text, origin)
    assert isinstance(zone, ZoneFault), zone
    return zone


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        (f"$TTL 300\n{RECORDS}", "example.com"),
        (f"$TTL 300\n; generated\n{RECORDS}", "Example.COM."),
        (f"$ORIGIN example.com.\n$TTL 5m\n{RECORDS}", ""),
        (
            "$TTL 300\n" + RECORDS.replace("@  ", "example.com. "),
            "another.example",
        ),
        (f"$TTL 300\n$origin example.com. ; ours\n{RECORDS}", "another.example"),
    ],
)
def test_a_whole_zone(text: str, origin: str) -> None:
    zone = read(text, origin)
    assert zone.apex == "example.com"
    found = {(one.name, one.rdtype): one.records for one in zone.record_sets}
    del found["example.com", "SOA"]
    assert found == WANTED
    ttls = {one.name: one.ttl for one in zone.record_sets}
    assert (ttls["example.com"], ttls["_25._tcp.mx1.example.com"]) == (300, 60)


def test_a_few_records_are_enough() -> None:
    zone = read("mx1.example.com. IN A 192.0.2.1\n")
    assert zone.apex == ""
    (only,) = zone.record_sets
    assert only == RecordSet(name="mx1.example.com", rdtype="A", records=("192.0.2.1",), ttl=0)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("mx1 IN A 192.0.2.1\n", 0, "the name mx1 is relative, and the file has no $ORIGIN"),
        ("a.example. IN A 192.0.2\n", 1, "Text input is malformed"),
        ("a.example. IN NONSENSE x\n", 1, "unknown rdatatype"),
        ("a.example. CH A 192.0.2.1\n", 1, "class"),
        ("$INCLUDE /etc/passwd\n", 1, "$INCLUDE' is not allowed"),
        ("$GENERATE 1-9999999 h$.example. A 192.0.2.1\n", 1, "$GENERATE' is not allowed"),
        ("a.example. IN CNAME b.example.\na.example. IN A 192.0.2.1\n", 0, "CNAME"),
        ('a.example. IN TXT "open\n', 1, ""),
        ("a..example. IN A 192.0.2.1\n", 1, "label"),
        ("$ORIGIN " + "a" * 80 + ".\n", 0, "label"),
    ],
)
def test_what_is_wrong_is_named(text: str, line: int, words: str) -> None:
    found = fault(text)
    assert words in found.reason
    assert found.line in {line, line + 1}


@given(st.text(max_size=200), st.sampled_from(["", "example.com"]))
def test_no_text_makes_it_raise(text: str, origin: str) -> None:
    assert isinstance(parse_zone_file(text, origin), ZoneFile | ZoneFault)
