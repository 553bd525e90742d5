"""What a waiver covers."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Greeting
from mxcheck.judge.verdict import Conclusion, Outcome
from mxcheck.judge.waiving import waiver_notes
from mxcheck.model.policy import Level
from mxcheck.model.waivers import Waiver, Waivers
from tests.build import (
    ADDRESS,
    DOMAIN,
    HOST,
    domain_of,
    expired_visit,
    healthy_host,
    reply,
    unseen,
    visit_until,
)
from tests.judge.judging import (
    FAIL,
    PASS,
    PLAIN,
    TODAY,
    TURNED_AWAY,
    UNKNOWN,
    judge,
    result_of,
    waiver,
)


@pytest.mark.parametrize(
    ("waivers", "conclusion"),
    [
        ((waiver("starttls-missing"),), PASS),
        ((waiver("starttls-missing", domain=DOMAIN, mx=HOST, address=ADDRESS),), PASS),
        ((waiver("starttls-missing", mx="mx2.example.com"),), FAIL),
        ((waiver("starttls-missing", domain="example.net"),), FAIL),
        ((waiver("starttls-missing", date(2026, 1, 30)),), FAIL),
        ((waiver("starttls-missing", date(2026, 1, 30)), waiver("starttls-missing")), PASS),
        ((waiver("cert-expired"),), FAIL),
    ],
)
def test_a_waiver_covers_a_failure(waivers: tuple[Waiver, ...], conclusion: Conclusion) -> None:
    verdict = judge(PLAIN, waivers=waivers)
    result = result_of(verdict, "starttls-missing")
    assert result.outcome is Outcome.FAIL
    assert (result.waiver is not None) is (conclusion is PASS)
    assert verdict.conclusion is conclusion


def test_a_waiver_covers_an_unknown_and_counts_as_judged() -> None:
    waivers = (waiver("smtp-greeting-bad"),)
    verdict = judge(TURNED_AWAY, waivers=waivers, select=("smtp-greeting-bad",))
    assert result_of(verdict, "smtp-greeting-bad").waiver is waivers[0]
    assert verdict.conclusion is PASS


def test_a_waiver_covers_one_rule_alone() -> None:
    verdict = judge(expired_visit(), waivers=(waiver("cert-expired"),))
    assert result_of(verdict, "cert-expired").waiver
    assert result_of(verdict, "cert-name-mismatch").blocks
    assert verdict.conclusion is FAIL


def test_a_pass_needs_no_waiver() -> None:
    verdict = judge(waivers=(waiver("starttls-missing"),))
    assert result_of(verdict, "starttls-missing").waiver is None


@pytest.mark.parametrize(
    ("waivers", "notes"),
    [
        ((waiver("starttls-missing"),), ()),
        (
            (waiver("starttls-missing", date(2026, 1, 30)),),
            ("mxcheck.toml:9: the waiver of starttls-missing ran out on 2026-01-30",),
        ),
        ((waiver("open-relay"),), ("mxcheck.toml:9: the waiver of open-relay matched nothing",)),
        (
            (waiver("open-relay", date(2026, 1, 1)),),
            ("mxcheck.toml:9: the waiver of open-relay matched nothing",),
        ),
        (
            (waiver("starttls-missing", domain="example.net"),),
            ("mxcheck.toml:9: the waiver of starttls-missing matched nothing",),
        ),
    ],
)
def test_waivers_that_ran_out_or_matched_nothing_are_named(
    waivers: tuple[Waiver, ...], notes: tuple[str, ...]
) -> None:
    assert waiver_notes(Waivers(waivers), [judge(PLAIN, waivers=waivers)], TODAY) == notes


AWAY = visit_until("greeting", Greeting(reply=reply(421, "4.3.2 busy"), greeting_ms=5))
LEFT = tuple(
    visit_until("connection", unseen(Trouble.BUDGET, "421 at another"), address=address)
    for address in ("203.0.114.26", "203.0.114.27")
)
TOLERANT: tuple[dict[str, Any], ...] = (
    {"waivers": (waiver("smtp-greeting-bad", address=ADDRESS),)},
    {"waivers": (waiver("smtp-greeting-bad"),)},
    {"ignore": ("smtp-greeting-bad",)},
    {"levels": {"smtp-greeting-bad": Level.OFF}},
    {"levels": {"smtp-greeting-bad": Level.WARNING}},
)


@pytest.mark.parametrize("tolerant", TOLERANT)
def test_what_excuses_a_421_at_one_address_excuses_no_other(tolerant: dict[str, Any]) -> None:
    addresses = (ADDRESS, *(visit.address for visit in LEFT))
    host = replace(healthy_host(), addresses=addresses)
    verdict = judge(AWAY, *LEFT, domain=domain_of(host), **tolerant)
    unknown = {(r.rule.id, r.subject.named["address"]) for r in verdict.results if r.blocks}
    assert unknown == {("smtp-unreachable", visit.address) for visit in LEFT}
    assert verdict.conclusion is UNKNOWN
