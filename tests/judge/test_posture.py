from dataclasses import replace

import pytest

from mxcheck.evidence.dmarc import Dmarc
from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup, TrustedBy
from mxcheck.evidence.domain import Domain, MxHost, Run
from mxcheck.evidence.outcome import Trouble
from mxcheck.judge.posture import Posture, posture_of
from mxcheck.model.policy import Policy
from mxcheck.rules.base import DomainCase
from tests.build import (
    domain_of,
    evidence_of,
    healthy_domain,
    healthy_host,
    trust,
    txt,
    unseen,
    validating_resolver,
    walked,
)
from tests.judge.judging import judge
from tests.policies import serving, sts_domain, sts_policy
from tests.rules.dane.cases import GOOD, host_with, tlsa
from tests.rules.mta_sts import domains

ALL = ("DNSSEC", "MTA-STS", "TLS-RPT", "DANE", "DMARC")
UNASKED = Dmarc()
SERVFAIL = unseen(Trouble.SERVFAIL)


def posture(domain: Domain, run: Run | None = None) -> Posture:
    run = replace(run or evidence_of(), domains=(domain,))
    return posture_of(DomainCase(run=run, policy=Policy(), trust=trust(), domain=domain))


def secure(domain: Domain) -> Domain:
    assert isinstance(domain.mx, Answer)
    return replace(domain, mx=replace(domain.mx, authenticated_data=True))


def test_a_bare_domain_has_nothing() -> None:
    assert posture(replace(healthy_domain(), dmarc=walked({}))) == Posture(absent=ALL)


def test_what_a_domain_has_stands_in_a_fixed_order() -> None:
    everything = secure(replace(sts_domain(), hosts=(host_with(tlsa(GOOD)),)))
    have = ("DNSSEC", "MTA-STS enforce", "TLS-RPT", "DANE 3 1 1", "DMARC reject")
    assert posture(everything) == Posture(present=have)
    assert judge(domain=everything).posture == Posture(present=have)


@pytest.mark.parametrize(
    ("domain", "said"),
    [
        (domains.TESTING, "MTA-STS testing"),
        (domains.GIVEN_UP, "MTA-STS none"),
        (domains.MALFORMED, "MTA-STS record invalid"),
        (domains.TWICE, "MTA-STS record invalid"),
        (domains.GARBLED, "MTA-STS policy invalid"),
        (domains.UNFETCHED, "MTA-STS policy not fetched"),
        (
            sts_domain(serving(sts_policy("testing"), sts_policy("enforce"))),
            "MTA-STS enforce and testing",
        ),
    ],
)
def test_the_mode_of_mta_sts(domain: Domain, said: str) -> None:
    assert said in posture(domain).present


@pytest.mark.parametrize("domain", [domains.WITHOUT, domains.OTHERS_ONLY, domains.DISCARDED])
def test_without_a_record_there_is_no_mta_sts(domain: Domain) -> None:
    assert "MTA-STS" in posture(domain).absent


def test_a_record_of_tls_rpt_that_nobody_can_read_is_named() -> None:
    assert "TLS-RPT record invalid" in posture(domains.reporting(txt("v=TLSRPTv1;"))).present
    assert "TLS-RPT" in posture(domains.reporting(domains.NONE)).absent


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        ((host_with(tlsa(GOOD, f"2 1 1 {'ab' * 32}")),), "DANE 2 1 1, 3 1 1"),
        (
            (host_with(tlsa(GOOD)), healthy_host("mx2.example.com", "203.0.114.26", 20)),
            "DANE 3 1 1 at 1 of 2 MX hosts",
        ),
        ((host_with(tlsa("3 1 1 zz")),), "DANE records unusable"),
    ],
)
def test_the_records_of_dane(hosts: tuple[MxHost, ...], said: str) -> None:
    assert said in posture(secure(domain_of(*hosts))).present


def test_records_that_senders_ignore_are_no_dane() -> None:
    assert "DANE" in posture(domain_of(host_with(tlsa(GOOD, secure=False)))).absent


def test_an_answer_that_fails_validation_is_no_dnssec() -> None:
    bogus = replace(healthy_domain(), mx=unseen(Trouble.BOGUS))
    assert "DNSSEC broken" in posture(bogus).present


def test_what_could_not_be_seen_is_unknown() -> None:
    dmarc = walked({"_dmarc.example.com": SERVFAIL})
    found = posture(replace(domains.reporting(SERVFAIL, domains.UNSEEN), mx=SERVFAIL, dmarc=dmarc))
    assert found == Posture(absent=("DANE",), unknown=("DNSSEC", "MTA-STS", "TLS-RPT", "DMARC"))
    failed = domain_of(host_with(unseen(Trouble.SERVFAIL)))
    assert "DANE" in posture(failed).unknown


def test_a_resolver_that_is_not_trusted_leaves_dnssec_and_dane_unknown() -> None:
    resolver = replace(validating_resolver(), trusted_by=TrustedBy.NOTHING)
    found = posture(domain_of(host_with(tlsa(GOOD))), evidence_of(resolvers=(resolver,)))
    assert found.unknown == ("DNSSEC", "DANE")


def test_what_was_not_asked_for_is_not_mentioned() -> None:
    host = replace(healthy_host(), tlsa=())
    domain = replace(domains.UNASKED, hosts=(host,), records=(), dmarc=UNASKED)
    assert posture(domain, evidence_of(resolvers=())) == Posture()


def test_a_domain_without_mx_hosts_has_dnssec_and_dmarc_at_most() -> None:
    parked = replace(healthy_domain(), mx=Absent(absence=Absence.NODATA), hosts=())
    assert posture(parked) == Posture(present=("DMARC reject",), absent=("DNSSEC",))


@pytest.mark.parametrize(
    ("lookups", "said"),
    [
        ({"_dmarc.example.com": txt("v=DMARC1; p=none")}, "DMARC none"),
        ({"_dmarc.example.com": txt("v=DMARC1; p=reject; t=y")}, "DMARC quarantine"),
        ({"_dmarc.example.com": txt("v=DMARC1; sp=all")}, "DMARC record invalid"),
        ({"_dmarc.example.com": txt("v=DMARC2; p=none")}, "DMARC record invalid"),
    ],
)
def test_the_policy_in_force_stands_beside_dmarc(lookups: dict[str, Lookup], said: str) -> None:
    assert said in posture(replace(healthy_domain(), dmarc=walked(lookups))).present


def test_the_record_of_a_public_suffix_is_no_dmarc_of_the_domain() -> None:
    suffix = walked({"_dmarc.com": txt("v=DMARC1; psd=y; p=reject")})
    assert "DMARC" in posture(replace(healthy_domain(), dmarc=suffix)).absent
