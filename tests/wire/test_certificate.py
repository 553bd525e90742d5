import hashlib
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.demo.certificates import ec_key, rsa_key, self_signed
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.rules.trust import Trusted, Untrusted, Unverified
from mxcheck.wire.certificate import CertificateFacts, KeyUsages, parse_certificate
from mxcheck.wire.certificate_extensions import AuthorityKey
from tests.build import HOST, OBSERVED_AT, authority, healthy_chain, trust
from tests.fuzz.der import Node
from tests.odd_certificates import BIT_STRING, SEQUENCE, sequence

LEAF, ISSUER = healthy_chain()
NAMED = authority().issue(names=("MX1.Example.com", "mail.example.com", "192.0.2.1"))


def facts(der: bytes) -> CertificateFacts:
    seen = parse_certificate(der)
    assert isinstance(seen, CertificateFacts)
    return seen


def test_the_facts_of_a_leaf() -> None:
    seen = facts(LEAF)
    assert (seen.subject, seen.issuer) == (f"CN={HOST}", "CN=Demo Issuing CA")
    assert seen.not_before == datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert seen.not_after == datetime(2026, 4, 1, 12, tzinfo=UTC)
    assert (seen.dns_names, seen.common_names) == ((HOST,), (HOST,))
    assert (seen.key, seen.key_bits) == ("EC secp256r1", 256)
    assert (seen.signature, seen.signature_key) == ("sha256", "EC")
    assert seen.sha256 == hashlib.sha256(LEAF).hexdigest()
    assert seen.is_authority is False
    assert seen.usages == KeyUsages(extended=("1.3.6.1.5.5.7.3.1",), key=0x80)
    assert not seen.self_issued
    assert seen.unread is None


def test_names_are_in_lower_case_and_addresses_are_no_names() -> None:
    assert facts(NAMED.der_chain[0]).dns_names == (HOST, "mail.example.com")


def test_a_certificate_without_a_san() -> None:
    assert facts(authority().issue(common_name=HOST).der_chain[0]).dns_names == ()


def test_an_authority() -> None:
    issuer = facts(ISSUER)
    assert issuer.subject == "CN=Demo Issuing CA"
    assert issuer.dns_names == ()
    assert issuer.is_authority is True
    assert issuer.usages == KeyUsages(key=0x06)
    leaf = facts(LEAF)
    assert isinstance(leaf.authority_key, AuthorityKey)
    assert leaf.authority_key.key_id == issuer.key_id


def test_a_self_signed_certificate_is_self_issued() -> None:
    assert facts(self_signed(OBSERVED_AT, names=(HOST,)).der_chain[0]).self_issued


def test_the_facts_of_every_public_root_are_those_that_cryptography_reads() -> None:
    with warnings.catch_warnings(action="ignore"):
        for root in x509.load_pem_x509_certificates(Path(certifi.where()).read_bytes()):
            seen = facts(root.public_bytes(Encoding.DER))
            assert seen.subject == root.subject.rfc4514_string()
            assert seen.issuer == root.issuer.rfc4514_string()
            assert seen.not_before == root.not_valid_before_utc
            assert seen.not_after == root.not_valid_after_utc
            assert root.signature_hash_algorithm
            assert seen.signature == root.signature_hash_algorithm.name
            assert seen.self_issued
            assert seen.is_authority is True
            assert seen.unread is None


@pytest.mark.parametrize(
    ("key", "described"),
    [
        (ec_key(), "EC secp256r1"),
        (ec_key(ec.SECP384R1()), "EC secp384r1"),
        (rsa_key(2048), "RSA 2048"),
        (rsa_key(1024), "RSA 1024"),
    ],
)
def test_keys(key: ec.EllipticCurvePrivateKey, described: str) -> None:
    assert facts(authority().issue(names=(HOST,), key=key).der_chain[0]).key == described


def test_dates_are_in_utc() -> None:
    issued = authority().issue(names=(HOST,), not_after=timedelta(hours=5))
    assert facts(issued.der_chain[0]).not_after == datetime(2026, 1, 31, 17, tzinfo=UTC)


KEY_TYPE, OTHER_KEY_TYPE = bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a8648ce3d020f")
CURVE, OTHER_CURVE = bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d03010f")
SIGNATURE = bytes.fromhex("2a8648ce3d040302")
OTHER_SIGNATURE = bytes.fromhex("2a8648ce3d04030f")


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"junk",
        LEAF[:-1],
        LEAF + b"x",
        LEAF.replace(b"\x06\x08" + SIGNATURE, b"\x05\x08" + SIGNATURE)[:40],
        sequence(),
        sequence(Node(SEQUENCE, b""), Node(SEQUENCE, b""), Node(BIT_STRING, b"\0")),
    ],
    ids=range(7),  # the bytes of a certificate are others in each process
)
def test_what_is_not_built_like_a_certificate(der: bytes) -> None:
    assert der != LEAF
    seen = parse_certificate(der)
    assert isinstance(seen, Unseen)
    assert seen.trouble is Trouble.MALFORMED
    assert "cannot be read" in seen.detail


@pytest.mark.parametrize(
    "der",
    [LEAF.replace(KEY_TYPE, OTHER_KEY_TYPE), LEAF.replace(CURVE, OTHER_CURVE)],
    ids=["key type", "curve"],
)
def test_a_key_of_an_unknown_kind(der: bytes) -> None:
    assert der != LEAF
    assert facts(der).key == "unreadable"


def test_a_signature_of_an_unknown_kind() -> None:
    assert facts(LEAF.replace(SIGNATURE, OTHER_SIGNATURE)).signature == "1.2.840.10045.4.3.15"


@given(st.integers(0, len(LEAF) - 1), st.integers(0, 255), st.booleans())
def test_any_byte_may_be_another(location: int, value: int, above: bool) -> None:  # noqa: FBT001
    der = bytearray(ISSUER if above else LEAF)
    der[location % len(der)] = value
    assert isinstance(parse_certificate(bytes(der)), CertificateFacts | Unseen)
    chain = (LEAF, bytes(der)) if above else (bytes(der), ISSUER)
    assert isinstance(trust().verify(chain, OBSERVED_AT), Trusted | Untrusted | Unverified)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_certificate_or_malformed(der: bytes) -> None:
    assert isinstance(parse_certificate(der), Unseen)
