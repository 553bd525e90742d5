"""What the JSON report says about lookups."""

import json
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from mxcheck.evidence.dns import Answer, ForwardLookup, ReverseDns
from mxcheck.evidence.domain import Run
from mxcheck.report.json.model import ReportJson
from tests.build import ADDRESS, HOST, evidence_of
from tests.report import verdicts
from tests.report.rendering import render_json
from tests.rules.dns import states
from tests.saving import as_evidence


def report(evidence: Run) -> Any:  # noqa: ANN401 - JSON
    verdict = verdicts.healthy()
    of_domain = replace(verdict.domains[0], domain=evidence.domains[0], run=evidence)
    text = render_json(replace(verdict, evidence=as_evidence(evidence), domains=(of_domain,)))
    TypeAdapter(ReportJson).validate_json(text)
    return json.loads(text)


def test_the_resolvers() -> None:
    [seen] = report(evidence_of(resolvers=(states.DEAD,)))["resolvers"]
    assert (seen["name"], seen["trusted_by"]) == ("127.0.0.1", "resolv.conf")
    assert (seen["root_soa"]["status"], seen["root_soa"]["detail"]) == (
        "resolver",
        "nobody listens",
    )
    [seen] = report(evidence_of())["resolvers"]
    assert seen["root_soa"]["authenticated_data"] is True


def test_what_was_asked_after_servfail() -> None:
    [domain] = report(evidence_of(domain=states.BOGUS))["domains"]
    recheck = domain["dns"]["mx_recheck"]
    assert domain["dns"]["mx"]["status"] == recheck["again"]["status"] == "servfail"
    assert recheck["unchecked"]["records"] == ["10 mx1.example.com"]


def test_where_nothing_was_asked_again_the_key_is_there() -> None:
    [domain] = report(evidence_of())["domains"]
    assert domain["dns"]["mx_recheck"] is None
    assert domain["dns"]["hosts"][0]["reverse"] == []


def test_the_names_of_an_address() -> None:
    reverse = ReverseDns(
        address=ADDRESS,
        ptr=Answer(owner="arpa", records=(HOST, "b.example")),
        forward=(ForwardLookup(name=HOST, addresses=Answer(owner=HOST, records=(ADDRESS,))),),
        left_out=("b.example",),
    )
    [domain] = report(replace(evidence_of(), reverse=(reverse,)))["domains"]
    [seen] = domain["dns"]["hosts"][0]["reverse"]
    assert seen["address"] == ADDRESS
    assert seen["ptr"]["records"] == [HOST, "b.example"]
    assert [one["name"] for one in seen["forward"]] == [HOST]
    assert seen["forward"][0]["addresses"]["records"] == [ADDRESS]
    assert seen["names_left_out"] == ["b.example"]
