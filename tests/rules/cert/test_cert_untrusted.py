import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.cert.cert_untrusted import RULE
from tests.build import ADDRESS, HOST, chain_visit, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes, unknown
from tests.rules.chains import chains, der

WHERE = f"{HOST} [{ADDRESS}]:25"
TRUSTED = passes(WHERE, "leads to a trusted root")
INCOMPLETE = not_applicable("is not sent", owner="cert-chain-incomplete")


def untrusted(*words: str) -> Want:
    return fails(WHERE, "does not lead to a trusted root", *words)


WANTED = {
    "good": TRUSTED,
    "directly under the root": TRUSTED,
    "expired leaf": TRUSTED,
    "leaf not valid yet": TRUSTED,
    "no extended key usage": TRUSTED,
    "with the root": TRUSTED,
    "with an unrelated certificate": TRUSTED,
    "in the wrong order": TRUSTED,
    "with doublets": TRUSTED,
    "missing intermediate": INCOMPLETE,
    "expired, missing intermediate": INCOMPLETE,
    "directly under an unknown root": INCOMPLETE,
    "expired intermediate": untrusted("expired", "CN=Old Issuing CA"),
    "missing intermediate, an unrelated one in its place": INCOMPLETE,
    "self-signed": fails(WHERE, "is self-signed", f"CN={HOST}"),
    "self-signed, with another": fails(WHERE, "is self-signed", f"CN={HOST}"),
    "unknown root": INCOMPLETE,
    "unknown root, sent": untrusted("self-signed certificate in certificate chain"),
    "for clients only": fails(WHERE, "is not for TLS servers", "lacks serverAuth"),
    "below an authority for clients": untrusted("purpose", "CN=Client CA"),
    "below a leaf": untrusted("CN=middle.example.com"),
    "path too long": untrusted("path length"),
    "signature forged": untrusted("signature"),
    # OpenSSL takes the first certificate that fits, and never turns back.
    "cross-signed, theirs first": INCOMPLETE,
    "cross-signed, ours first": TRUSTED,
    "cross-signed, theirs alone": INCOMPLETE,
    "two paths, the expired one first": TRUSTED,
    "two paths, the expired one last": TRUSTED,
    "two paths, theirs with its root": untrusted("CN=Unknown Root CA"),
    "an expired path alone": untrusted("expired"),
    "the root cross-signed": TRUSTED,
    "the root cross-signed, the way up sent": TRUSTED,
    "the root cross-signed, and that expired": TRUSTED,
    "an expired certificate of the root": TRUSTED,
    "theirs, and an expired certificate of the root": INCOMPLETE,
    "with thirty unrelated certificates": TRUSTED,
    "with the same one thirty times": TRUSTED,
    "twelve deep": TRUSTED,
    "twelve deep, upside down": TRUSTED,
    "twelve deep, one missing": INCOMPLETE,
}


@pytest.mark.parametrize("name", chains())
def test_the_chain_leads_to_a_trusted_root(name: str) -> None:
    WANTED[name](ask_visit(RULE, chain_visit(der(chains()[name]))))


def test_the_message_says_who_minds_and_the_remedy_what_to_do() -> None:
    want = fails(
        "no policy promises it; most senders still deliver",
        'levels = { "cert-untrusted" = "warning" }',
        remedy=("public authority (for example with certbot)", "--ca-file"),
    )
    want(ask_visit(RULE, chain_visit(der(chains()["self-signed"]))))


def test_it_needs_a_certificate() -> None:
    broken = visit_until("tls", unseen(Trouble.HANDSHAKE))
    not_applicable(owner="tls-handshake-failed")(ask_visit(RULE, broken))
    unknown("cannot be read")(ask_visit(RULE, chain_visit((b"junk",))))
