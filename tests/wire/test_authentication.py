from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from mxcheck.demo.certificates import Authority, ec_key
from mxcheck.evidence.tls import Authentication
from mxcheck.wire.authentication import authentication_of
from tests.keys import rsa_key

ROOT = Authority.root(datetime(2026, 1, 1, tzinfo=UTC))
Key = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | dsa.DSAPrivateKey
)


def certificate(key: Key) -> bytes:
    name = x509.Name([])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.not_valid_before(ROOT.now).not_valid_after(ROOT.now)
    return (
        builder.public_key(key.public_key())
        .sign(ec_key(), hashes.SHA256())
        .public_bytes(Encoding.DER)
    )


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (lambda: rsa_key(1024), Authentication.RSA),
        (lambda: rsa_key(4096), Authentication.RSA),
        (ec_key, Authentication.ECDSA),
        (lambda: ec_key(ec.SECP521R1()), Authentication.ECDSA),
        (ed25519.Ed25519PrivateKey.generate, Authentication.ECDSA),
        (ed448.Ed448PrivateKey.generate, Authentication.ECDSA),
        (lambda: dsa.generate_private_key(2048), Authentication.ANY),
    ],
)
def test_the_key_tells_the_kind(key: Callable[[], Key], kind: Authentication) -> None:
    assert authentication_of(certificate(key())) is kind


@given(st.binary(max_size=200))
def test_any_bytes_have_a_kind_or_none(data: bytes) -> None:
    assert authentication_of(data) in Authentication
