from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from mxcheck.demo.certificates import ec_key, rsa_key, to_pem
from mxcheck.evidence.outcome import Trouble
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail
from mxcheck.rules.cert.cert_key_weak import RULE
from mxcheck.rules.trust import TrustStore
from tests.build import (
    ADDRESS,
    HOST,
    authority,
    chain_visit,
    healthy_visit,
    root,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, ask_visit, case_of, fails, not_applicable, passes, unknown
from tests.rules.chains import certified
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


def below_weak_authority() -> tuple[bytes, ...]:
    """A good leaf below an authority with a weak key."""
    middle = replace(authority(), key=rsa_key(1024))
    certificate = certified(middle, root())
    below = replace(middle, certificate=certificate, intermediates=(certificate,))
    return below.issue(names=(HOST,), key=ec_key(ec.SECP384R1())).der_chain


def test_a_key_on_the_path_counts() -> None:
    fails("RSA 1024", "CN=Demo Issuing CA")(ask_visit(RULE, chain_visit(below_weak_authority())))


def test_the_key_of_the_root_counts_too() -> None:
    weak_root = replace(root(), key=rsa_key(1024))
    certificate = certified(weak_root, weak_root, path_length=None)
    chain = replace(weak_root, certificate=certificate).issue(names=(HOST,)).der_chain
    trusting = TrustStore(added=to_pem(certificate))
    case = replace(case_of(chain_visit(chain)), trust=trusting)
    fails("RSA 1024", "CN=Demo Root CA")(RULE.judge(case))


def test_a_weak_key_beside_the_path_is_a_warning() -> None:
    leaf = authority().issue(names=(HOST,), key=ec_key(ec.SECP384R1())).der_chain
    for beside in (below_weak_authority()[1], signed("rsa:1024")[0]):
        answer = ask_visit(RULE, chain_visit((*leaf, beside)))
        fails("senders do not need", "has a weak key: RSA 1024", remedy=("Remove it",))(answer)
        assert isinstance(answer, Fail)
        assert answer.at_most is Level.WARNING
    other_root = own_issuer("rsa:1024", "sha256")
    passes("EC secp384r1")(ask_visit(RULE, chain_visit((*leaf, *other_root))))


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
