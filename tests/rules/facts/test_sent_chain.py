"""A rule asked about each chain that a server presents answers with the worst."""

import pytest

from mxcheck.model.policy import Level
from mxcheck.rules.base import Answer, EndpointCase, Fail, NotApplicable, Pass, Unknown
from mxcheck.rules.facts.sent_chain import (
    PresentedChain,
    beside_path,
    chains_of,
    each_chain,
    path_of,
)
from tests.build import OBSERVED_AT, chain_visit, healthy_chain, healthy_visit
from tests.rules.ask import case_of
from tests.rules.chains import chains, der

GOOD = der(chains()["good"])
RSA = PresentedChain(certificates=GOOD, kind="RSA")
ECDSA = PresentedChain(certificates=healthy_chain(), kind="ECDSA")

PASS, NOT = Pass(message="well"), NotApplicable(message="nothing", owner="cert-expired")
FAIL = Fail(message="bad", remedy="mend")
WARNING = Fail(message="mildly bad", remedy="mend", at_most=Level.WARNING)
UNKNOWN = Unknown(message="unseen")
MILDLY_UNKNOWN = Unknown(message="half seen", at_most=Level.WARNING)
BY_WEIGHT = (FAIL, UNKNOWN, WARNING, MILDLY_UNKNOWN, NOT, PASS)


def asked(rsa: Answer | Unknown, ecdsa: Answer | Unknown) -> Answer | Unknown:
    def check(chain: PresentedChain, _: EndpointCase) -> Answer | Unknown:
        return rsa if chain is RSA else ecdsa

    return each_chain(check)((RSA, ECDSA), case_of(healthy_visit()))


@pytest.mark.parametrize("weight", range(len(BY_WEIGHT) - 1))
def test_of_two_answers_the_worse_one_counts_and_names_its_chain(weight: int) -> None:
    worse = BY_WEIGHT[weight]
    for better in BY_WEIGHT[weight + 1 :]:
        for kind, answer in (("RSA", asked(worse, better)), ("ECDSA", asked(better, worse))):
            assert type(answer) is type(worse)
            assert answer.message == f"{kind} certificate: {worse.message}"


@pytest.mark.parametrize("same", BY_WEIGHT)
def test_answers_that_weigh_the_same_are_both_told(same: Answer | Unknown) -> None:
    answer = asked(same, same)
    assert type(answer) is type(same)
    assert answer.message == f"RSA certificate: {same.message}; ECDSA certificate: {same.message}"


def test_a_server_with_one_chain_is_judged_without_naming_it() -> None:
    case = case_of(chain_visit(GOOD))
    found = chains_of(case)
    assert found == (PresentedChain(certificates=GOOD),)
    assert each_chain(lambda _, __: FAIL)(found, case) is FAIL


@pytest.mark.parametrize(
    ("name", "path", "beside"),
    [
        ("good", ("mx1.example.com", "Demo Issuing CA", "Demo Root CA"), ()),
        ("with the root", ("mx1.example.com", "Demo Issuing CA", "Demo Root CA"), ()),
        (
            "with an unrelated certificate",
            ("mx1.example.com", "Demo Issuing CA", "Demo Root CA"),
            ("other.example",),
        ),
        ("unknown root", ("mx1.example.com", "Unknown Issuing CA"), ()),
        (
            "unknown root, sent",
            ("mx1.example.com", "Unknown Issuing CA", "Unknown Root CA"),
            (),
        ),
        ("self-signed, with another", ("mx1.example.com",), ("Demo Issuing CA",)),
        (
            "the root cross-signed",
            ("mx1.example.com", "Demo Issuing CA", "Demo Root CA"),
            ("Demo Root CA",),
        ),
    ],
)
def test_the_path_and_what_is_beside_it(
    name: str, path: tuple[str, ...], beside: tuple[str, ...]
) -> None:
    chain = PresentedChain(certificates=der(chains()[name]))
    case = case_of(chain_visit(chain.certificates))
    assert case.run.observed_at == OBSERVED_AT
    on_path = path_of(chain, case)
    assert isinstance(on_path, tuple)
    assert tuple(facts.common_names[0] for facts in on_path) == path
    assert tuple(facts.common_names[0] for facts in beside_path(chain, case)) == beside
