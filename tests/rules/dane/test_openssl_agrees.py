"""Trust anchors and leaves, side by side with OpenSSL, which Postfix and Exim ask."""

from datetime import datetime
from itertools import product

import pytest

from mxcheck.judge.causes import answer
from mxcheck.rules.base import Pass
from mxcheck.rules.dane.dane_mismatch import RULE
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from mxcheck.wire.tlsa import CERT, DANE_TA, TlsaRecord
from tests.build import HOST, OBSERVED_AT, chain_visit, root
from tests.rules.chains import chains, der, untrusted_root
from tests.rules.dane.cases import endpoint_case, host_with, record, text_of, tlsa
from tests.rules.dane.openssl import openssl_authenticates
from tests.rules.dns import states

PARAMETERS = ((3, 0, 1), (3, 1, 1), (2, 0, 1), (2, 1, 2), (2, 0, 0), (2, 1, 0))
LOOKED_AT = 6  # of the certificates of a chain, with which records are made
ROOTS = der((root().certificate, untrusted_root().certificate))


def matched(one: TlsaRecord, chain: tuple[bytes, ...]) -> bool:
    host = host_with(tlsa(text_of(one)))
    case = endpoint_case(host, chain_visit(chain), domain=states.INSECURE)
    return isinstance(answer(RULE, case), Pass)


def is_expired(certificate: bytes) -> bool:
    facts = parse_certificate(certificate)
    assert isinstance(facts, CertificateFacts)
    assert isinstance(facts.not_after, datetime)
    return facts.not_after < OBSERVED_AT


@pytest.mark.parametrize("name", chains())
def test_the_rule_and_openssl_agree(name: str) -> None:
    chain = der(chains()[name])
    for whose, parameters in product((*chain[:LOOKED_AT], *ROOTS), PARAMETERS):
        one = record(*parameters, of=whose)
        theirs = openssl_authenticates((one,), chain, (HOST,), OBSERVED_AT)
        # OpenSSL overlooks the date of an anchor that did not issue itself; others do not.
        if one.usage == DANE_TA and theirs and not matched(one, chain):
            assert any(map(is_expired, chain[1:]))
            continue
        assert matched(one, chain) is theirs, one


@pytest.mark.parametrize(
    ("names", "parameters"),
    [(("x.invalid",), (2, CERT, 1)), ((HOST,), (2, CERT, 1)), (("x.invalid",), (3, 1, 1))],
)
def test_openssl_is_asked_as_senders_ask_it(
    names: tuple[str, ...], parameters: tuple[int, int, int]
) -> None:
    chain = der(chains()["good"])
    one = record(*parameters, of=chain[1] if parameters[0] == DANE_TA else chain[0])
    expected = names == (HOST,) or parameters[0] != DANE_TA
    assert openssl_authenticates((one,), chain, names, OBSERVED_AT) is expected
