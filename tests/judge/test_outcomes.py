"""Which rule answers what, about which subject."""

from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.verdict import Conclusion, Outcome
from mxcheck.model.policy import Expect, Level
from mxcheck.rules import RULES
from mxcheck.rules.base import Family, Scope
from tests.build import (
    ADDRESS,
    DOMAIN,
    HOST,
    domain_of,
    expired_visit,
    healthy_host,
    healthy_visit,
    reply,
    unseen,
    visit_until,
)
from tests.judge.judging import ASKED, FAIL, PASS, PLAIN, SERVFAIL, UNKNOWN, UNREACHED, ids, judge
from tests.policies import sts_domain


def test_a_healthy_domain_passes_every_rule_that_applies() -> None:
    verdict = judge(domain=sts_domain())
    # It has no TLSA record, and its certificate is by an authority of the tests.
    absent = [rule.id for rule in RULES if rule.family is Family.DANE] + ["caa-forbids-issuer"]
    # It names neither selectors nor senders.
    absent += [rule.id for rule in RULES if rule.scope in {Scope.SELECTOR, Scope.SENDER}]
    assert ids(verdict, Outcome.PASS) == [rule for rule in ASKED if rule not in absent]
    assert set(ids(verdict, Outcome.NOT_APPLICABLE)) <= set(absent)
    assert verdict.conclusion is PASS
    assert {off.rule.level for off in verdict.switched_off} == {Level.OFF}


def test_results_stand_in_the_order_of_the_catalogue_and_then_of_the_hosts() -> None:
    hosts = (healthy_host("mx2.example.com", "203.0.114.26"), healthy_host(preference=20))
    visits = (healthy_visit(), healthy_visit("mx2.example.com", "203.0.114.26"))
    verdict = judge(*visits, domain=domain_of(*hosts))
    order = [rule.id for rule in RULES]
    seen = [result.rule.id for result in verdict.results]
    assert seen == sorted(seen, key=order.index)
    servers = [r.subject.parts[0] for r in verdict.results if r.rule.scope is Scope.ENDPOINT]
    assert servers == ["mx2.example.com", HOST] * (len(servers) // 2)


def test_each_address_is_a_subject_of_its_own() -> None:
    host = replace(healthy_host(), addresses=(ADDRESS, "2a00:1450::25"))
    second = visit_until("connection", unseen(Trouble.REFUSED), address="2a00:1450::25")
    verdict = judge(healthy_visit(), second, domain=domain_of(host))
    outcomes = {
        r.subject.named["address"]: r.outcome
        for r in verdict.results
        if r.rule.id == "smtp-unreachable"
    }
    assert outcomes == {ADDRESS: Outcome.PASS, "2a00:1450::25": Outcome.FAIL}
    assert verdict.conclusion is FAIL


NO_HOSTS = {
    "nxdomain": (Domain(name=DOMAIN, mx=Absent(absence=Absence.NXDOMAIN)), Expect.MAIL, FAIL),
    "servfail": (Domain(name=DOMAIN, mx=SERVFAIL), Expect.MAIL, UNKNOWN),
    "null": (Domain(name=DOMAIN, mx=Answer(owner=DOMAIN, records=("0 .",))), Expect.MAIL, FAIL),
    "agreed": (
        Domain(name=DOMAIN, mx=Answer(owner=DOMAIN, records=("0 .",))),
        Expect.NO_MAIL,
        PASS,
    ),
}


@pytest.mark.parametrize(("domain", "expect", "conclusion"), NO_HOSTS.values(), ids=NO_HOSTS)
def test_every_rule_answers_for_a_domain_without_hosts(
    domain: Domain, expect: Expect, conclusion: Conclusion
) -> None:
    verdict = judge(domain=domain, expect=expect)
    assert [result.rule.id for result in verdict.results] == ASKED
    assert {result.subject.parts for result in verdict.results} == {()}
    servers = [r for r in verdict.results if r.rule.scope is not Scope.DOMAIN]
    assert {r.outcome for r in servers} == {Outcome.NOT_APPLICABLE}
    assert all(r.message for r in servers)
    assert verdict.conclusion is conclusion


@pytest.mark.parametrize(
    ("host", "failing"),
    [
        (MxHost(name="192.0.2.1", preference=10), "mx-is-address"),
        (
            replace(healthy_host(), ipv4=Absent(absence=Absence.NXDOMAIN), addresses=()),
            "mx-unresolvable",
        ),
    ],
)
def test_every_rule_answers_for_a_host_without_addresses(host: MxHost, failing: str) -> None:
    verdict = judge(domain=domain_of(host))
    assert [result.rule.id for result in verdict.results] == ASKED
    assert ids(verdict, Outcome.FAIL) == [failing]
    of_hosts = [r for r in verdict.results if r.rule.scope in {Scope.MX, Scope.ENDPOINT}]
    assert {r.subject.parts[0] for r in of_hosts} == {host.name}


@pytest.mark.parametrize(
    ("visit", "failing"),
    [
        (UNREACHED, ["smtp-unreachable"]),
        (visit_until("greeting", unseen(Trouble.MALFORMED)), ["smtp-greeting-bad"]),
        (PLAIN, ["starttls-missing"]),
        (visit_until("starttls", reply(454, "no")), ["starttls-refused"]),
        (visit_until("tls", unseen(Trouble.HANDSHAKE)), ["tls-handshake-failed"]),
        (expired_visit(), ["cert-expired", "cert-name-mismatch"]),
        (visit_until("ehlo", reply(354, "go on")), ["smtp-ehlo-refused"]),
    ],
)
def test_each_cause_is_one_failure(visit: Visit, failing: list[str]) -> None:
    verdict = judge(visit)
    assert ids(verdict, Outcome.FAIL) == failing
    assert verdict.conclusion is FAIL
