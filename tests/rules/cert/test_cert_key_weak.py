import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from mxcheck.demo.certificates import ec_key, rsa_key
from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.cert.cert_key_weak import RULE
from tests.build import (
    ADDRESS,
    HOST,
    authority,
    chain_visit,
    healthy_visit,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown
from tests.rules.weak import own_issuer, signed

WHERE = f"{HOST} [{ADDRESS}]:25"


def weak(key: str) -> Want:
    return fails(WHERE, "weak key", key, f"CN={HOST}", remedy=("RSA 2048 or EC P-256",))


@pytest.mark.parametrize(
    ("key", "want"),
    [
        ("rsa:512", weak("RSA 512, 2048 bits are wanted")),
        ("rsa:1024", weak("RSA 1024, 2048 bits are wanted")),
        ("rsa:2047", weak("RSA 2047")),
        ("rsa:2048", passes(WHERE, "RSA 2048")),
        ("rsa:3072", passes("RSA 3072")),
        ("rsa-pss", passes("RSA 2048")),
        ("ec prime192v1", weak("EC secp192r1, 224 bits are wanted")),
        ("ec secp224r1", passes("EC secp224r1")),
        ("ec prime256v1", passes("EC secp256r1")),
        ("ec brainpoolP256r1", passes("EC brainpoolP256r1")),
        ("ed25519", passes("Ed25519")),
        ("ed448", passes("Ed448")),
        ("ec secp160r1", unknown(WHERE, "cannot be judged: unreadable")),
    ],
)
def test_the_key_is_long_enough(key: str, want: Want) -> None:
    want(ask_visit(RULE, chain_visit(signed(key))))


def test_a_self_signed_certificate_has_a_key_too() -> None:
    weak("RSA 1024")(ask_visit(RULE, chain_visit(own_issuer("rsa:1024", "sha256"))))


def test_a_key_further_up_counts_and_that_of_a_root_does_not() -> None:
    leaf = authority().issue(names=(HOST,), key=ec_key(ec.SECP384R1())).der_chain[0]
    middle = signed("rsa:1024")[0]
    weak("RSA 1024")(ask_visit(RULE, chain_visit((leaf, middle))))
    root = own_issuer("rsa:1024", "sha256")
    passes("EC secp384r1")(ask_visit(RULE, chain_visit((leaf, *root))))


def test_the_sizes_that_are_made_today() -> None:
    for key in (rsa_key(2048), ec_key()):
        chain = authority().issue(names=(HOST,), key=key).der_chain
        passes()(ask_visit(RULE, chain_visit(chain)))


def test_it_needs_certificates_that_can_be_read() -> None:
    broken = visit_until("tls", unseen(Trouble.HANDSHAKE), hellos=())
    not_applicable(owner="tls-handshake-failed")(ask_visit(RULE, broken))
    unknown("cannot be read")(ask_visit(RULE, chain_visit((b"junk",))))
    unknown("cannot be read")(ask_visit(RULE, chain_visit((signed()[0], b"junk"))))
    unknown("no certificate")(ask_visit(RULE, chain_visit(())))
    passes()(ask_visit(RULE, healthy_visit()))
