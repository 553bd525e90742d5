import warnings
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mxcheck.demo.certificates import rsa_key, self_signed
from mxcheck.wire.certificate_fields import subject_public_key_info
from tests.build import OBSERVED_AT


def test_the_key_of_every_public_root() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some have odd serial numbers
        roots = x509.load_pem_x509_certificates(Path(certifi.where()).read_bytes())
    for root in roots:
        key = root.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert subject_public_key_info(root.public_bytes(Encoding.DER)) == key


def test_a_key_whose_length_takes_more_bytes() -> None:
    (leaf,) = self_signed(OBSERVED_AT, names=("a.example",), key=rsa_key(2048)).der_chain
    key = x509.load_der_x509_certificate(leaf).public_key()
    expected = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert subject_public_key_info(leaf) == expected


def element(tag: int, content: bytes) -> bytes:
    return bytes((tag, len(content))) + content


FIELDS = element(0x02, b"\1") + b"".join(element(0x30, bytes((n,))) for n in range(4))
KEY = element(0x30, b"key")


def certificate(fields: bytes) -> bytes:
    return element(0x30, element(0x30, fields))


def test_a_certificate_of_version_1_names_no_version() -> None:
    assert subject_public_key_info(certificate(FIELDS + KEY)) == KEY
    assert subject_public_key_info(certificate(element(0xA0, b"\2") + FIELDS + KEY)) == KEY


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30",
        b"junk",
        b"\x30\x80",
        b"\x30\x85\0\0\0\0\1x",
        b"\x30\x82\xff\xff\x30",
        certificate(b""),
        certificate(FIELDS),
        certificate(FIELDS + element(0x02, b"\1")),
        certificate(FIELDS[3:] + KEY + KEY),
        certificate(FIELDS + KEY)[:-1],
    ],
)
def test_what_holds_no_key(der: bytes) -> None:
    with pytest.raises(ValueError, match="certificate"):
        subject_public_key_info(der)
