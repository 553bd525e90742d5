"""Pins that break at a renewal; the authority of the tests is a public one here, unless told."""

from dataclasses import replace

import pytest

from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.overrides import OverrideChain
from mxcheck.judge.causes import answer
from mxcheck.rules.base import Fail
from mxcheck.rules.dane.dane_pin_fragile import RULE
from mxcheck.rules.facts import dane_pins
from mxcheck.rules.trust import TrustStore
from tests.build import (
    ADDRESS,
    HOST,
    authority,
    chain_visit,
    evidence_of,
    healthy_chain,
    root,
    trust,
    unseen,
    visit_until,
)
from tests.rules.ask import Want, fails, not_applicable, passes, unknown
from tests.rules.chains import certified, der, untrusted_root
from tests.rules.dane import cases
from tests.rules.dane.cases import NAME, STALE, endpoint_case, host_with, record, text_of, tlsa
from tests.rules.dns import states

LEAF, ISSUER = healthy_chain(HOST)
ROOT = der((root().certificate,))[0]
CROSS_SIGNED = der((certified(root(), untrusted_root(), path_length=1),))[0]
WHOLE = (LEAF, ISSUER, ROOT)


@pytest.fixture(autouse=True)
def public_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dane_pins, "TrustStore", trust)


def pinned(*records: tuple[int, int, bytes], stale: str = "") -> MxHost:
    texts = [text_of(record(usage, selector, of=of)) for usage, selector, of in records]
    return host_with(tlsa(*texts, *([stale] if stale else [])))


def judge(host: MxHost, want: Want, chain: tuple[bytes, ...] = (LEAF, ISSUER)) -> None:
    want(answer(RULE, endpoint_case(host, chain_visit(chain))))


@pytest.mark.parametrize(
    ("host", "want"),
    [
        (pinned((3, 1, LEAF)), passes(NAME, "outlives a renewal with the same key")),
        (pinned((3, 0, LEAF)), fails("3 0 1", "about one certificate", remedy=("3 1 1",))),
        (pinned((3, 0, LEAF), stale=STALE), fails("3 0 1", remedy=(f"Publish `{NAME}.",))),
        (pinned((3, 0, LEAF), (3, 1, LEAF)), passes()),
        (pinned((3, 0, LEAF), (2, 1, ISSUER)), fails("3 0 1", "2 1 1", "an intermediate of a")),
        (pinned((2, 0, ISSUER)), fails("2 0 1", "public authority, which may sign with another")),
        (pinned((2, 1, ISSUER)), fails("2 1 1", remedy=("keep the key", "`--reuse-key`"))),
        (pinned((2, 1, ISSUER), (3, 1, LEAF)), passes()),
    ],
)
def test_pins(host: MxHost, want: Want) -> None:
    judge(host, want)


@pytest.mark.parametrize("selector", [0, 1])
def test_a_root_stays(selector: int) -> None:
    judge(pinned((2, selector, ROOT)), passes(), WHOLE)


@pytest.mark.parametrize(("selector", "want"), [(1, passes()), (0, fails("2 0 1"))])
def test_a_root_that_is_cross_signed_stays_by_its_key(selector: int, want: Want) -> None:
    judge(pinned((2, selector, CROSS_SIGNED)), want, (LEAF, ISSUER, CROSS_SIGNED))


@pytest.mark.parametrize("selector", [0, 1])
def test_a_private_authority_does_what_its_owner_wants(
    selector: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dane_pins, "TrustStore", TrustStore)
    judge(pinned((2, selector, ISSUER)), passes())


def test_one_address_is_enough_to_break() -> None:
    other = authority().issue(names=(HOST,)).der_chain
    host = replace(pinned((3, 1, LEAF), (3, 0, other[0])), addresses=(ADDRESS, "203.0.114.26"))
    case = endpoint_case(host)
    second = replace(chain_visit(other), address="203.0.114.26")
    case = replace(case, run=evidence_of(case.visit, second, domain=case.domain))
    answered = answer(RULE, case)
    assert isinstance(answered, Fail)
    assert "3 0 1" in answered.message
    assert text_of(record(of=other[0])) in answered.remedy


def test_a_chain_that_is_about_to_be_deployed() -> None:
    chain = OverrideChain(chain=(LEAF, ISSUER), overrides=("--cert-file x",))
    host = replace(pinned((3, 0, LEAF)), chain=chain)
    silent = visit_until("connection", unseen(Trouble.TIMEOUT))
    fails("3 0 1")(answer(RULE, endpoint_case(host, silent)))


@pytest.mark.parametrize(
    ("host", "want"),
    [
        (cases.MISMATCHED, not_applicable("was seen to match")),
        (cases.UNUSABLE, not_applicable("was seen to match")),
        (cases.ABSENT, not_applicable("has no TLSA record", owner="dane-missing")),
        (cases.INSECURE, not_applicable("not DNSSEC-secure", owner="dane-insecure")),
        (cases.FAILED, not_applicable(owner="dane-lookup-failed")),
        (cases.WITHOUT_ADDRESS, not_applicable(owner="mx-unresolvable")),
        (cases.UNASKED, unknown("were not asked for")),
    ],
)
def test_without_a_match_there_is_nothing_to_judge(host: MxHost, want: Want) -> None:
    want(cases.ask(RULE, host, domain=states.SECURE))
