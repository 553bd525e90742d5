import dns.name
import dns.rdata
import pytest

from mxcheck.wire.record_text import name_text, record_text


@pytest.mark.parametrize(
    ("rdtype", "text", "want"),
    [
        ("MX", "10 MX1.Example.COM.", "10 mx1.example.com"),
        ("MX", "0 .", "0 ."),
        ("PTR", "Mail.Example.COM.", "mail.example.com"),
        ("A", "192.0.2.1", "192.0.2.1"),
        ("TXT", '"v=STSv1; " "id=1"', '"v=STSv1; " "id=1"'),
    ],
)
def test_a_record_in_presentation_format(rdtype: str, text: str, want: str) -> None:
    assert record_text(dns.rdata.from_text("IN", rdtype, text)) == want


@pytest.mark.parametrize(("name", "want"), [("A.Example.", "a.example"), (".", ".")])
def test_a_name(name: str, want: str) -> None:
    assert name_text(dns.name.from_text(name)) == want


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, 64, 400])
@pytest.mark.parametrize("matching_type", [0, 1, 2, 9])
def test_a_tlsa_record_is_read_whatever_its_length(size: int, matching_type: int) -> None:
    wire = bytes([3, 1, matching_type]) + b"\xaa" * size
    rdata = dns.rdata.from_wire("IN", "TLSA", wire, 0, len(wire))
    assert record_text(rdata) == f"3 1 {matching_type} {'aa' * size}"
