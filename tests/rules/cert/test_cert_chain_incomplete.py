import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.cert.cert_chain_incomplete import RULE
from tests.build import ADDRESS, HOST, chain_visit, healthy_visit, unseen, visit_until
from tests.rules.ask import ask_visit, fails, not_applicable, passes, unknown
from tests.rules.chains import chains, der

WHERE = f"{HOST} [{ADDRESS}]:25"
INCOMPLETE = {
    "missing intermediate": "CN=Demo Issuing CA",
    "expired, missing intermediate": "CN=Demo Issuing CA",
    "directly under an unknown root": "CN=Unknown Root CA",
}


@pytest.mark.parametrize("name", chains())
def test_only_a_leaf_without_its_issuer_is_incomplete(name: str) -> None:
    answer = ask_visit(RULE, chain_visit(der(chains()[name])))
    if name not in INCOMPLETE:
        passes(WHERE, "certificate")(answer)
        return
    want = fails(
        WHERE,
        "sends only its own certificate",
        INCOMPLETE[name],
        "no policy promises it; most senders still deliver",
        'levels = { "cert-chain-incomplete" = "warning" }',
        remedy=("fullchain.pem", "--ca-file"),
    )
    want(answer)


def test_the_number_of_certificates_is_named() -> None:
    passes("sends 2 certificates")(ask_visit(RULE, healthy_visit()))
    passes("sends 1 certificate")(ask_visit(RULE, chain_visit(der(chains()["self-signed"]))))


def test_it_needs_a_certificate() -> None:
    broken = visit_until("tls", unseen(Trouble.HANDSHAKE))
    not_applicable(owner="tls-handshake-failed")(ask_visit(RULE, broken))
    unknown("cannot be read")(ask_visit(RULE, chain_visit((b"junk",))))
