"""What the JSON report says about MTA-STS and TLS-RPT."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.overrides import OverridePolicy
from mxcheck.report.json.model import ReportJson
from tests.build import evidence_of, unseen
from tests.policies import (
    POLICY_ADDRESS,
    POLICY_ADDRESS6,
    policy_answer,
    policy_fetch,
    sts_domain,
    sts_policy,
    unconnected,
)
from tests.report import verdicts
from tests.report.rendering import render_json
from tests.rules.mta_sts import domains
from tests.saving import as_evidence


def seen_of(domain: Domain) -> Any:  # noqa: ANN401 - JSON
    verdict = verdicts.healthy()
    evidence = evidence_of(domain=domain)
    of_domain = replace(verdict.domains[0], domain=domain, run=evidence)
    text = render_json(replace(verdict, evidence=as_evidence(evidence), domains=(of_domain,)))
    TypeAdapter(ReportJson).validate_json(text)
    [seen] = json.loads(text)["domains"]
    return seen


def test_the_record_and_the_policy() -> None:
    seen = seen_of(domains.ENFORCED)["mta_sts"]
    assert seen["record"]["records"] == ['"v=STSv1; id=20260131120000Z;"']
    assert seen["id"] == "20260131120000Z"
    assert seen["unseen"] is None
    assert seen["policy"] == {
        "url": "https://mta-sts.example.com/.well-known/mta-sts.txt",
        "address": "203.0.114.80",
        "status": 200,
        "content_type": "text/plain",
        "content_encoding": None,
        "location": None,
        "body": "version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 2592000\n",
        "mode": "enforce",
        "max_age": 2592000,
        "mx": ["mx1.example.com"],
    }


def test_what_each_address_of_the_policy_host_showed() -> None:
    dead = unconnected(unseen(Trouble.REFUSED, "connection refused"), "203.0.114.82")
    missing = policy_answer(replace(sts_policy(), status=404, body=b""), POLICY_ADDRESS6)
    fetch = policy_fetch(missing, policy_answer(), dead, left_out=("203.0.114.81",))
    seen = seen_of(sts_domain(fetch))["mta_sts"]
    assert (seen["policy"]["address"], seen["policy"]["status"]) == (POLICY_ADDRESS, 200)
    host = seen["policy_host"]
    assert host["a"]["records"] == [POLICY_ADDRESS, "203.0.114.82", "203.0.114.81"]
    assert host["aaaa"]["records"] == [POLICY_ADDRESS6]
    assert host["addresses_left_out"] == ["203.0.114.81"]
    first, second, third = host["addresses"]
    assert (first["address"], first["policy"]["status"]) == (POLICY_ADDRESS6, 404)
    assert second["policy"] == seen["policy"]
    assert second["connect_ms"] == 9.8
    assert second["certificate"]["san"] == ["mta-sts.example.com"]
    assert second["certificate"]["days_left"] == 60
    assert second["unseen"] is None
    assert (third["policy"], third["certificate"], third["connect_ms"]) == (None, None, None)
    assert third["unseen"] == {"trouble": "refused", "detail": "connection refused"}


def test_a_policy_host_without_an_address() -> None:
    seen = seen_of(sts_domain(policy_fetch()))["mta_sts"]
    assert (seen["policy"], seen["unseen"]["trouble"]) == (None, "no-address")
    assert seen["policy_host"]["addresses"] == []


def test_a_policy_about_to_be_published() -> None:
    given = OverridePolicy(path="sts.txt", body=sts_policy().body, overrides=("x",))
    domain = replace(sts_domain(), mta_sts=replace(sts_domain().mta_sts, policy=given))
    seen = seen_of(domain)["mta_sts"]
    assert (seen["policy"]["url"], seen["policy"]["address"]) == ("sts.txt", "")
    assert (seen["policy"]["mode"], seen["policy_host"], seen["unseen"]) == ("enforce", None, None)


def test_a_policy_that_is_none() -> None:
    moved = replace(sts_policy(), status=301, content_type="", location="https://x/", body=b"")
    policy = seen_of(sts_domain(moved))["mta_sts"]["policy"]
    assert (policy["status"], policy["content_type"]) == (301, None)
    assert policy["location"] == "https://x/"
    assert (policy["mode"], policy["max_age"], policy["mx"]) == (None, None, [])


def test_bytes_that_are_no_text_stand_as_escapes() -> None:
    junk = replace(sts_policy(), body=b"version: \xff\x1b[2J")
    assert seen_of(sts_domain(junk))["mta_sts"]["policy"]["body"] == "version: \\xff\x1b[2J"


def test_a_policy_that_did_not_come() -> None:
    seen = seen_of(domains.UNFETCHED)["mta_sts"]
    assert seen["policy"] is None
    assert seen["unseen"]["trouble"] == "refused"


@pytest.mark.parametrize(
    ("domain", "status"),
    [(domains.WITHOUT, "nxdomain"), (domains.UNSEEN, "servfail"), (domains.MALFORMED, "answer")],
)
def test_a_record_that_announces_none(domain: Domain, status: str) -> None:
    seen = seen_of(domain)["mta_sts"]
    assert seen["record"]["status"] == status
    assert (seen["id"], seen["policy"], seen["unseen"]) == (None, None, None)


def test_the_addresses_for_reports() -> None:
    seen = seen_of(domains.ENFORCED)["tls_rpt"]
    assert seen["record"]["status"] == "answer"
    assert seen["rua"] == ["mailto:tls@example.com"]
    assert seen_of(domains.reporting(domains.SPF))["tls_rpt"]["rua"] == []
    assert seen_of(domains.reporting(domains.NONE))["tls_rpt"]["record"]["status"] == "nxdomain"


def test_what_was_not_looked_at_is_null() -> None:
    seen = seen_of(replace(sts_domain(), mta_sts=MtaSts(), records=()))
    assert (seen["mta_sts"], seen["tls_rpt"]) == (None, None)
