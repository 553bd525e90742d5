"""What MTA-STS and TLS-RPT make of a whole verdict."""

import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.judge.verdict import Conclusion, Outcome
from mxcheck.model.policy import Level
from tests.build import expired_visit, txt
from tests.judge.judging import FAIL, PASS, UNKNOWN, ids, judge, result_of
from tests.policies import sts_domain, sts_policy
from tests.rules.mta_sts import domains

MTA_STS, TLS_RPT = ("mta-sts",), ("tls-rpt",)


@pytest.mark.parametrize(
    ("domain", "require", "conclusion"),
    [
        (domains.ENFORCED, MTA_STS, PASS),
        (domains.TESTING, MTA_STS, PASS),
        # RFC 8461 5: under mode none it is as though there were no policy.
        (domains.GIVEN_UP, MTA_STS, FAIL),
        (domains.GIVEN_UP, (), PASS),
        (domains.WITHOUT, MTA_STS, FAIL),
        (domains.WITHOUT, (), PASS),
        # An enforced policy may stand behind the lookup that failed; behind the other only reports.
        (domains.UNSEEN, (), UNKNOWN),
        (domains.reporting(domains.SERVFAIL), (), PASS),
        (domains.reporting(domains.SERVFAIL), TLS_RPT, UNKNOWN),
        (domains.reporting(domains.NONE), (), PASS),
        (domains.reporting(domains.NONE), TLS_RPT, FAIL),
        (domains.MALFORMED, (), FAIL),
        # Senders see no record there.
        (domains.DISCARDED, (), PASS),
        (domains.DISCARDED, MTA_STS, FAIL),
        (domains.DANGLING, (), PASS),
        (domains.DANGLING, MTA_STS, FAIL),
        (domains.reporting(txt("v=TLSRPTv1; rua=x")), (), PASS),
        (domains.reporting(txt("v=TLSRPTv1; rua=x")), TLS_RPT, FAIL),
        (domains.reporting(txt("v=TLSRPT1; rua=mailto:a@b.example")), TLS_RPT, FAIL),
        (domains.UNFETCHED, (), FAIL),
        (domains.GARBLED, (), FAIL),
        (sts_domain(sts_policy(mx="mx2.example.com")), (), FAIL),
        (sts_domain(sts_policy("testing", mx="mx2.example.com")), (), PASS),
    ],
)
def test_what_a_domain_comes_to(
    domain: Domain, require: tuple[str, ...], conclusion: Conclusion
) -> None:
    assert judge(domain=domain, require=require).conclusion is conclusion


@pytest.mark.parametrize(
    ("domain", "failing"),
    [
        (domains.MALFORMED, "mta-sts-record-invalid"),
        (domains.UNFETCHED, "mta-sts-policy-unfetchable"),
        (domains.GARBLED, "mta-sts-policy-invalid"),
        (sts_domain(sts_policy(mx="mx2.example.com")), "mta-sts-mx-unlisted"),
    ],
)
def test_each_cause_is_one_failure(domain: Domain, failing: str) -> None:
    assert ids(judge(domain=domain), Outcome.FAIL) == [failing]


def test_a_failed_lookup_is_one_unknown() -> None:
    assert ids(judge(domain=domains.UNSEEN), Outcome.UNKNOWN) == ["mta-sts-record-invalid"]


def test_testing_mode_is_milder_whatever_the_levels() -> None:
    levels = {"mta-sts-mx-unauthenticated": Level.ERROR, "mta-sts-not-enforced": Level.ERROR}
    verdict = judge(expired_visit(), domain=domains.TESTING, levels=levels, ignore=("cert",))
    for rule in levels:
        result = result_of(verdict, rule)
        assert (result.outcome, result.level) == (Outcome.FAIL, Level.WARNING)
    assert verdict.conclusion is PASS


def test_an_expired_certificate_with_another_name_under_an_enforced_policy() -> None:
    verdict = judge(expired_visit(), domain=domains.ENFORCED)
    wanted = ["cert-expired", "cert-name-mismatch", "mta-sts-mx-unauthenticated"]
    assert ids(verdict, Outcome.FAIL) == wanted
    for rule in wanted[:2]:
        assert "enforcing senders refuse delivery" in result_of(verdict, rule).message
