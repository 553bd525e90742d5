"""Chains about to be deployed, as people have them in files."""

import re
from datetime import UTC, datetime

import pytest

from mxcheck.config.chain_file import read_chain
from mxcheck.demo.certificates import Authority, self_signed, to_pem

NOW = datetime.now(UTC)
ROOT = Authority.root(NOW)
ISSUED = ROOT.issue_intermediate().issue(names=("mx1.example.com",))
LEAF, ABOVE, TOP = map(to_pem, (*ISSUED.chain, ROOT.certificate))
MIXED_UP = (
    "begins with the authority CN=Demo Root CA, and servers send the first certificate as their"
    " own: put that of the server (CN=mx1.example.com) first, then what issued it"
)
OWN = self_signed(NOW, names=("mx1.example.com",))


@pytest.mark.parametrize(
    ("data", "length"),
    [
        (LEAF + ABOVE, 2),
        (LEAF, 1),
        (LEAF + TOP + ABOVE, 3),
        (ISSUED.key_pem + LEAF + ABOVE, 2),
        (LEAF + ABOVE + ISSUED.key_pem, 2),
        (b"subject=mx1\n\n" + LEAF.replace(b"\n", b"\r\n") + b"issuer\n" + ABOVE, 2),
        (OWN.chain_pem, 1),
    ],
)
def test_what_a_server_can_send(data: bytes, length: int) -> None:
    chain = read_chain(data)
    assert len(chain) == length
    assert chain[0] in {ISSUED.der_chain[0], OWN.der_chain[0]}
    assert ISSUED.key_pem not in chain


def test_an_authority_of_its_own_may_be_a_server_too() -> None:
    """`openssl req -x509` makes such a certificate, unless told."""
    (only,) = read_chain(TOP)
    assert only


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (TOP + ABOVE + LEAF, MIXED_UP),
        (ABOVE + LEAF, "begins with the authority CN=Demo Issuing CA, and servers send the first"),
        (
            ABOVE,
            "CN=Demo Issuing CA, and holds no certificate of a server: give the whole chain",
        ),
        (ABOVE + TOP, "holds no certificate of a server"),
        (ISSUED.der_chain[0], "is a certificate in DER, where PEM is wanted: `openssl x509 -in"),
        (ISSUED.key_pem, "contains no PEM certificate that can be read"),
        (LEAF[:-40], "contains no PEM certificate that can be read"),
        (b"", "contains no PEM certificate that can be read"),
    ],
)
def test_what_no_server_can_send(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        read_chain(data)
