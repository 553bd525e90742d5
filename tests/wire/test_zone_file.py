import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.evidence.dns import Absence
from mxcheck.wire.record_set import RecordSet, ZoneFile
from mxcheck.wire.zone_file import ZoneFault, parse_zone_file
from mxcheck.wire.zone_index import ZoneIndex

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
    assert zone.passed_over == ("outside.example. A, which is outside the zone",)


@pytest.mark.parametrize(
    ("text", "origin", "names"),
    [
        # An $ORIGIN further down is about what stands below it.
        ("mx A 192.0.2.1\n$ORIGIN sub\nmx A 192.0.2.2\n", "example.com", ("", "sub.")),
        ("mx A 192.0.2.1\n$ORIGIN sub.example.com.\nmx A 192.0.2.2\n", "example.com", ("", "sub.")),
        (
            "@ SOA ns h 1 2 3 4 5\nmx A 192.0.2.1\n$ORIGIN sub.example.com.\nmx A 192.0.2.2\n",
            "example.com",
            ("", "sub."),
        ),
        # As `named-compilezone -s relative` writes it.
        (
            "$ORIGIN .\nexample.com SOA ns. h. 1 2 3 4 5\n$ORIGIN example.com.\nmx A 192.0.2.1\n",
            "",
            ("",),
        ),
        ("; ours\n\n$TTL 1h\n$ORIGIN Example.COM.\nMX A 192.0.2.1\n", "", ("",)),
        ("$ORIGIN example.com.\r\nmx A 192.0.2.1\r\n", "", ("",)),
    ],
)
def test_what_tells_the_origin(text: str, origin: str, names: tuple[str, ...]) -> None:
    zone = read(text, origin)
    found = [one.name for one in zone.record_sets if one.rdtype == "A"]
    assert found == [f"mx.{name}example.com" for name in names]
    assert zone.apex in {"", "example.com"}


def test_what_signing_adds_is_left_out() -> None:
    signed = """\
example.com. 300 IN SOA ns. h. 1 2 3 4 5
example.com. 300 IN RRSIG SOA 13 2 300 20261201000000 20261101000000 1 example.com. AAAA
example.com. 300 IN DNSKEY 257 3 13 AAAA
www.example.com. 300 IN CNAME example.com.
www.example.com. 300 IN RRSIG CNAME 13 3 300 20261201000000 20261101000000 1 example.com. AAAA
www.example.com. 300 IN NSEC example.com. CNAME RRSIG NSEC
0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example.com. 300 IN NSEC3 1 0 0 - AAAAAAAA A
"""
    assert [(one.name, one.rdtype) for one in read(signed).record_sets] == [
        ("example.com", "SOA"),
        ("example.com", "DNSKEY"),
        ("www.example.com", "CNAME"),
    ]


def test_types_and_names_in_any_writing() -> None:
    zone = read(
        "MX1.Bücher.example. TYPE1 \\# 4 c0000201\n"
        "a.example. TYPE65280 \\# 2 abcd\n"
        "b.example. DNAME C.Example.\n"
    )
    assert [(one.name, one.rdtype, one.records) for one in zone.record_sets] == [
        ("mx1.xn--bcher-kva.example", "A", ("192.0.2.1",)),
        ("a.example", "TYPE65280", ("\\# 2 abcd",)),
        ("b.example", "DNAME", ("c.example",)),
    ]


def test_records_of_one_set_come_together_wherever_they_stand() -> None:
    zone = read("a.example. 60 A 192.0.2.1\nb.example. TXT x\nA.Example. 90 A 192.0.2.2\n")
    first, _ = zone.record_sets
    assert (first.records, first.ttl) == (("192.0.2.1", "192.0.2.2"), 60)


def test_a_large_file_takes_time_as_it_is_long() -> None:
    """Looking at all names for each record, this would take minutes."""
    lines = (f"h{number} A 192.0.2.1\n@ TXT t{number}\n" for number in range(10_000))
    assert len(read("".join(lines), "example.com").record_sets) == 10_001


def test_a_few_records_are_enough() -> None:
    zone = read("mx1.example.com. IN A 192.0.2.1\n")
    assert zone.apex == ""
    (only,) = zone.record_sets
    assert only == RecordSet(name="mx1.example.com", rdtype="A", records=("192.0.2.1",), ttl=0)


SOA = "$ORIGIN example.com.\n@ SOA ns h 1 2 3 4 5\n"


@pytest.mark.parametrize(
    "outside",
    [
        "mx1.example.net. A 192.0.2.9",
        "com. A 192.0.2.9",
        "notexample.com. TXT x",
        "$ORIGIN example.net.\nmx1 CNAME mx2.example.com.",
        "*.example.net. MX 10 mx.example.com.",
    ],
)
def test_what_is_outside_the_zone_is_passed_over(outside: str) -> None:
    """As name servers do."""
    zone = read(f"{SOA}{outside}\n")
    assert [(one.name, one.rdtype) for one in zone.record_sets] == [("example.com", "SOA")]
    (told,) = zone.passed_over
    assert told.endswith(", which is outside the zone")
    unapexed = read(f"$ORIGIN example.com.\n{outside}\n")
    assert (len(unapexed.record_sets), unapexed.passed_over) == (1, ())


def test_of_many_records_that_are_passed_over_a_few_are_named() -> None:
    outside = "".join(f"h{number}.example.net. A 192.0.2.1\n" for number in range(10_000))
    told = read(f"{SOA}{outside}").passed_over
    assert told[0] == "h0.example.net. A, which is outside the zone"
    assert (len(told), told[-1]) == (6, "9995 more")


@pytest.mark.parametrize(
    "record",
    [
        "x SSHFP 1 1 zz",
        "x IN SSHFP 1 1 (\n  zz ; a comment\n  00 ) more",
        "x 60 HINFO",
        "x IN 60 HINFO cpu",
        "x APL 1:192.0.2.1/99",
        "x SVCB 1 . alpn=",
        "x LOC 99 9 9 N",
        "x NSEC",
        "x TYPE44 \\# 2 zzzz",
        "x DNSKEY 257 3 13 =",
    ],
)
def test_a_record_that_cannot_be_read_spoils_nothing_if_nobody_reads_it(record: str) -> None:
    """The line behind it is read, and its name exists."""
    zone = read(f"{SOA}{record}\nmx1 A 192.0.2.1\n")
    assert [one.rdtype for one in zone.record_sets] == ["SOA", "A"]
    assert zone.other_names == ("x.example.com",)
    (told,) = zone.passed_over
    assert told.startswith("x.example.com. ")
    assert " on line 3 (" in told
    assert told.endswith(", which cannot be read")
    assert ZoneIndex.of(zone).find("x.example.com", "A") is Absence.NODATA


def test_a_name_outside_whose_record_cannot_be_read_is_none_of_the_zone() -> None:
    zone = read(f"{SOA}x.example.net. SSHFP zz\n")
    assert zone.other_names == ()
    assert not ZoneIndex.of(zone).replaces_alias("x.example.net")


@pytest.mark.parametrize("rdtype", ["A", "AAAA", "MX", "TLSA", "TXT", "NS", "CNAME", "CAA", "SOA"])
def test_a_record_that_rules_read_must_be_readable(rdtype: str) -> None:
    assert fault(f"$ORIGIN example.com.\nmx A 192.0.2.1\nx IN {rdtype} (\n").reason
    assert fault(f"$ORIGIN example.com.\nmx A 192.0.2.1\nx IN {rdtype}\n").line in {3, 4}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("mx1 IN A 192.0.2.1\n", 0, "the name mx1 is relative, and the file has no $ORIGIN"),
        ("a.example. IN A 192.0.2\n", 1, "Text input is malformed"),
        ("a.example. IN NONSENSE x\n", 1, "unknown rdatatype"),
        ("a.example. CH A 192.0.2.1\n", 1, "class"),
        ("mx1 IN SSHFP zz\n", 0, "the name mx1 is relative, and the file has no $ORIGIN"),
        ('a.example. IN HINFO "open\n', 1, ""),
        ("a.example. IN HINFO (\n", 1, ""),
        (
            "a.example. IN CNAME b.example.\na.example. IN HINFO x y\n",
            2,
            "a.example. has a CNAME record, and others beside it",
        ),
        ("$INCLUDE /etc/passwd\n", 1, "$INCLUDE' is not allowed"),
        ("$GENERATE 1-9999999 h$.example. A 192.0.2.1\n", 1, "$GENERATE' is not allowed"),
        (
            "a.example. IN CNAME b.example.\na.example. IN A 192.0.2.1\n",
            2,
            "a.example. has a CNAME record, and others beside it",
        ),
        (
            "a.example. IN A 192.0.2.1\na.example. IN CNAME b.example.\n",
            2,
            "a.example. has a CNAME record, and others beside it",
        ),
        (
            "$ORIGIN example.com.\nexample.com SOA ns h 1 2 3 4 5\n",
            0,
            "the SOA record is at example.com.example.com. and not at example.com., where the zone",
        ),
        (
            "a.example. SOA n. h. 1 2 3 4 5\nb.example. SOA n. h. 1 2 3 4 5\n",
            0,
            "at b.example. and",
        ),
        ("a.example. IN ALIAS b.example.\n", 1, "unknown rdatatype"),
        ('a.example. IN TXT "open\n', 1, ""),
        ("a..example. IN A 192.0.2.1\n", 1, "label"),
        ("a.example. IN OPT \n", 1, "it cannot be read"),
        ("$ORIGIN " + "a" * 80 + ".\n", 0, "label"),
    ],
)
def test_what_is_wrong_is_named(text: str, line: int, words: str) -> None:
    found = fault(text)
    assert words in found.reason
    assert found.reason
    assert found.line in {line, line + 1}


@given(st.text(max_size=200), st.sampled_from(["", "example.com"]))
def test_no_text_makes_it_raise(text: str, origin: str) -> None:
    assert isinstance(parse_zone_file(text, origin), ZoneFile | ZoneFault)


def test_an_interrupt_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    # dnspython wraps what is raised here, and then wraps that once more.
    monkeypatch.setattr("dns.rdtypes.ANY.MX.MX.from_text", interrupted)
    with pytest.raises(KeyboardInterrupt):
        parse_zone_file(f"$TTL 300\n{RECORDS}", "example.com")
