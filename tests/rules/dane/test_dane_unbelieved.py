"""DANE, where the resolver is not believed on DNSSEC."""

from dataclasses import replace

import pytest

from mxcheck.evidence.dns import AskedResolver
from mxcheck.evidence.domain import MxHost
from mxcheck.evidence.outcome import Unseen
from mxcheck.judge.causes import answer
from mxcheck.rules.base import AnyRule
from mxcheck.rules.dane import (
    dane_insecure,
    dane_lookup_failed,
    dane_mismatch,
    dane_missing,
    dane_unusable,
)
from mxcheck.rules.facts.dnssec import VALIDATING_REMEDY
from tests.build import HOST
from tests.rules.ask import Want, fails, not_applicable, unknown
from tests.rules.dane import cases
from tests.rules.dns import states

RULES = [
    module.RULE
    for module in (dane_insecure, dane_lookup_failed, dane_unusable, dane_mismatch, dane_missing)
]
DOUBTS = [states.UNTRUSTED, states.CARELESS, states.DEAD, cases.ROOT_SIGNED]
BOTH_UNSIGNED = cases.FAILED_BELOW_UNSIGNED
FAILED_SIGNED = cases.FAILED

EACH_RULE = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
EACH_DOUBT = pytest.mark.parametrize("resolver", DOUBTS, ids=["untrusted", "ad", "dead", "signed"])


def judge(rule: AnyRule, host: MxHost, resolver: AskedResolver, want: Want) -> None:
    want(answer(rule, cases.endpoint_case(host, resolvers=(resolver,))))


@EACH_RULE
@EACH_DOUBT
@pytest.mark.parametrize(
    "host", [cases.SECURE, cases.MISMATCHED, cases.UNUSABLE, cases.INSECURE, cases.INSECURE_TLSA]
)
def test_records_and_nobody_to_say_what_they_are_worth(
    rule: AnyRule, resolver: AskedResolver, host: MxHost
) -> None:
    want = unknown(
        f"whether the TLSA records of {HOST} are DNSSEC-secure is not known",
        "resolver",
        remedy=(VALIDATING_REMEDY,),
    )
    judge(rule, host, resolver, want)


@EACH_DOUBT
@pytest.mark.parametrize("host", [cases.ABSENT, cases.ABSENT_BELOW_UNSIGNED])
def test_no_records_is_no_records_whoever_says_so(resolver: AskedResolver, host: MxHost) -> None:
    for rule in RULES[:-1]:
        judge(rule, host, resolver, not_applicable("no TLSA record", owner="dane-missing"))
    judge(dane_missing.RULE, host, resolver, fails("no TLSA record"))


@EACH_RULE
@pytest.mark.parametrize(
    ("host", "resolver"),
    [
        (cases.FAILED, states.UNTRUSTED),
        (cases.BOGUS, states.UNTRUSTED),
        (cases.FAILED, cases.ROOT_SIGNED),
        # Signatures came for nothing at all: that says nothing of the zone.
        (cases.FAILED_BELOW_UNSIGNED, states.CARELESS),
        (cases.FAILED_BELOW_UNSIGNED, states.DEAD),
    ],
)
def test_a_lookup_that_fails(rule: AnyRule, host: MxHost, resolver: AskedResolver) -> None:
    want = unknown(f"whether {HOST} has TLSA records is not known", remedy=(VALIDATING_REMEDY,))
    judge(rule, host, resolver, want)


def in_unseen_zone(host: MxHost, *, tlsa: bool) -> MxHost:
    """The host, where an override comes into a zone that was not seen."""
    lost = "the live zone example.com was not seen: SERVFAIL"
    if tlsa:
        [one] = host.tlsa
        assert not isinstance(one.lookup, Unseen)
        seen = replace(one.lookup, authenticated_data=False, zone_unseen=lost)
        return replace(host, tlsa=(replace(one, lookup=seen),))
    assert not isinstance(host.ipv4, Unseen)
    return replace(host, ipv4=replace(host.ipv4, authenticated_data=False, zone_unseen=lost))


@EACH_RULE
@pytest.mark.parametrize("tlsa", [True, False])
def test_records_that_come_into_a_zone_that_was_not_seen(rule: AnyRule, *, tlsa: bool) -> None:
    host = in_unseen_zone(cases.MISMATCHED, tlsa=tlsa)
    want = unknown(
        f"whether the TLSA records of {HOST} are DNSSEC-secure is not known: the live zone"
        " example.com was not seen: SERVFAIL",
        remedy=("delv +vtrace",),
    )
    judge(rule, host, states.VALIDATING, want)


@EACH_RULE
def test_a_lookup_that_fails_in_a_zone_that_was_not_seen(rule: AnyRule) -> None:
    """That no signatures came for its addresses says nothing of it."""
    host = in_unseen_zone(cases.FAILED_BELOW_UNSIGNED, tlsa=False)
    judge(rule, host, states.VALIDATING, unknown(f"whether {HOST} has TLSA records is not known"))


def test_no_records_in_a_zone_that_was_not_seen() -> None:
    host = in_unseen_zone(cases.ABSENT, tlsa=True)
    judge(dane_missing.RULE, host, states.VALIDATING, fails("no TLSA record"))


def test_a_lookup_that_fails_below_a_zone_without_signatures_is_nothing() -> None:
    for rule in RULES[:-1]:
        judge(
            rule,
            cases.FAILED_BELOW_UNSIGNED,
            cases.ROOT_SIGNED,
            not_applicable(owner="dane-missing"),
        )


def test_all_resolvers_must_hand_on_signatures() -> None:
    case = cases.endpoint_case(
        cases.FAILED_BELOW_UNSIGNED, resolvers=(cases.ROOT_SIGNED, states.CARELESS)
    )
    unknown("is not known")(answer(dane_lookup_failed.RULE, case))
