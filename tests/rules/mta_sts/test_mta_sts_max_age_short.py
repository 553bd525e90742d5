import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.rules.mta_sts.mta_sts_max_age_short import RULE
from tests.policies import POLICY_ADDRESS6, serving, sts_domain, sts_policy
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes
from tests.rules.mta_sts import domains


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.ENFORCED, passes("for 30 days")),
        (sts_domain(sts_policy(max_age=604800)), passes("for a week")),
        (
            sts_domain(sts_policy(max_age=604799)),
            fails(
                "max_age 604799: senders keep it for about 7 days, which is less than a week",
                remedy=("`max_age: 604800` (a week) or more",),
            ),
        ),
        (sts_domain(sts_policy(max_age=0)), fails("max_age 0")),
        (sts_domain(sts_policy("testing", max_age=86400)), fails("max_age 86400")),
        # Of several policies the one with the shortest time counts.
        (
            sts_domain(serving(sts_policy(), sts_policy(max_age=86400))),
            fails(f"of example.com at {POLICY_ADDRESS6} has max_age 86400", "for a day"),
        ),
        # RFC 8461 8.3: a policy that gives MTA-STS up has a small max_age.
        (sts_domain(sts_policy("none", max_age=86400)), not_applicable("the mode none")),
        (domains.GARBLED, not_applicable("malformed", owner="mta-sts-policy-invalid")),
        (domains.WITHOUT, not_applicable("no MTA-STS record", owner="mta-sts-missing")),
    ],
)
def test_senders_keep_the_policy_for_a_week(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))
