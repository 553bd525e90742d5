"""The keys that pipelines rely on, as the contract names them: more may come, none may go."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mxcheck.catalogue import rules_json
from mxcheck.judge.verdict import Verdict
from tests.policies import sts_domain
from tests.report import verdicts
from tests.report.rendering import render_json

# Copied by hand, so that a renamed field does not rename the promise with it.
REPORT = "schema_version tool started_at finished_at verdict exit_code notes policy counts domains"
COUNTS = "pass fail unknown not-applicable waived"
DOMAIN = "domain verdict mx dns dane mta_sts tls_rpt results"
MTA_STS = "record id policy unseen remembered policy_host"
STS_POLICY = "url address status content_type location body mode max_age mx"
ENDPOINT = "address port connect_ms greeting_ms banner extensions tls certificate relay transcript"
CERTIFICATE = "subject issuer not_before not_after days_left san key signature sha256 chain"
RESULT = "rule level outcome subject message remedy waived"
POLICY = (
    "min_tls min_cert_days relay levels max_greeting_seconds extensions expect on_unknown"
    " relay_sender relay_recipient relay_control select ignore fail_on"
    " senders dkim_selectors blocklists"
)
RULE = "id family subject level title references"
ALL = (verdicts.healthy, verdicts.broken, verdicts.closed, verdicts.null_mx)


def missing(keys: str, found: dict[str, Any]) -> set[str]:
    return set(keys.split()) - found.keys()


def written(build: Callable[[], Verdict]) -> Any:  # noqa: ANN401 - JSON
    return json.loads(render_json(build()))


def endpoints(report: Any) -> list[Any]:  # noqa: ANN401 - JSON
    return [seen for of in report["domains"] for mx in of["mx"] for seen in mx["endpoints"]]


@pytest.mark.parametrize("build", ALL)
def test_the_report_and_its_domains(build: Callable[[], Verdict]) -> None:
    report = written(build)
    assert report["schema_version"] == "1"
    assert not missing(REPORT, report)
    assert not missing("name version", report["tool"])
    assert not missing(COUNTS, report["counts"])
    for domain in report["domains"]:
        assert not missing(DOMAIN, domain)
        for mx in domain["mx"]:
            assert not missing("host preference endpoints given_certificate", mx)
        for result in domain["results"]:
            assert not missing(RESULT, result)
            assert not missing("mx address sender selector", result["subject"])
            assert not missing("until reason", result["waived"] or {"until": 1, "reason": 1})


@pytest.mark.parametrize("build", ALL)
def test_the_endpoints(build: Callable[[], Verdict]) -> None:
    for endpoint in endpoints(written(build)):
        assert not missing(ENDPOINT, endpoint)
        for form in endpoint["relay"]:
            assert not missing("form sender recipient code text", form)


def test_what_an_endpoint_showed() -> None:
    [endpoint] = endpoints(written(verdicts.healthy))
    assert not missing("code text hostname software", endpoint["banner"])
    assert not missing("version cipher versions_seen", endpoint["tls"])
    assert not missing(CERTIFICATE, endpoint["certificate"])
    assert endpoint["extensions"]["SIZE"] == "10240000"
    assert endpoint["relay"]
    assert endpoint["transcript"]


def test_mta_sts() -> None:
    verdict = verdicts.healthy()
    domain = replace(verdict.domains[0], domain=sts_domain())
    report = json.loads(render_json(replace(verdict, domains=(domain,))))
    seen = report["domains"][0]["mta_sts"]
    assert not missing(MTA_STS, seen)
    assert not missing(STS_POLICY, seen["policy"])
    assert not missing("a aaaa addresses addresses_left_out", seen["policy_host"])
    [address] = seen["policy_host"]["addresses"]
    assert not missing("address connect_ms certificate policy unseen", address)
    assert not missing(CERTIFICATE, address["certificate"])


def test_a_waived_result() -> None:
    [domain] = written(verdicts.broken)["domains"]
    [waived] = [result["waived"] for result in domain["results"] if result["waived"]]
    assert waived == {"until": "2026-12-31", "reason": "a test server, OPS-123"}


@pytest.mark.parametrize("build", ALL)
def test_the_policy_as_applied(build: Callable[[], Verdict]) -> None:
    assert not missing(POLICY, written(build)["policy"])


def test_the_catalogue() -> None:
    catalogue = json.loads(rules_json())
    assert catalogue
    for rule in catalogue:
        assert not missing(RULE, rule)
