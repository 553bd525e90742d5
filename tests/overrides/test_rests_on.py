"""Which overrides a result rests on: every rule, and every place that an override can reach."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer, ForwardLookup, ReverseDns
from mxcheck.evidence.domain import Domain, Evidence, MxHost
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.overrides import OverrideChain, OverridePolicy
from mxcheck.judge.provenance import overrides_behind, used_overrides
from mxcheck.model.policy import Policy
from mxcheck.rules import RULES
from mxcheck.rules.base import DomainCase, EndpointCase, Family, MxCase, Scope
from tests.build import (
    ADDRESS,
    HOST,
    domain_of,
    evidence_of,
    healthy_chain,
    healthy_host,
    healthy_visit,
    sts_policy,
    tlsa_lookup,
    trust,
    txt,
)

DNS = {rule.id for rule in RULES if rule.family is Family.DNS}
CERT = {rule.id for rule in RULES if rule.family is Family.CERT}
DANE = {rule.id for rule in RULES if rule.family is Family.DANE}
OF_MX = {rule.id for rule in RULES if rule.scope is not Scope.DOMAIN}
OF_POLICY = {
    rule.id for rule in RULES if rule.family is Family.MTA_STS and "record" not in rule.id
} - {"mta-sts-missing"}
NAME_ALONE = {"mx-is-address", "mta-sts-mx-unlisted"}
NO_TLSA = {"cert-key-weak", "cert-signature-weak"}
NONE = Absent(absence=Absence.NXDOMAIN)

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
WANTED: Mapping[str, set[str]] = {
    "mx": OF_MX | DNS,
    "address": OF_MX - NAME_ALONE,
    "alias": OF_MX - NAME_ALONE,
    "tlsa": DANE | (CERT - NO_TLSA) | {"tls-rpt-missing"},
    "chain": CERT | {"dane-mismatch", "mta-sts-mx-unauthenticated"},
    "record": OF_POLICY | {"mta-sts-missing", "mta-sts-record-invalid"},
    "policy": OF_POLICY,
    "tls_rpt": {"tls-rpt-missing", "tls-rpt-record-invalid"},
    "ptr": {"reverse-dns-mismatch"},
    "forward": {"reverse-dns-mismatch"},
}
WANTED_OF_FAILURES = {
    **WANTED,
    "chain": WANTED["chain"] | {"dane-unusable"},
    "record": WANTED["record"] | (CERT - NO_TLSA),
    "policy": WANTED["policy"] | (CERT - NO_TLSA),
}


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
        tls_rpt=replace(NONE, overrides=("tls_rpt",)),
    )


def evidence_with(domain: Domain) -> Evidence:
    reverse = ReverseDns(
        address=ADDRESS,
        ptr=replace(NONE, overrides=("ptr",)),
        forward=(ForwardLookup(name=HOST, addresses=replace(NONE, overrides=("forward",))),),
    )
    return replace(evidence_of(domain=domain), reverse=(reverse,))


def case_of(scope: Scope, domain: Domain) -> DomainCase:
    evidence, policy = evidence_with(domain), Policy()
    if scope is Scope.DOMAIN or not domain.hosts:
        return DomainCase(evidence=evidence, policy=policy, trust=trust(), domain=domain)
    host = domain.hosts[0]
    if scope is Scope.MX:
        return MxCase(evidence=evidence, policy=policy, trust=trust(), domain=domain, host=host)
    return EndpointCase(
        evidence=evidence,
        policy=policy,
        trust=trust(),
        domain=domain,
        host=host,
        visit=healthy_visit(),
    )


def resting_on(location: str, domain: Domain, *, failed: bool) -> set[str]:
    found: Iterable[tuple[str, tuple[str, ...]]] = (
        (rule.id, overrides_behind(rule, case_of(rule.scope, domain), failed=failed))
        for rule in RULES
    )
    return {rule for rule, overrides in found if location in overrides}


@pytest.mark.parametrize("location", PLACES)
def test_each_place_reaches_these_rules_and_no_others(location: str) -> None:
    domain = domain_with(host_of())
    assert resting_on(location, domain, failed=False) == WANTED[location]
    assert resting_on(location, domain, failed=True) == WANTED_OF_FAILURES[location]


def test_without_hosts_everything_rests_on_the_mx_answer() -> None:
    domain = domain_with()
    assert resting_on("mx", domain, failed=False) == {rule.id for rule in RULES}


def test_without_an_mx_record_the_rules_about_it_rest_on_the_addresses() -> None:
    absent = Absent(absence=Absence.NODATA)
    domain = replace(domain_with(host_of()), mx=absent)
    assert resting_on("address", domain, failed=False) | NAME_ALONE >= DNS
    assert "mx-missing" not in resting_on("address", domain_with(host_of()), failed=False)


def test_what_was_not_seen_rests_on_what_led_there() -> None:
    lost = Unseen(trouble=Trouble.REFUSED, detail="nobody listens", overrides=("policy",))
    domain = domain_with(host_of())
    blind = replace(domain, mta_sts=replace(domain.mta_sts, policy=lost))
    assert resting_on("policy", blind, failed=True) == WANTED_OF_FAILURES["policy"]


def test_each_is_named_once() -> None:
    domain = domain_with(replace(host_of(), ipv6=replace(NONE, overrides=("mx", "address"))))
    rule = next(rule for rule in RULES if rule.id == "mx-unresolvable")
    assert overrides_behind(rule, case_of(Scope.MX, domain), failed=False) == (
        "mx",
        "address",
        "alias",
    )


def test_every_place_counts_as_a_use() -> None:
    assert used_overrides(evidence_with(domain_with(host_of()))) == set(PLACES)
    assert used_overrides(evidence_of()) == set()
