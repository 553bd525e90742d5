import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.wire.dkim_key import DkimKey, parse_key, select_key
from mxcheck.wire.malformed import Malformed
from tests.keys import dkim_p, rsa_key

ED25519 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="  # the example of RFC 8463


def pkcs1() -> str:
    public = rsa_key().public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.PKCS1)).decode()


def framed(key: ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey) -> str:
    info = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(info).decode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"v=DKIM1; k=rsa; p={dkim_p()}", "RSA 2048"),
        (f"p={dkim_p()}", "RSA 2048"),
        (f"v=DKIM1; p={pkcs1()}", "RSA 2048"),
        (f"k=rsa; t=s; p={dkim_p(1024)}", "RSA 1024"),
        (f"v=DKIM1; h=sha1:sha256; s=*; n=note; p={dkim_p()}", "RSA 2048"),
        (f"v=DKIM1; s=email:x; p={dkim_p()[:60]} {dkim_p()[60:]}", "RSA 2048"),
        (f"v=DKIM1; k=ed25519; p={ED25519}", "Ed25519"),
    ],
)
def test_keys_are_read(text: str, shown: str) -> None:
    key = parse_key(text)
    assert isinstance(key, DkimKey), key
    assert key.shown == shown
    assert not key.is_revoked
    assert not key.testing


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"p={dkim_p()}; v=DKIM1", "as the first tag, or none"),
        (f"v=DKIM2; p={dkim_p()}", "wanted v=DKIM1"),
        ("v=DKIM1; k=rsa", "it has no p="),
        (f"v=DKIM1; k=dsa; p={dkim_p()}", "wanted k=rsa or k=ed25519, got 'dsa'"),
        (f"v=DKIM1; h=sha1; p={dkim_p()}", "but not sha256"),
        (f"v=DKIM1; h=; p={dkim_p()}", "but not sha256"),
        (f"v=DKIM1; s=tlsrpt; p={dkim_p()}", "not for mail"),
        (f"v=DKIM1; t=y,s; p={dkim_p()}", "wanted flags such as y"),
        ("v=DKIM1; p=###", "p= is not base64"),
        (f"v=DKIM1; p={dkim_p()[:-1]}", "was cut off"),
        (f"v=DKIM1; p={dkim_p()[:200]}", "cut off, or no key"),
        (f"v=DKIM1; p={ED25519}", "k=ed25519 is missing"),
        (f"v=DKIM1; k=ed25519; p={dkim_p()}", "got another kind of key"),
        ("v=DKIM1; k=ed25519; p=AAAA", "wanted the 32 bytes"),
        ("v=DKIM1; p", "wanted name=value"),
        (f"v=DKIM1; p={dkim_p()}; p={dkim_p()}", "more than once"),
    ],
)
def test_what_no_signature_can_be_verified_with(text: str, reason: str) -> None:
    key = parse_key(text)
    assert isinstance(key, Malformed)
    assert reason in key.reason


def test_an_ed25519_key_in_the_frame_of_openssl_is_unpacked_in_the_message() -> None:
    public = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(ED25519))
    key = parse_key(f"v=DKIM1; k=ed25519; p={framed(public)}")
    assert isinstance(key, Malformed)
    assert f"the key alone is {ED25519}" in key.reason


def test_a_key_of_another_kind_is_not_rsa() -> None:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = parse_key(f"v=DKIM1; p={framed(public)}")
    assert isinstance(key, Malformed)
    assert "another kind" in key.reason


def test_flags() -> None:
    revoked, testing = parse_key("v=DKIM1; p="), parse_key(f"v=DKIM1; t=y:s; p={dkim_p()}")
    assert isinstance(revoked, DkimKey)
    assert revoked.is_revoked
    assert isinstance(testing, DkimKey)
    assert testing.testing
    assert testing.text_without_testing == f"v=DKIM1; t=s; p={dkim_p()}"
    alone = parse_key(f"v=DKIM1; t=y; p={dkim_p()}")
    assert isinstance(alone, DkimKey)
    assert alone.text_without_testing == f"v=DKIM1; p={dkim_p()}"


def test_several_records_are_no_key() -> None:
    several = select_key(["v=DKIM1; p=", "v=DKIM1; p="])
    assert isinstance(several, Malformed)
    assert "2 TXT records" in several.reason
    assert select_key([]) is None


@given(st.text(max_size=80), st.binary(max_size=40))
def test_any_text_is_read(text: str, key: bytes) -> None:
    for one in (text, f"v=DKIM1; {text}", f"p={base64.b64encode(key).decode()}"):
        assert isinstance(parse_key(one), DkimKey | Malformed)
