import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail
from mxcheck.rules.mta_sts.mta_sts_not_enforced import RULE
from tests.policies import POLICY_ADDRESS6, serving, sts_domain, sts_policy
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes
from tests.rules.mta_sts import domains

RENEW = "then change the id in the TXT record `_mta-sts.example.com`"


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.ENFORCED, passes("the MTA-STS policy of example.com is enforced")),
        (
            domains.TESTING,
            fails("the mode testing", "deliver all the same", remedy=("`mode: enforce`", RENEW)),
        ),
        (
            domains.GIVEN_UP,
            fails("the mode none", "without MTA-STS", remedy=("`mode: testing`", RENEW)),
        ),
        (
            sts_domain(serving(sts_policy(), sts_policy("testing"))),
            fails(f"of example.com at {POLICY_ADDRESS6} has the mode testing"),
        ),
        (domains.GARBLED, not_applicable("malformed", owner="mta-sts-policy-invalid")),
        (domains.UNFETCHED, not_applicable("fetched", owner="mta-sts-policy-unfetchable")),
        (domains.WITHOUT, not_applicable("no MTA-STS record", owner="mta-sts-missing")),
    ],
)
def test_the_policy_is_enforced(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))


@pytest.mark.parametrize(
    ("domain", "at_most"), [(domains.TESTING, Level.WARNING), (domains.GIVEN_UP, Level.ERROR)]
)
def test_testing_is_never_more_than_a_warning(domain: Domain, at_most: Level) -> None:
    answer = ask_domain(RULE, domain)
    assert isinstance(answer, Fail)
    assert answer.at_most is at_most
