import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.demo.certificates import ec_key, rsa_key, self_signed
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.rules.trust import Trusted, Untrusted
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from tests.build import HOST, OBSERVED_AT, authority, healthy_chain, trust

LEAF, ISSUER = healthy_chain()
NAMED = authority().issue(names=("MX1.Example.com", "mail.example.com", "192.0.2.1"))
CLIENT, SERVER = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
ANY, CODE = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE, ExtendedKeyUsageOID.CODE_SIGNING


def facts(der: bytes) -> CertificateFacts:
    seen = parse_certificate(der)
    assert isinstance(seen, CertificateFacts)
    return seen


def test_the_facts_of_a_leaf() -> None:
    assert facts(LEAF) == CertificateFacts(
        subject=f"CN={HOST}",
        issuer="CN=Demo Issuing CA",
        not_before=datetime(2026, 1, 1, 12, tzinfo=UTC),
        not_after=datetime(2026, 4, 1, 12, tzinfo=UTC),
        dns_names=(HOST,),
        common_names=(HOST,),
        key="EC secp256r1",
        key_bits=256,
        signature="sha256",
        sha256=hashlib.sha256(LEAF).hexdigest(),
        for_servers=True,
    )
    assert not facts(LEAF).self_issued


def test_names_are_in_lower_case_and_addresses_are_no_names() -> None:
    assert facts(NAMED.der_chain[0]).dns_names == (HOST, "mail.example.com")


def test_a_certificate_without_a_san() -> None:
    assert facts(authority().issue(common_name=HOST).der_chain[0]).dns_names == ()


def test_an_authority() -> None:
    issuer = facts(ISSUER)
    assert issuer.subject == "CN=Demo Issuing CA"
    assert issuer.dns_names == ()
    assert issuer.for_servers


def test_a_self_signed_certificate_is_self_issued() -> None:
    assert facts(self_signed(OBSERVED_AT, names=(HOST,)).der_chain[0]).self_issued


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


@pytest.mark.parametrize(
    ("usages", "for_servers"),
    [
        ((), True),
        ((SERVER,), True),
        ((CLIENT, SERVER), True),
        ((ANY,), True),
        ((CLIENT,), False),
        ((CODE, CLIENT), False),
    ],
)
def test_extended_key_usages(
    usages: tuple[x509.ObjectIdentifier, ...],
    for_servers: bool,  # noqa: FBT001 - a table
) -> None:
    issued = authority().issue(names=(HOST,), usages=usages)
    assert facts(issued.der_chain[0]).for_servers is for_servers


def test_dates_are_in_utc() -> None:
    issued = authority().issue(names=(HOST,), not_after=timedelta(hours=5))
    assert facts(issued.der_chain[0]).not_after == datetime(2026, 1, 31, 17, tzinfo=UTC)


SAN = bytes([0x82, len(HOST)]) + HOST.encode()
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
        LEAF.replace(bytes.fromhex("a003020102"), bytes.fromhex("a003020105"), 1),
        LEAF.replace(SAN, b"\xa5" + SAN[1:]),  # an EDIPartyName, which cryptography does not know
        LEAF.replace(SAN, b"\xa3" + SAN[1:]),  # an x400Address
        LEAF.replace(SAN, b"\x87" + SAN[1:]),  # an address of fifteen bytes
        LEAF.replace(HOST.encode(), b"\xff" + HOST.encode()[1:]),
    ],
)
def test_what_cannot_be_read(der: bytes) -> None:
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
    assert isinstance(trust().verify(chain, OBSERVED_AT), Trusted | Untrusted)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_certificate_or_malformed(der: bytes) -> None:
    assert isinstance(parse_certificate(der), Unseen)
