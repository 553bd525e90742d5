import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.cert.cert_signature_weak import RULE
from tests.build import (
    ADDRESS,
    HOST,
    chain_visit,
    healthy_chain,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown
from tests.rules.weak import below_weak_intermediate, own_issuer, signed

WHERE = f"{HOST} [{ADDRESS}]:25"
ISSUER = "CN=Demo Issuing CA"
LEAF, ISSUING = healthy_chain()
# ecdsa-with-SHA256 and what it becomes when the object identifier is another of its length.
ECDSA_SHA256 = bytes.fromhex("06082a8648ce3d040302")


def weak(algorithm: str) -> Want:
    return fails(
        WHERE,
        f"signed with {algorithm}: CN={HOST}, by {ISSUER}",
        remedy=("signed with SHA-256",),
    )


@pytest.mark.parametrize(
    ("digest", "want"),
    [
        ("sha1", weak("SHA-1")),
        ("sha224", passes(WHERE, "sha224")),
        ("sha256", passes(WHERE, "sha256")),
        ("sha512", passes("sha512")),
    ],
)
def test_the_signature_is_strong(digest: str, want: Want) -> None:
    want(ask_visit(RULE, chain_visit(signed("rsa:2048", digest))))


def test_a_signature_further_up_counts() -> None:
    want = fails("SHA-1: CN=Weakly Signed CA", f"by {ISSUER}")
    want(ask_visit(RULE, chain_visit(below_weak_intermediate("sha1"))))


def test_the_signature_of_a_root_does_not_count() -> None:
    root = own_issuer("rsa:2048", "sha1")
    passes("sha256")(ask_visit(RULE, chain_visit((LEAF, ISSUING, *root))))
    passes("vouches for itself")(ask_visit(RULE, chain_visit(root)))


def test_what_has_no_digest_or_none_that_is_known() -> None:
    odd = LEAF.replace(ECDSA_SHA256, bytes.fromhex("06082a8648ce3d04030f"))
    assert odd != LEAF
    passes("1.2.840.10045.4.3.15")(ask_visit(RULE, chain_visit((odd, ISSUING))))


def rsa_signed(digest: str) -> bytes:
    """A certificate that an RSA key signed, whose subject is made another than its issuer."""
    (der,) = own_issuer("rsa:2048", digest)
    location = der.rindex(HOST.encode())
    return der[:location] + b"other.example.." + der[location + len(HOST) :]


SHA256_WITH_RSA = bytes.fromhex("06092a864886f70d01010b")


@pytest.mark.parametrize(("last", "name"), [(2, "MD2"), (3, "MD4"), (4, "MD5"), (5, "SHA-1")])
def test_digests_by_the_number_of_the_algorithm(last: int, name: str) -> None:
    signed_well = rsa_signed("sha256")
    changed = signed_well.replace(SHA256_WITH_RSA, SHA256_WITH_RSA[:-1] + bytes((last,)))
    assert changed != signed_well
    passes("sha256")(ask_visit(RULE, chain_visit((signed_well, ISSUING))))
    fails(f"signed with {name}")(ask_visit(RULE, chain_visit((changed, ISSUING))))


def test_md5_as_it_is_made() -> None:
    fails("signed with MD5")(ask_visit(RULE, chain_visit((rsa_signed("md5"), ISSUING))))


def test_it_needs_certificates_that_can_be_read() -> None:
    broken = visit_until("tls", unseen(Trouble.HANDSHAKE), hellos=())
    not_applicable(owner="tls-handshake-failed")(ask_visit(RULE, broken))
    unknown("cannot be read")(ask_visit(RULE, chain_visit((b"junk",))))
    unknown("cannot be read")(ask_visit(RULE, chain_visit((LEAF, b"junk"))))
