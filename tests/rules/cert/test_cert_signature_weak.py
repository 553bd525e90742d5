import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail
from mxcheck.rules.cert.cert_signature_weak import RULE
from tests.build import (
    ADDRESS,
    HOST,
    chain_visit,
    healthy_chain,
    root,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown
from tests.rules.chains import der, untrusted_root
from tests.rules.weak import below_weak_intermediate, issue, own_issuer, signed

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
    other = own_issuer("rsa:2048", "sha1")
    passes("sha256")(ask_visit(RULE, chain_visit((LEAF, ISSUING, *other))))
    passes("self-issued")(ask_visit(RULE, chain_visit(other)))
    (in_store,) = der((root().certificate,))
    passes("sha256")(ask_visit(RULE, chain_visit((LEAF, ISSUING, in_store))))


def crossed(digest: str) -> tuple[bytes, bytes, bytes]:
    """A leaf, the certificate of its authority, and another one by a root that no store has."""
    middle = root().issue_intermediate("Weakly Signed CA")
    leaf, own = middle.issue(names=(HOST,)).der_chain
    return leaf, own, issue(untrusted_root(), middle, digest).der_chain[0]


def test_a_signature_that_no_path_needs_is_a_warning() -> None:
    leaf, own, cross = crossed("sha1")
    (unrelated,) = issue(untrusted_root(), "rsa:2048", "sha1", "other.example").der_chain
    for chain in ((leaf, own, cross), (leaf, own, unrelated), (leaf, unrelated, own)):
        answer = ask_visit(RULE, chain_visit(chain))
        fails("senders do not need, and that is signed with SHA-1", remedy=("Remove it",))(answer)
        assert isinstance(answer, Fail)
        assert answer.at_most is Level.WARNING
    passes("sha256")(ask_visit(RULE, chain_visit((leaf, own, crossed("sha256")[2]))))


def test_the_same_signature_on_the_path_that_senders_take_is_an_error() -> None:
    leaf, _, cross = crossed("sha1")
    answer = ask_visit(RULE, chain_visit((leaf, cross)))
    fails("SHA-1: CN=Weakly Signed CA, by CN=Unknown Root CA")(answer)
    assert isinstance(answer, Fail)
    assert answer.at_most is Level.ERROR


def test_what_has_no_digest_or_none_that_is_known() -> None:
    odd = LEAF.replace(ECDSA_SHA256, bytes.fromhex("06082a8648ce3d04030f"))
    assert odd != LEAF
    passes("1.2.840.10045.4.3.15")(ask_visit(RULE, chain_visit((odd, ISSUING))))


def rsa_signed(digest: str) -> bytes:
    """A certificate that an RSA key signed, whose subject is made another than its issuer."""
    (own,) = own_issuer("rsa:2048", digest)
    location = own.rindex(HOST.encode())
    return own[:location] + b"other.example.." + own[location + len(HOST) :]


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
