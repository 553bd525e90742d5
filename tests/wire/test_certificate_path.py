from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import Certificate, CertificateBuilder, Name

from mxcheck.demo.certificates import PrivateKey, ec_key
from mxcheck.wire.certificate_path import certificate_path, is_signed_by
from tests.build import OBSERVED_AT, authority, root
from tests.fuzz.der import parse, with_fields
from tests.keys import rsa_key
from tests.odd_certificates import ISSUER, SUBJECT
from tests.rules.chains import certified, chains, der, issued, untrusted_root

GOOD = der(chains()["good"])
(ROOT,) = der((root().certificate,))
ROOT_NAME = root().certificate.subject
Key = PrivateKey | ed25519.Ed25519PrivateKey
(UNTRUSTED_ROOT,) = der((untrusted_root().certificate,))


def longest(leaf: bytes, *others: bytes) -> tuple[bytes, ...]:
    *_, path = certificate_path(leaf, others, OBSERVED_AT)
    return path


def test_the_path_grows_by_one() -> None:
    paths = list(certificate_path(GOOD[0], (GOOD[1], ROOT), OBSERVED_AT))
    assert paths == [GOOD[:1], GOOD, (*GOOD, ROOT)]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ((), ()),
        ((UNTRUSTED_ROOT,), ()),
        ((ROOT, GOOD[1]), (GOOD[1], ROOT)),
        ((b"junk", GOOD[1], GOOD[1]), (GOOD[1],)),
        ((GOOD[0], UNTRUSTED_ROOT, GOOD[1]), (GOOD[1],)),
    ],
)
def test_what_fits_is_found_wherever_it_stands(
    others: tuple[bytes, ...], expected: tuple[bytes, ...]
) -> None:
    assert longest(GOOD[0], *others) == (GOOD[0], *expected)


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("cross-signed, theirs first", 1),
        ("cross-signed, ours first", 1),
        ("two paths, the expired one first", 2),
        ("two paths, the expired one last", 1),
        ("an expired path alone", 1),
    ],
)
def test_of_several_issuers_the_first_that_is_valid_is_taken(name: str, taken: int) -> None:
    chain = der(chains()[name])
    assert longest(*chain)[1] == chain[taken]


def test_an_issuer_that_is_not_valid_yet_is_passed_over() -> None:
    (early,) = der((certified(authority(), root(), years=(1, 50)),))
    assert longest(GOOD[0], early, GOOD[1])[1] == GOOD[1]


def test_of_expired_issuers_the_last_to_expire_is_taken() -> None:
    early, late = (
        CertificateBuilder(
            issuer_name=ROOT_NAME,
            subject_name=authority().certificate.subject,
            public_key=authority().key.public_key(),
            serial_number=days,
            not_valid_before=OBSERVED_AT - timedelta(days=days + 1),
            not_valid_after=OBSERVED_AT - timedelta(days=days),
        ).sign(root().key, hashes.SHA256())
        for days in (20, 10)
    )
    chain = der((issued().certificate, early, late))
    assert longest(*chain)[1] == chain[2]


def test_a_leaf_that_issued_itself_has_no_issuer() -> None:
    leaf = der(chains()["self-signed"])
    assert longest(*leaf, *leaf, GOOD[1]) == leaf


def test_a_circle_comes_to_an_end() -> None:
    one, other = ec_key(), ec_key()
    names = (ROOT_NAME, untrusted_root().certificate.subject)
    there = signed_with(one, subject=names[0], issuer=names[1])
    back = signed_with(other, subject=names[1], issuer=names[0])
    circle = der((there, back))
    assert longest(circle[0], circle[1], circle[0]) == (*circle, circle[0])


def test_bytes_that_are_no_certificate_lead_nowhere() -> None:
    assert list(certificate_path(b"junk", (), OBSERVED_AT)) == []
    assert list(certificate_path(GOOD[0], (b"",), OBSERVED_AT)) == [GOOD[:1]]


def signed_with(
    key: Key,
    *,
    subject: Name = ROOT_NAME,
    issuer: Name = ROOT_NAME,
) -> Certificate:
    return CertificateBuilder(
        issuer_name=issuer,
        subject_name=subject,
        public_key=ec_key().public_key(),
        serial_number=1,
        not_valid_before=OBSERVED_AT,
        not_valid_after=OBSERVED_AT + timedelta(days=1),
    ).sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())


KEYS: dict[str, Key] = {
    "ec": ec_key(),
    "rsa": rsa_key(),
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
}
PUBLIC = {
    name: key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    for name, key in KEYS.items()
}


@pytest.mark.parametrize("signer", KEYS)
@pytest.mark.parametrize("asked", PUBLIC)
def test_who_signed(signer: str, asked: str) -> None:
    (certificate,) = der((signed_with(KEYS[signer]),))
    assert is_signed_by(certificate, PUBLIC[asked]) is (signer == asked)


def test_another_key_of_the_same_kind_did_not_sign() -> None:
    (certificate,) = der((signed_with(ec_key()),))
    assert not is_signed_by(certificate, PUBLIC["ec"])


def test_junk_neither_signs_nor_is_signed() -> None:
    assert not is_signed_by(b"junk", PUBLIC["ec"])
    assert not is_signed_by(GOOD[0], b"junk")


@pytest.mark.parametrize("field", [ISSUER, SUBJECT])
def test_a_name_that_cannot_be_read_leads_nowhere(field: int) -> None:
    fields = parse(GOOD[0])[0].inside[0].inside
    broken = replace(fields[field], inside=(), content=b"junk")
    odd = with_fields(GOOD[0], *fields[:field], broken, *fields[field + 1 :])
    assert longest(odd, *GOOD) == ((odd,) if field == ISSUER else (odd, GOOD[1]))
    assert longest(GOOD[0], odd, GOOD[1]) == GOOD
