import hashlib

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxcheck.demo.certificates import Issued, self_signed
from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.wire.certificate_fields import subject_public_key_info
from mxcheck.wire.tlsa import (
    MalformedTlsa,
    TlsaRecord,
    matches,
    parse_tlsa,
    parse_tlsa_records,
    recommended_record,
    usable_records,
    why_unusable,
)
from tests.build import OBSERVED_AT

ISSUED: Issued = self_signed(OBSERVED_AT, names=("mx1.example.com",))
OTHER: Issued = self_signed(OBSERVED_AT, names=("mx1.example.com",))
(LEAF,), (OTHER_LEAF,) = ISSUED.der_chain, OTHER.der_chain
KEY = ISSUED.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
SHA256, SHA512 = "ab" * 32, "cd" * 64


def of(usage: int, selector: int, matching_type: int, data: bytes) -> TlsaRecord:
    return TlsaRecord(usage=usage, selector=selector, matching_type=matching_type, data=data)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 1 1 abcd", of(3, 1, 1, b"\xab\xcd")),
        ("2 0 0 AB cd EF", of(2, 0, 0, b"\xab\xcd\xef")),
        ("255 255 255 00", of(255, 255, 255, b"\0")),
        ("  3\t1 1   ab\n", of(3, 1, 1, b"\xab")),
        ("3 1 1", of(3, 1, 1, b"")),
    ],
)
def test_presentation_format(text: str, expected: TlsaRecord) -> None:
    assert parse_tlsa(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "3", "3 1", "three 1 1 ab", "3 1 1 a", "3 1 1 xyz", "256 1 1 ab", "-3 1 1 ab"),
        *("+3 1 1 ab", "3 1_0 1 ab", "٣ 1 1 ab", "\\# 4 030101ab"),
    ],
)
def test_what_is_no_record(text: str) -> None:
    parsed = parse_tlsa(text)
    assert isinstance(parsed, MalformedTlsa)
    assert str(parsed) == text
    assert why_unusable(parsed)
    assert usable_records((parsed,)) == ()


def test_the_records_of_a_lookup() -> None:
    answer = Answer(owner="x", records=("3 1 1 ab", "junk"))
    first, second = parse_tlsa_records(answer)
    assert (str(first), str(second)) == ("3 1 1 ab", "junk")
    assert parse_tlsa_records(Absent(absence=Absence.NODATA)) == ()


def test_long_data_is_cut_short() -> None:
    assert str(of(3, 1, 2, bytes.fromhex(SHA512))) == f"3 1 2 {SHA512}"
    assert str(of(2, 0, 0, bytes(65))) == f"2 0 0 {'00' * 64}… (65 bytes)"


@pytest.mark.parametrize(
    ("record", "why"),
    [
        (f"3 1 1 {SHA256}", ""),
        (f"3 0 2 {SHA512}", ""),
        (f"2 0 1 {SHA256}", ""),
        (f"2 1 2 {SHA512}", ""),
        (f"3 0 0 {LEAF.hex()}", ""),
        (f"2 1 0 {KEY.hex()}", ""),
        (f"0 0 1 {SHA256}", "usage 0 is not used for mail: senders use 2 and 3"),
        (f"1 1 1 {SHA256}", "usage 1 is not used for mail: senders use 2 and 3"),
        (f"4 1 1 {SHA256}", "usage 4 is unknown"),
        (f"255 1 1 {SHA256}", "usage 255 is unknown"),
        (f"3 2 1 {SHA256}", "selector 2 is unknown"),
        (f"3 1 3 {SHA256}", "matching type 3 is unknown"),
        ("3 1 1", "its data is 0 bytes long, and a SHA-256 digest is 32"),
        (f"3 1 1 {SHA512}", "its data is 64 bytes long, and a SHA-256 digest is 32"),
        (f"3 1 2 {SHA256}", "its data is 32 bytes long, and a SHA-512 digest is 64"),
        ("3 1 1 abcd", "its data is 2 bytes long, and a SHA-256 digest is 32"),
        (f"3 0 0 {SHA256}", "its data is not a certificate that can be read"),
        (f"3 0 0 {KEY.hex()}", "its data is not a certificate that can be read"),
        (f"3 0 0 {LEAF.hex()}00", "its data is not a certificate that can be read"),
        (f"3 1 0 {LEAF.hex()}", "its data is not a public key that can be read"),
        ("3 1 0", "its data is not a public key that can be read"),
    ],
)
def test_what_senders_can_use(record: str, why: str) -> None:
    assert why_unusable(parse_tlsa(record)) == why


@pytest.mark.parametrize(
    ("records", "left"),
    [
        (("3 1 1", "3 1 1"), ("3 1 1", "3 1 1")),
        (("3 1 1", "3 1 2"), ("3 1 2",)),
        (("3 1 2", "3 1 1", "3 1 0"), ("3 1 2", "3 1 0")),
        # Each usage and selector by itself.
        (("3 1 1", "3 0 2", "2 1 2"), ("3 1 1", "3 0 2", "2 1 2")),
        # What cannot be used does not put the weaker one aside.
        (("3 1 1", "3 1 3"), ("3 1 1",)),
        (("1 1 2", "3 1 1"), ("3 1 1",)),
    ],
)
def test_of_the_digests_only_the_strongest_counts(
    records: tuple[str, ...], left: tuple[str, ...]
) -> None:
    data = {"0": KEY.hex(), "1": SHA256, "2": SHA512, "3": SHA512}
    published = [parse_tlsa(f"{record} {data[record[-1]]}") for record in records]
    assert tuple(record.parameters for record in usable_records(published)) == left


def test_a_digest_of_the_wrong_length_does_not_put_the_weaker_one_aside() -> None:
    published = (parse_tlsa(f"3 1 1 {SHA256}"), parse_tlsa("3 1 2 abcd"))
    assert usable_records(published) == published[:1]


@pytest.mark.parametrize("usage", [2, 3])
@pytest.mark.parametrize(("selector", "selected"), [(0, LEAF), (1, KEY)], ids=["cert", "spki"])
def test_a_record_and_a_certificate(usage: int, selector: int, selected: bytes) -> None:
    for matching_type, data in enumerate(
        (selected, hashlib.sha256(selected).digest(), hashlib.sha512(selected).digest())
    ):
        record = of(usage, selector, matching_type, data)
        assert why_unusable(record) == ""
        assert matches(record, LEAF)
        assert not matches(record, OTHER_LEAF)
        assert not matches(of(usage, 1 - selector, matching_type, data), LEAF)


def test_bytes_that_are_no_certificate_match_nothing_by_their_key() -> None:
    assert not matches(of(3, 1, 1, hashlib.sha256(b"").digest()), b"")
    assert not matches(of(3, 1, 0, KEY), b"junk")


def test_the_record_that_the_rfc_recommends() -> None:
    record = recommended_record(LEAF)
    assert (record.parameters, record.data) == ("3 1 1", hashlib.sha256(KEY).digest())
    assert subject_public_key_info(LEAF) == KEY
    assert matches(record, LEAF)


@pytest.mark.parametrize(
    ("beside", "parameters"),
    [("3 1 2", "3 1 2"), ("3 0 2", "3 1 1"), ("2 1 2", "3 1 1"), ("3 1 0", "3 1 1")],
)
def test_a_weaker_digest_than_one_beside_it_would_not_count(beside: str, parameters: str) -> None:
    published = parse_tlsa(f"{beside} {SHA512}")
    assert isinstance(published, TlsaRecord)
    record = recommended_record(LEAF, [published])
    assert record.parameters == parameters
    assert matches(record, LEAF)
    assert record in usable_records([published, record])
