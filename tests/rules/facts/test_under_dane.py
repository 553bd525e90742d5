"""Rules about certificates, where TLSA records authenticate the server all the same."""

from datetime import timedelta

import pytest

from mxcheck.catalogue import documentation
from mxcheck.demo.certificates import self_signed
from mxcheck.evidence.dns import AskedResolver
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.causes import answer
from mxcheck.model.policy import Level
from mxcheck.rules.base import AnyRule, Fail
from mxcheck.rules.cert import (
    cert_chain_incomplete,
    cert_expired,
    cert_expiring,
    cert_name_mismatch,
    cert_not_yet_valid,
    cert_untrusted,
)
from mxcheck.rules.facts.dnssec import VALIDATING_REMEDY
from tests.build import HOST, OBSERVED_AT, authority, chain_visit, healthy_visit
from tests.rules.ask import Answered, fails, not_applicable, passes, unknown
from tests.rules.chains import chains, der, untrusted_root
from tests.rules.dane import cases
from tests.rules.dane.cases import STALE, endpoint_case, host_with, record, text_of, tlsa
from tests.rules.dns import states

DAY = timedelta(days=1)


def dated(begins: int, ends: int) -> tuple[bytes, ...]:
    made = authority().issue(names=(HOST,), not_before=begins * DAY, not_after=ends * DAY)
    return made.der_chain


BAD = {
    "cert-name-mismatch": authority().issue(names=("other.example",)).der_chain,
    "cert-chain-incomplete": der(chains()["missing intermediate"]),
    "cert-untrusted": self_signed(OBSERVED_AT, names=(HOST,)).der_chain,
    "cert-expired": dated(-93, -3),
    "cert-not-yet-valid": dated(3, 93),
    "cert-expiring": dated(-85, 5),
}
RULES = {
    module.RULE.id: module.RULE
    for module in (
        cert_name_mismatch,
        cert_chain_incomplete,
        cert_untrusted,
        cert_expired,
        cert_not_yet_valid,
        cert_expiring,
    )
}
DATES = ("cert-expired", "cert-not-yet-valid", "cert-expiring")
SATISFIED = tuple(rule for rule in RULES if rule not in DATES)


def end_entity(
    chain: tuple[bytes, ...], *, secure: bool = True, signed_host: bool = True
) -> MxHost:
    """A host whose record matches the leaf."""
    answer = tlsa(text_of(record(of=chain[0])), secure=secure)
    return host_with(answer, secure=signed_host)


def judge(
    rule: str, host: MxHost, visit: Visit | None = None, resolver: AskedResolver = states.VALIDATING
) -> Answered:
    asked: AnyRule = RULES[rule]
    return answer(
        asked, endpoint_case(host, visit or chain_visit(BAD[rule]), resolvers=(resolver,))
    )


@pytest.mark.parametrize("rule", SATISFIED)
def test_a_record_of_the_leaf_satisfies(rule: str) -> None:
    passes("the TLSA record 3 1 1", "authenticates")(judge(rule, end_entity(BAD[rule])))


@pytest.mark.parametrize("rule", DATES)
def test_under_a_record_of_the_leaf_dates_warn_at_most(rule: str) -> None:
    answer = judge(rule, end_entity(BAD[rule]))
    fails("Senders that use DANE do not look at the date: the TLSA record 3 1 1")(answer)
    assert isinstance(answer, Fail)
    assert answer.at_most is Level.WARNING


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "host",
    [cases.ABSENT, cases.FAILED, cases.UNUSABLE, cases.UNASKED, host_with(tlsa(STALE))],
    ids=["absent", "failed", "unusable", "unasked", "stale"],
)
def test_else_the_web_decides(rule: str, host: MxHost) -> None:
    answer = judge(rule, host)
    fails()(answer)
    assert isinstance(answer, Fail)
    assert answer.at_most is Level.ERROR


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(("secure", "signed_host"), [(False, True), (True, False), (False, False)])
def test_records_that_are_not_secure_change_nothing(
    rule: str, *, secure: bool, signed_host: bool
) -> None:
    host = end_entity(BAD[rule], secure=secure, signed_host=signed_host)
    answer = judge(rule, host)
    assert isinstance(answer, Fail)
    assert answer.at_most is Level.ERROR


@pytest.mark.parametrize("rule", RULES)
def test_records_that_may_be_secure_leave_it_open(rule: str) -> None:
    want = unknown("matches a TLSA record", "is not known", remedy=(VALIDATING_REMEDY,))
    want(judge(rule, end_entity(BAD[rule]), resolver=states.UNTRUSTED))
    fails()(judge(rule, host_with(tlsa(STALE)), resolver=states.UNTRUSTED))
    fails()(judge(rule, cases.FAILED, resolver=states.UNTRUSTED))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("resolver", [states.VALIDATING, states.UNTRUSTED])
def test_what_passes_by_itself_is_left_alone(rule: str, resolver: AskedResolver) -> None:
    answer = judge(rule, cases.SECURE, healthy_visit(), resolver)
    passes()(answer)
    assert "TLSA" not in answer.message


def test_a_trust_anchor_satisfies_trust_and_nothing_else() -> None:
    below = untrusted_root().issue_intermediate("Unknown Issuing CA").issue(names=(HOST,)).der_chain
    host = host_with(tlsa(text_of(record(2, 0, of=below[1]))))
    passes("the TLSA record 2 0 1")(judge("cert-untrusted", host, chain_visit(below)))

    whole = host_with(tlsa(text_of(record(2, 0, 0, of=der(chains()["good"])[1]))))
    lacking = chain_visit(der(chains()["missing intermediate"]))
    passes("2 0 0")(judge("cert-chain-incomplete", whole, lacking))

    # Names and dates count below an anchor, and then it does not match (RFC 7672 3.1.2).
    for rule in ("cert-name-mismatch", *DATES[:2]):
        anchored = host_with(tlsa(text_of(record(2, 0, of=BAD[rule][1]))))
        fails()(judge(rule, anchored))


def test_a_server_that_is_authenticated_fails_neither_of_two_rules_that_share_a_cause() -> None:
    chain = BAD["cert-chain-incomplete"]
    passes("TLSA")(judge("cert-untrusted", end_entity(chain), chain_visit(chain)))
    not_applicable(owner="cert-chain-incomplete")(
        judge("cert-untrusted", cases.ABSENT, chain_visit(chain))
    )
    not_applicable(owner="cert-chain-incomplete")(
        judge("cert-untrusted", end_entity(chain), chain_visit(chain), states.UNTRUSTED)
    )
    expired = BAD["cert-expired"]
    not_applicable(owner="cert-expired")(
        judge("cert-expiring", end_entity(expired), chain_visit(expired))
    )


@pytest.mark.parametrize("rule", RULES)
def test_the_documentation_is_still_that_of_the_rule(rule: str) -> None:
    text = documentation(RULES[rule])
    assert "## Why it matters" in text
    assert "DANE" in text
