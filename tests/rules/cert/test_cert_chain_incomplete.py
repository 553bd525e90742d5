import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.cert.cert_chain_incomplete import RULE
from tests.build import ADDRESS, HOST, chain_visit, healthy_visit, unseen, visit_until
from tests.rules.ask import ask_visit, fails, not_applicable, passes, unknown
from tests.rules.chains import chains, der

WHERE = f"{HOST} [{ADDRESS}]:25"
ALONE = "sends only its own certificate"
FULL = ("fullchain.pem", "--ca-file")
REMOVE = ("Remove the certificate of CN=Demo Issuing CA by CN=Unknown Root CA",)
INCOMPLETE = {
    "missing intermediate": (ALONE, "CN=Demo Issuing CA", FULL),
    "expired, missing intermediate": (ALONE, "CN=Demo Issuing CA", FULL),
    "directly under an unknown root": (ALONE, "CN=Unknown Root CA", FULL),
    "missing intermediate, an unrelated one in its place": (
        "1 lead up to CN=mx1.example.com (CN=other.example did not issue it)",
        "CN=Demo Issuing CA",
        FULL,
    ),
    "unknown root": ("2 lead up to CN=Unknown Issuing CA", "CN=Unknown Root CA", FULL),
    "cross-signed, theirs first": ("2 lead up to CN=Demo Issuing CA", "CN=Unknown Root CA", REMOVE),
    "cross-signed, theirs alone": ("2 lead up to CN=Demo Issuing CA", "CN=Unknown Root CA", FULL),
    "theirs, and an expired certificate of the root": (
        "2 lead up to CN=Demo Issuing CA",
        "CN=Unknown Root CA",
        FULL,
    ),
    "twelve deep, one missing": ("6 lead up to CN=Level 7 CA", "CN=Level 6 CA", FULL),
}


@pytest.mark.parametrize("name", chains())
def test_a_chain_that_breaks_off_is_incomplete_however_long_it_is(name: str) -> None:
    answer = ask_visit(RULE, chain_visit(der(chains()[name])))
    if name not in INCOMPLETE:
        passes(WHERE, "no certificate is missing")(answer)
        return
    seen, missing, remedy = INCOMPLETE[name]
    want = fails(
        f"{WHERE} {seen}" if seen.startswith("sends") else WHERE,
        seen,
        f"that of the issuer ({missing}) is neither sent nor in the trust store",
        "no policy promises it; most senders still deliver",
        'levels = { "cert-chain-incomplete" = "warning" }',
        remedy=remedy,
    )
    want(answer)


def test_the_issuer_may_be_in_the_trust_store() -> None:
    passes("no certificate is missing")(ask_visit(RULE, healthy_visit()))
    alone = der(chains()["directly under the root"])
    passes("no certificate is missing")(ask_visit(RULE, chain_visit(alone)))


def test_it_needs_a_certificate() -> None:
    broken = visit_until("tls", unseen(Trouble.HANDSHAKE))
    not_applicable(owner="tls-handshake-failed")(ask_visit(RULE, broken))
    unknown("cannot be read")(ask_visit(RULE, chain_visit((b"junk",))))
