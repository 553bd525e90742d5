"""DNS text: names, records and TLSA data, held against dnspython and the RFCs."""

import re
from hashlib import sha256, sha512

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from dns.rdtypes.ANY.TXT import TXT
from hypothesis import example, given
from hypothesis import strategies as st

from mxcheck.evidence.dns import Answer
from mxcheck.wire.mx import parse_mx
from mxcheck.wire.record_text import name_text, record_text
from mxcheck.wire.resolv_conf import vouches_for
from mxcheck.wire.tlsa import (
    MalformedTlsa,
    TlsaRecord,
    matches,
    parse_tlsa,
    recommended_record,
    usable_records,
    why_unusable,
)
from mxcheck.wire.tlsa_rdata import AnyTLSA
from mxcheck.wire.txt import parse_txt
from tests.build import healthy_chain

IN = dns.rdataclass.IN
LABELS = st.binary(min_size=1, max_size=12) | st.sampled_from([b"mx1", b"_25", b"A", b"*"])
NAMES = st.lists(LABELS, max_size=4).map(lambda labels: dns.name.Name([*labels, b""]))
OCTETS = st.integers(0, 255)
TLSA = st.builds(
    TlsaRecord,
    usage=OCTETS | st.sampled_from([2, 3]),
    selector=OCTETS | st.sampled_from([0, 1]),
    matching_type=OCTETS | st.sampled_from([0, 1, 2]),
    data=st.binary(max_size=70) | st.sampled_from([bytes(32), bytes(64), *healthy_chain()]),
)


@given(NAMES)
def test_a_name_is_read_as_it_was_written(name: dns.name.Name) -> None:
    text = name_text(name)
    assert dns.name.from_text(text) == name
    assert text.isascii()
    assert text.isprintable()
    assert text == text.lower()
    assert not any(character.isspace() for character in text)


def of_type(rdtype: str, data: bytes) -> dns.rdata.Rdata | None:
    """A record of these bytes, as one might come over the wire."""
    try:
        return dns.rdata.from_wire(IN, dns.rdatatype.from_text(rdtype), data, 0, len(data))
    except dns.exception.DNSException:
        return None


@given(
    st.sampled_from(["MX", "PTR", "CNAME", "A", "AAAA", "TXT", "SOA", "NS", "TLSA", "TYPE65280"]),
    st.binary(max_size=40),
    NAMES,
)
def test_a_record_is_read_as_it_was_written(rdtype: str, data: bytes, name: dns.name.Name) -> None:
    prefix = data[:2].ljust(2, b"\0") if rdtype == "MX" else b""
    named = prefix + name.to_digestable() if rdtype in {"MX", "PTR", "CNAME", "NS"} else data
    rdata = of_type(rdtype, named)
    if rdata is None or (rdtype == "TLSA" and len(data) == 3):
        return  # dnspython writes TLSA records without data, and does not read them
    text = record_text(rdata)
    assert text.isascii()
    assert text.isprintable()
    assert dns.rdata.from_text(IN, rdata.rdtype, text, dns.name.root, relativize=False) == rdata


@given(TLSA)
def test_a_tlsa_record_is_read_as_it_was_written(record: TlsaRecord) -> None:
    octets = bytes((record.usage, record.selector, record.matching_type))
    rdata = of_type("TLSA", octets + record.data)
    assert isinstance(rdata, AnyTLSA)
    assert parse_tlsa(record_text(rdata)) == record
    # dnspython's own form has the data in pieces.
    assert parse_tlsa(rdata.to_text()) == record
    assert parse_tlsa(f" {rdata.to_text().upper()}\t") == record
    assert len(str(record)) < 200


CHAIN = healthy_chain()


def association(selector: int, matching_type: int, certificate: bytes) -> bytes:
    """What RFC 6698 2.1 says that a record holds, as cryptography and hashlib make it."""
    data = certificate
    if selector == 1:
        key = x509.load_der_x509_certificate(certificate).public_key()
        data = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return {0: data, 1: sha256(data).digest(), 2: sha512(data).digest()}[matching_type]


@st.composite
def fitting(draw: st.DrawFn) -> TlsaRecord:
    """A record about a certificate of the chain, or nearly."""
    selector, matching_type = draw(st.integers(0, 1)), draw(st.integers(0, 2))
    data = association(selector, matching_type, draw(st.sampled_from(CHAIN)))
    return TlsaRecord(
        usage=draw(st.sampled_from([3, 3, 3, 3, 2, 1, 0, 4, 255])),
        selector=draw(st.sampled_from([selector, selector, 2])),
        matching_type=draw(st.sampled_from([matching_type, matching_type, 3])),
        data=draw(
            st.sampled_from([data, data, data, data, data[:-1], data + b"\0", bytes(len(data))])
        ),
    )


def is_usable(record: TlsaRecord) -> bool:
    """RFC 7672 3.1 and RFC 6698 4.1."""
    if record.usage not in {2, 3} or record.selector > 1 or record.matching_type > 2:
        return False
    if record.matching_type:
        return len(record.data) == {1: 32, 2: 64}[record.matching_type]
    loads = {0: x509.load_der_x509_certificate, 1: load_der_public_key}
    try:
        loads[record.selector](record.data)
    except ValueError:
        return False
    return True


@given(st.lists(fitting() | TLSA, max_size=6))
def test_what_senders_use_of_tlsa_records(records: list[TlsaRecord]) -> None:
    usable = [record for record in records if is_usable(record)]
    kinds = [(one.usage, one.selector, one.matching_type) for one in usable]
    # RFC 7671 9: of digests for one usage and selector the strongest counts, and full data always.
    assert usable_records(records) == tuple(
        one for one in usable if one.matching_type != 1 or (one.usage, one.selector, 2) not in kinds
    )
    assert [not why_unusable(record) for record in records] == list(map(is_usable, records))
    for record in usable:
        for certificate in CHAIN:
            data = association(record.selector, record.matching_type, certificate)
            assert matches(record, certificate) == (record.data == data)


@given(st.sampled_from(CHAIN), st.lists(fitting(), max_size=3))
def test_the_record_that_is_recommended_counts(
    certificate: bytes, beside: list[TlsaRecord]
) -> None:
    recommended = recommended_record(certificate, usable_records(beside))
    assert matches(recommended, certificate)
    assert recommended in usable_records([*beside, recommended])


WORDS = st.sampled_from(
    ["3", "1", "0", "255", "256", "-1", "+1", "1_0", "٣", "03", "a", "ab", "abc"]
)


NEARLY = st.tuples(WORDS, WORDS, WORDS, st.sampled_from(["", "ab", "AB cd", "abc"])).map(" ".join)


@given(NEARLY | st.lists(WORDS, max_size=6).map(" ".join) | st.text(max_size=30))
@example("3 1 256 ab")
@example("٣ 1 1 ab")
@example("3 1 " + "9" * 5000)
def test_only_three_octets_and_hexadecimal_data_are_a_tlsa_record(text: str) -> None:
    parsed = parse_tlsa(text)
    numbers, data = text.split()[:3], "".join(text.split()[3:])
    octets = len(numbers) == 3 and all(
        re.fullmatch("0*[0-9]{1,3}", number) and int(number) < 256 for number in numbers
    )
    if octets and re.fullmatch("([0-9a-fA-F]{2})*", data):
        assert isinstance(parsed, TlsaRecord)
        assert [parsed.usage, parsed.selector, parsed.matching_type] == list(map(int, numbers))
        assert parsed.data.hex() == data.lower()
    else:
        assert isinstance(parsed, MalformedTlsa)
        assert (parsed.text, bool(why_unusable(parsed))) == (text, True)


@given(st.lists(st.binary(max_size=255), min_size=1, max_size=4))
def test_the_text_of_a_txt_record_is_its_strings(strings: list[bytes]) -> None:
    rdata = TXT(IN, dns.rdatatype.TXT, strings)
    assert parse_txt(record_text(rdata)).encode("latin-1") == b"".join(strings)


EXCHANGES = st.sampled_from(["a.example", "b.example", "c.example", "."])


@given(st.lists(st.tuples(st.integers(0, 65535) | st.just(10), EXCHANGES), max_size=6))
def test_mx_hosts_come_in_the_order_in_which_senders_try_them(pairs: list[tuple[int, str]]) -> None:
    records = tuple(f"{preference} {exchange}" for preference, exchange in pairs)
    hosts = parse_mx(Answer(owner="example.com", records=records))
    assert list(hosts.values()) == sorted(hosts.values())
    assert hosts == {
        name: min(preference for preference, exchange in pairs if exchange == name)
        for _, name in pairs
    }


@given(st.lists(st.sampled_from(["options", "trust-ad", "nameserver", " ", "\n", "\n#", "edns0"])))
def test_trust_ad_is_an_option_of_its_own(words: list[str]) -> None:
    text = "".join(f"{word} " for word in words)
    lines = [line.split() for line in text.split("\n")]
    assert vouches_for(f"nameserver 192.0.2.1\n{text}", "192.0.2.1") == any(
        bool(line) and line[0] == "options" and "trust-ad" in line[1:] for line in lines
    )
