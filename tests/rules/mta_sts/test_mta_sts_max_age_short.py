import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.rules.mta_sts.mta_sts_max_age_short import RULE
from tests.build import sts_domain, sts_policy
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes
from tests.rules.mta_sts import domains


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.ENFORCED, passes("2592000 seconds")),
        (sts_domain(sts_policy(max_age=604800)), passes("604800 seconds")),
        (
            sts_domain(sts_policy(max_age=604799)),
            fails("max_age 604799", "less than a week", remedy=("`max_age: 604800` or more",)),
        ),
        (sts_domain(sts_policy(max_age=0)), fails("max_age 0")),
        (sts_domain(sts_policy("testing", max_age=86400)), fails("max_age 86400")),
        # RFC 8461 8.3: a policy that gives MTA-STS up has a small max_age.
        (sts_domain(sts_policy("none", max_age=86400)), not_applicable("the mode none")),
        (domains.GARBLED, not_applicable("malformed", owner="mta-sts-policy-invalid")),
        (domains.WITHOUT, not_applicable("no MTA-STS record", owner="mta-sts-missing")),
    ],
)
def test_senders_keep_the_policy_for_a_week(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))
