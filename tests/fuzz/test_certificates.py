"""Certificates as no honest authority makes them, held against cryptography."""

import hashlib
import warnings
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from cryptography.utils import CryptographyDeprecationWarning
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.demo.certificates import PrivateKey, ec_key
from mxcheck.evidence.outcome import Unseen
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from mxcheck.wire.certificate_fields import subject_public_key_info
from mxcheck.wire.certificate_path import certificate_path, is_signed_by
from tests.build import HOST, OBSERVED_AT, authority, root
from tests.fuzz.der import mutants, parse
from tests.keys import rsa_key
from tests.rules.chains import chains, der

EC_LEAF = authority().issue(names=(HOST, "*.example.com", "192.0.2.1"))
RSA_LEAF = authority().issue(names=(HOST,), key=rsa_key())
HEALTHY = (
    *EC_LEAF.der_chain,
    RSA_LEAF.der_chain[0],
    *der((root().certificate,)),
    *(one for chain in chains().values() for one in der(chain)),
)
MUTANTS = mutants(HEALTHY)


@pytest.mark.parametrize("certificate", HEALTHY)
def test_a_certificate_is_put_together_as_it_was_taken_apart(certificate: bytes) -> None:
    (node,) = parse(certificate)
    assert node.encode() == certificate
    key = x509.load_der_x509_certificate(certificate).public_key()
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert subject_public_key_info(certificate) == info


NAMES = st.lists(
    st.from_regex(r"(\*\.)?[a-zA-Z0-9-]{1,9}\.(Example|b)", fullmatch=True), min_size=1, max_size=4
)
KEYS = st.sampled_from([(ec_key(), "EC secp256r1", 256), (rsa_key(), "RSA 2048", 2048)])


@given(NAMES, st.integers(1, 5000), st.integers(1, 5000), KEYS)
def test_facts_are_those_that_were_certified(
    names: list[str], before: int, after: int, key: tuple[PrivateKey, str, int]
) -> None:
    begin, end = timedelta(hours=-before), timedelta(hours=after)
    issued = authority().issue(names=names, not_before=begin, not_after=end, key=key[0])
    facts = parse_certificate(issued.der_chain[0])
    assert isinstance(facts, CertificateFacts)
    assert facts.dns_names == tuple(name.lower() for name in names)
    assert facts.common_names == (names[0],)
    assert (facts.not_before, facts.not_after) == (OBSERVED_AT + begin, OBSERVED_AT + end)
    assert (facts.key, facts.key_bits) == key[1:]
    assert facts.sha256 == hashlib.sha256(issued.der_chain[0]).hexdigest()
    assert not facts.self_issued


@given(MUTANTS)
def test_any_certificate_has_facts_or_cannot_be_read(certificate: bytes) -> None:
    facts = parse_certificate(certificate)
    if isinstance(facts, Unseen):
        assert len(facts.detail) < 400
        return
    assert isinstance(facts, CertificateFacts)
    if not isinstance(facts.dns_names, Unseen):
        assert all(name == name.lower() for name in facts.dns_names)
    for date in (facts.not_before, facts.not_after):
        assert isinstance(date, Unseen) or date.tzinfo is not None
    assert len(facts.key) < 60
    assert len(facts.signature) < 400


@given(MUTANTS | st.binary(max_size=60))
def test_the_public_key_of_any_certificate_is_the_one_that_cryptography_reads(
    certificate: bytes,
) -> None:
    try:
        info = subject_public_key_info(certificate)
    except ValueError:
        info = b""
    assert info in certificate
    try:
        with warnings.catch_warnings(action="ignore", category=CryptographyDeprecationWarning):
            key = x509.load_der_x509_certificate(certificate).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        return
    assert load_der_public_key(info) == key


def vouches(issuer: bytes, subject: bytes) -> bool:
    """Whether cryptography says that one signed the other."""
    above = x509.load_der_x509_certificate(issuer)
    try:
        x509.load_der_x509_certificate(subject).verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


@given(st.sampled_from(HEALTHY), st.sampled_from(HEALTHY))
def test_signatures_are_those_that_cryptography_sees(issuer: bytes, subject: bytes) -> None:
    signed = is_signed_by(subject, subject_public_key_info(issuer))
    if vouches(issuer, subject):
        assert signed
    elif signed:
        # cryptography wants the names to fit too; a signature is about the key alone.
        above, below = map(x509.load_der_x509_certificate, (issuer, subject))
        assert above.subject != below.issuer


@given(st.lists(st.sampled_from(HEALTHY) | MUTANTS, min_size=1, max_size=6))
def test_a_path_grows_through_what_was_sent(sent: list[bytes]) -> None:
    paths = list(certificate_path(sent[0], sent[1:], OBSERVED_AT))
    for number, path in enumerate(paths, start=1):
        assert len(path) == number
        assert path[: number - 1] == (paths[number - 2] if number > 1 else ())
        assert all(path.count(one) <= sent.count(one) for one in path)
    assert all(path[0] == sent[0] for path in paths)
    if not isinstance(parse_certificate(sent[0]), Unseen):
        assert paths


@given(MUTANTS, st.sampled_from(HEALTHY), st.binary(max_size=80))
def test_no_certificate_and_no_key_make_checking_a_signature_fail(
    mutant: bytes, healthy: bytes, junk: bytes
) -> None:
    key = subject_public_key_info(healthy)
    for certificate, info in ((mutant, key), (healthy, junk), (mutant, junk)):
        assert is_signed_by(certificate, info) in {True, False}
    changed = healthy[:-1] + bytes((healthy[-1] ^ 1,))
    assert not is_signed_by(changed, key)
