"""Which overrides a result rests on: every rule, and every place that an override can reach."""

from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer, ForwardLookup, ReverseDns
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.items import Item, Readable
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.overrides import Override, OverrideChain, OverrideKind, OverridePolicy
from mxcheck.evidence.records import PlainRecord
from mxcheck.judge.judge import DomainToJudge, judge_domain
from mxcheck.judge.verdict import Result
from mxcheck.model.policy import Level, Policy
from mxcheck.rules import RULES
from mxcheck.rules.base import DomainCase, Scope
from tests.build import (
    ADDRESS,
    HOST,
    domain_of,
    evidence_of,
    healthy_chain,
    healthy_host,
    tls_rpt,
    tlsa_lookup,
    trust,
    txt,
)
from tests.judge.erasing import erased
from tests.policies import sts_policy

NONE = Absent(absence=Absence.NXDOMAIN)
OF_HOSTS = {Scope.MX, Scope.ENDPOINT}
OVERRIDE = Override(kind=OverrideKind.ZONE_FILE, given="example.com.zone")
EVERY_RULE = Policy(levels={rule.id: Level.ERROR for rule in RULES if rule.level is Level.OFF})

PLACES = (
    "mx",
    "address",
    "alias",
    "tlsa",
    "chain",
    "record",
    "policy",
    "tls_rpt",
    "ptr",
    "forward",
)


def host_of() -> MxHost:
    host = healthy_host()
    assert isinstance(host.ipv4, Answer)
    return replace(
        host,
        ipv4=replace(host.ipv4, overrides=("address",)),
        alias=Answer(owner=HOST, records=(HOST,), overrides=("alias",)),
        tlsa=(tlsa_lookup(replace(NONE, overrides=("tlsa",))),),
        chain=OverrideChain(chain=healthy_chain(), overrides=("chain",)),
    )


def domain_with(*hosts: MxHost) -> Domain:
    domain = domain_of(*hosts)
    assert isinstance(domain.mx, Answer)
    return replace(
        domain,
        mx=replace(domain.mx, overrides=("mx",)),
        mta_sts=MtaSts(
            record=replace(txt("v=STSv1; id=1;"), overrides=("record",)),
            policy=OverridePolicy(path="x", body=sts_policy().body, overrides=("policy",)),
        ),
        records=tls_rpt(replace(NONE, overrides=("tls_rpt",))),
    )


def evidence_with(domain: Domain) -> Run:
    reverse = ReverseDns(
        address=ADDRESS,
        ptr=replace(NONE, overrides=("ptr",)),
        forward=(ForwardLookup(name=HOST, addresses=replace(NONE, overrides=("forward",))),),
    )
    return replace(evidence_of(domain=domain), reverse=(reverse,))


def results_of(domain: Domain) -> list[Result]:
    evidence = replace(evidence_with(domain), overrides=(OVERRIDE,))
    case = DomainCase(run=evidence, policy=EVERY_RULE, trust=trust(), domain=domain)
    return list(judge_domain(DomainToJudge(case=case)).results)


def resting_on(place: str, domain: Domain) -> set[str]:
    return {result.rule.id for result in results_of(domain) if place in result.overrides}


@pytest.mark.parametrize(
    ("place", "item"),
    [
        ("mx", Item.MX),
        ("address", Item.ADDRESSES),
        ("tlsa", Item.TLSA),
        ("record", Item.STS_RECORD),
        ("policy", Item.STS_POLICY),
        ("tls_rpt", PlainRecord.TLS_RPT),
        ("ptr", Item.PTR),
    ],
)
def test_what_changes_without_an_override_names_it(place: str, item: Readable) -> None:
    domain = domain_with(host_of())
    before = results_of(domain)
    after = results_of(erased(item, domain))
    changed = {
        one.rule.id
        for one, other in zip(before, after, strict=True)
        if one.outcome is not other.outcome and item is not Item.PTR
    }
    assert changed <= resting_on(place, domain)
    assert resting_on(place, domain)


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_named_by_some_result_and_not_by_all(place: str) -> None:
    named = resting_on(place, domain_with(host_of()))
    assert named
    assert named < {rule.id for rule in RULES}


def test_without_hosts_everything_that_has_no_subject_rests_on_the_mx_answer() -> None:
    results = [result for result in results_of(domain_with()) if result.rule.scope in OF_HOSTS]
    assert all("mx" in result.overrides for result in results)


def test_what_was_not_seen_rests_on_what_led_there() -> None:
    lost = Unseen(trouble=Trouble.REFUSED, detail="nobody listens", overrides=("policy",))
    domain = domain_with(host_of())
    blind = replace(domain, mta_sts=replace(domain.mta_sts, policy=lost))
    assert "mta-sts-policy-unfetchable" in resting_on("policy", blind)


def test_each_is_named_once() -> None:
    domain = domain_with(replace(host_of(), ipv6=replace(NONE, overrides=("mx", "address"))))
    [result] = [one for one in results_of(domain) if one.rule.id == "mx-unresolvable"]
    assert result.overrides == ("mx", "address")


def test_rules_that_are_not_asked_read_no_override() -> None:
    domain = domain_with(host_of())
    evidence = replace(evidence_with(domain), overrides=(OVERRIDE,))
    policy = Policy(select=("cert-key-weak",))
    case = DomainCase(run=evidence, policy=policy, trust=trust(), domain=domain)
    verdict = judge_domain(DomainToJudge(case=case))
    assert verdict.overrides_read == {"mx", "address", "chain"}
