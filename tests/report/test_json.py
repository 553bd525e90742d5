import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import TypeAdapter

from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.verdict import Verdict
from mxcheck.model.policy import Level, Policy
from mxcheck.report.json.model import ReportJson
from tests.build import (
    HOST,
    OBSERVED_AT,
    OK,
    REFUSED,
    authority,
    chain_visit,
    ehlo_reply,
    evidence_of,
    expired_visit,
    healthy_chain,
    healthy_tls,
    healthy_visit,
)
from tests.fuzz.der import Node
from tests.odd_certificates import SEQUENCE, UTC_TIME, VALIDITY, with_field
from tests.report import verdicts
from tests.report.rendering import render_json
from tests.saving import as_evidence

ALL = (verdicts.healthy, verdicts.broken, verdicts.closed, verdicts.null_mx)


def endpoint(visit: Visit) -> Any:  # noqa: ANN401 - JSON
    run = evidence_of(visit)
    verdict = replace(verdicts.healthy(), evidence=as_evidence(run))
    host = replace(
        verdict.evidence.runs[0].domains[0].hosts[0], name=visit.host, addresses=(visit.address,)
    )
    domain = replace(verdict.domains[0].domain, hosts=(host,))
    changed = replace(verdict, domains=(replace(verdict.domains[0], domain=domain, run=run),))
    return json.loads(render_json(changed))["domains"][0]["mx"][0]["endpoints"][0]


@pytest.mark.parametrize("build", ALL)
def test_report_has_the_shape_that_its_schema_promises(build: Callable[[], Verdict]) -> None:
    text = render_json(build())
    adapter = TypeAdapter(ReportJson)
    read = adapter.validate_json(text)
    assert adapter.dump_python(read, mode="json") == json.loads(text)


def test_all_is_ascii() -> None:
    assert render_json(verdicts.hostile("Grüße \x1b \u202e \ud800")).isascii()


def test_a_stage_that_showed_nothing_is_null_and_says_why() -> None:
    broken = Unseen(trouble=Trouble.HANDSHAKE, detail="alert 40")
    seen = endpoint(replace(healthy_visit(), tls=broken, ehlo_after_tls=broken))
    assert seen["tls"] is None
    assert seen["certificate"] is None
    assert seen["unseen"]["tls"] == {"trouble": "handshake", "detail": "alert 40"}


def test_extensions_are_those_inside_tls_or_else_before_it() -> None:
    visit = replace(healthy_visit(), ehlo_after_tls=ehlo_reply("AUTH PLAIN"))
    assert endpoint(visit)["extensions"] == {"AUTH": "PLAIN"}
    before = replace(visit, ehlo_after_tls=Unseen(trouble=Trouble.CLOSED, detail="closed"))
    assert "STARTTLS" in endpoint(before)["extensions"]
    refused = replace(before, ehlo=REFUSED)
    assert endpoint(refused)["extensions"] is None


@pytest.mark.parametrize(
    ("left", "days"),
    [
        (timedelta(days=60), 60),
        (timedelta(days=2) - timedelta(seconds=1), 1),
        (timedelta(0), 0),
        (timedelta(seconds=-1), -1),
        (timedelta(days=-3), -3),
    ],
)
def test_days_left_are_whole_and_negative_once_past(left: timedelta, days: int) -> None:
    chain = authority().issue(names=("mx1.example.com",), not_after=left).der_chain
    visit = replace(healthy_visit(), tls=replace(healthy_tls(), chain=chain))
    assert endpoint(visit)["certificate"]["days_left"] == days


def test_the_chain_is_listed_from_the_leaf_on() -> None:
    certificate = endpoint(expired_visit())["certificate"]
    subjects = [link["subject"] for link in certificate["chain"]]
    assert subjects == ["CN=mail.example.com", "CN=Demo Issuing CA"]
    assert certificate["chain"][0]["sha256"] == certificate["sha256"]


def test_an_unreadable_certificate_is_unseen() -> None:
    visit = replace(healthy_visit(), tls=replace(healthy_tls(), chain=(b"junk",)))
    seen = endpoint(visit)
    assert seen["certificate"] is None
    assert seen["unseen"]["certificate"]["trouble"] == "malformed"


def test_an_unreadable_date_is_unseen_and_the_rest_is_there() -> None:
    dates = Node(SEQUENCE, b"", (Node(UTC_TIME, b"260101000000Z"), Node(UTC_TIME, b"junk")))
    odd = with_field(healthy_chain()[0], authority().key, VALIDITY, dates)
    seen = endpoint(chain_visit((odd,)))
    certificate = seen["certificate"]
    assert (certificate["not_before"], certificate["not_after"]) == ("2026-01-01T00:00:00Z", None)
    assert certificate["days_left"] is None
    assert certificate["san"] == [HOST]
    assert seen["unseen"]["certificate"]["trouble"] == "malformed"
    assert "notAfter" in seen["unseen"]["certificate"]["detail"]


def test_an_unreadable_certificate_in_the_chain_keeps_its_fingerprint() -> None:
    tls = healthy_tls()
    visit = replace(healthy_visit(), tls=replace(tls, chain=(tls.chain[0], b"junk")))
    link = endpoint(visit)["certificate"]["chain"][1]
    assert (link["subject"], len(link["sha256"])) == (None, 64)


def test_relay_forms_of_other_domains_are_left_to_them() -> None:
    attempts = healthy_visit().relay
    other = replace(attempts[0], domain="example.org", recipient="postmaster@example.org")
    visit = replace(healthy_visit(), relay=(*attempts, other))
    assert len(endpoint(visit)["relay"]) == len(attempts)


def test_a_refused_sender_is_the_answer_of_its_form() -> None:
    lost = Unseen(trouble=Trouble.CLOSED, detail="closed")
    attempt = healthy_visit().relay[0]
    visit = replace(
        healthy_visit(),
        relay=(
            replace(attempt, mail=REFUSED, rcpt=lost),
            replace(attempt, mail=OK, rcpt=lost),
        ),
    )
    first, second = endpoint(visit)["relay"]
    assert (first["stage"], first["code"], first["unseen"]) == ("MAIL", 554, None)
    assert (second["stage"], second["code"], second["unseen"]["trouble"]) == (
        "RCPT",
        None,
        "closed",
    )


def test_policy_is_written_as_applied() -> None:
    levels = MappingProxyType({"mx-is-alias": Level.ERROR})
    policy = Policy(min_cert_days=30, levels=levels, ignore=("dane",))
    written = json.loads(render_json(replace(verdicts.healthy(), policy=policy)))["policy"]
    assert written["min_cert_days"] == 30
    assert written["levels"] == {"mx-is-alias": "error"}
    assert written["ignore"] == ["dane"]
    assert json.loads(render_json(verdicts.healthy()))["policy"]["min_cert_days"] == 14


def test_times_are_in_utc() -> None:
    written = json.loads(render_json(verdicts.healthy()))
    assert written["started_at"] == OBSERVED_AT.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_each_domain_has_the_policy_that_was_applied_to_it() -> None:
    verdict = verdicts.healthy()
    [domain] = verdict.domains
    stricter = Policy(min_cert_days=30, levels=MappingProxyType({"mx-null": Level.OFF}))
    both = replace(verdict, domains=(domain, replace(domain, policy=stricter)))
    written = json.loads(render_json(both))
    first, second = (of["policy"] for of in written["domains"])
    assert first == written["policy"]
    assert (second["min_cert_days"], second["levels"]) == (30, {"mx-null": "off"})
    assert first.keys() == second.keys()


def test_a_transcript_stands_with_the_first_domain_that_shares_it() -> None:
    verdict = verdicts.healthy()
    [domain] = verdict.domains
    other = replace(domain, domain=replace(domain.domain, name="example.net"))
    written = json.loads(render_json(replace(verdict, domains=(domain, other))))
    first, second = (of["mx"][0]["endpoints"][0] for of in written["domains"])
    assert len(first["transcript"]) == len(verdict.evidence.runs[0].visits[0].transcript) > 0
    assert second["transcript"] == []
    assert first["banner"] == second["banner"]
