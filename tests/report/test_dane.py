"""What the reports say about TLSA records."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from mxcheck.evidence.domain import MxHost
from mxcheck.judge.verdict import Verdict
from mxcheck.report.json.model import ReportJson
from tests.build import (
    HOST,
    domain_of,
    evidence_of,
    withheld,
)
from tests.report import verdicts
from tests.report.rendering import render_json, render_text
from tests.rules.dane import cases
from tests.rules.dane.cases import GOOD, NAME, NONE, TARGET, host_with, tlsa
from tests.saving import as_evidence


def verdict_on(host: MxHost) -> Verdict:
    verdict, domain = verdicts.healthy(), domain_of(host)
    run = evidence_of(domain=domain)
    of_domain = replace(verdict.domains[0], domain=domain, run=run)
    return replace(verdict, evidence=as_evidence(run), domains=(of_domain,))


def dane_of(host: MxHost) -> Any:  # noqa: ANN401 - JSON
    text = render_json(verdict_on(host))
    TypeAdapter(ReportJson).validate_json(text)
    [domain] = json.loads(text)["domains"]
    return domain["dane"]


def test_the_records_of_a_host() -> None:
    [host] = dane_of(host_with(tlsa(GOOD, "1 1 1 abcd", "junk")))["hosts"]
    assert (host["host"], host["alias"]) == (HOST, None)
    [candidate] = host["candidates"]
    assert (candidate["base"], candidate["name"], candidate["recheck"]) == (HOST, NAME, None)
    assert (candidate["lookup"]["status"], candidate["lookup"]["ttl"]) == ("answer", 1800)
    good, unusable, junk = candidate["records"]
    assert good == {
        "usage": 3,
        "selector": 1,
        "matching_type": 1,
        "data": GOOD.removeprefix("3 1 1 "),
        "unusable": None,
    }
    assert (unusable["usage"], unusable["data"]) == (1, "abcd")
    assert "usage 1 is not used" in unusable["unusable"]
    assert (junk["usage"], junk["selector"], junk["matching_type"]) == (None, None, None)
    assert (junk["data"], bool(junk["unusable"])) == ("junk", True)


def test_an_alias_and_both_its_names() -> None:
    [host] = dane_of(cases.alias_with(NONE, tlsa()))["hosts"]
    assert host["alias"]["records"] == [TARGET]
    assert [one["base"] for one in host["candidates"]] == [TARGET, HOST]
    assert [one["lookup"]["status"] for one in host["candidates"]] == ["nxdomain", "answer"]
    assert host["candidates"][0]["records"] == []


def test_what_was_asked_after_servfail() -> None:
    [host] = dane_of(host_with(withheld(tlsa(), f"TLSA {NAME}")))["hosts"]
    [candidate] = host["candidates"]
    assert candidate["lookup"]["status"] == candidate["recheck"]["again"]["status"] == "servfail"
    assert candidate["recheck"]["unchecked"]["records"] == [GOOD]


def test_where_it_was_not_looked_at_the_key_is_there() -> None:
    assert dane_of(cases.UNASKED) is None


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (host_with(tlsa(GOOD)), f"Seen of {HOST} TLSA {NAME}: {GOOD}"),
        (host_with(tlsa("1 1 1 abcd")), "1 1 1 abcd, unusable: usage 1 is not used for mail"),
        (host_with(NONE), f"TLSA {NAME}: no record (nxdomain)"),
        (cases.FAILED, f"TLSA {NAME}: not seen: the resolver"),
        (cases.alias_with(NONE, NONE), f"CNAME {TARGET} TLSA _25._tcp.{TARGET}: no record"),
    ],
)
def test_the_verbose_report_shows_them(host: MxHost, words: str) -> None:
    text = " ".join(render_text(verdict_on(host), verbose=True).split())
    assert words in text


def test_what_was_not_asked_is_not_shown() -> None:
    assert "TLSA" not in render_text(verdict_on(cases.UNASKED), verbose=True)
