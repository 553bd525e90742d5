from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import PolicyFetch
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.overrides import OverridePolicy
from mxcheck.model.policy import Policy
from mxcheck.rules.mta_sts.mta_sts_cert_expiring import RULE
from tests.build import authority, root, unseen
from tests.policies import (
    POLICY_ADDRESS,
    POLICY_ADDRESS6,
    POLICY_HOST,
    policy_answer,
    policy_fetch,
    sts_domain,
    sts_policy,
    unconnected,
)
from tests.rules.ask import MAIL, Want, ask_domain, fails, not_applicable, passes
from tests.rules.chains import certified, der
from tests.rules.mta_sts import domains

HERE, THERE = f"{POLICY_HOST} [{POLICY_ADDRESS}]", f"{POLICY_HOST} [{POLICY_ADDRESS6}]"
UNFETCHABLE = "mta-sts-policy-unfetchable"
DAY = timedelta(days=1)
MONTHLY = Policy(min_cert_days=30)


def chain(left: timedelta, lifetime: timedelta = 90 * DAY) -> tuple[bytes, ...]:
    issued = authority().issue(names=(POLICY_HOST,), not_before=left - lifetime, not_after=left)
    return issued.der_chain


def presenting(*chains: tuple[bytes, ...]) -> Domain:
    pairs = zip(chains, (POLICY_ADDRESS, POLICY_ADDRESS6), strict=False)
    return sts_domain(policy_fetch(*(policy_answer(address=at, chain=one) for one, at in pairs)))


@pytest.mark.parametrize(
    ("domain", "policy", "want"),
    [
        (domains.ENFORCED, MAIL, passes(HERE, "60 more days, until 2026-04-01")),
        (presenting(chain(14 * DAY)), MAIL, passes("14 more days")),
        (
            presenting(chain(3 * DAY)),
            MAIL,
            fails(
                f"the certificate of {HERE} is valid for only 3 more days, until 2026-02-03;"
                " at least 14 are wanted (the default)",
                remedy=(f"Renew the certificate of {POLICY_HOST}", "reload the web server"),
            ),
        ),
        # The bound is that of cert-expiring.
        (presenting(chain(11 * DAY, 45 * DAY)), MAIL, passes("11 more days")),
        (
            presenting(chain(10 * DAY, 45 * DAY)),
            MAIL,
            fails("at least 11 are wanted (a quarter of its lifetime of 45 days)"),
        ),
        (presenting(chain(29 * DAY)), MONTHLY, fails("at least 30 are wanted (min_cert_days)")),
        (presenting(chain(30 * DAY)), MONTHLY, passes("30 more days")),
        # Each address counts.
        (presenting(chain(60 * DAY), chain(3 * DAY)), MAIL, fails(THERE, "only 3 more days")),
        (presenting(chain(3 * DAY), chain(60 * DAY)), MAIL, fails(HERE, "only 3 more days")),
        (
            presenting(chain(3 * DAY), chain(4 * DAY)),
            MAIL,
            fails(
                f"{HERE} is valid for only 3 more days", f"{THERE} is valid for only 4 more days"
            ),
        ),
        # One that has expired is the failure of another rule.
        (presenting(chain(-DAY)), MAIL, not_applicable("accepted", owner=UNFETCHABLE)),
        (presenting(chain(-DAY), chain(60 * DAY)), MAIL, passes(THERE, "60 more days")),
        (presenting(chain(-DAY), chain(3 * DAY)), MAIL, fails(THERE, "only 3 more days")),
        (domains.UNFETCHED, MAIL, not_applicable(owner=UNFETCHABLE)),
        (domains.WITHOUT, MAIL, not_applicable(owner="mta-sts-missing")),
        (domains.NULL_MX, MAIL, not_applicable(owner="mx-null")),
    ],
)
def test_enough_whole_days_are_left(domain: Domain, policy: Policy, want: Want) -> None:
    want(ask_domain(RULE, domain, policy))


def test_addresses_with_the_same_certificate_are_named_together() -> None:
    same = chain(3 * DAY)
    fails(f"{POLICY_HOST} [{POLICY_ADDRESS}, {POLICY_ADDRESS6}] is valid for only 3 more days")(
        ask_domain(RULE, presenting(same, same))
    )


def test_the_path_above_the_certificate_must_last_too() -> None:
    leaf = chain(60 * DAY)[0]
    ending = certified(authority(), root(), years=(-1, 3 / 365))
    lasting = der((authority().certificate,))
    fails("the authority CN=Demo Issuing CA, on which the certificate of", "only 3 more days")(
        ask_domain(RULE, presenting((leaf, *der((ending,)))))
    )
    passes("60 more days")(ask_domain(RULE, presenting((leaf, *der((ending,)), *lasting))))


@pytest.mark.parametrize(
    "fetch",
    [
        # The certificate is seen and accepted, whatever comes after it.
        policy_fetch(policy_answer(replace(sts_policy(), status=404), chain=chain(3 * DAY))),
        policy_fetch(policy_answer(unseen(Trouble.CLOSED), chain=chain(3 * DAY))),
        policy_fetch(
            policy_answer(chain=chain(3 * DAY)),
            unconnected(unseen(Trouble.TIMEOUT), POLICY_ADDRESS6),
        ),
    ],
)
def test_a_certificate_counts_although_there_is_no_policy(fetch: PolicyFetch) -> None:
    fails("only 3 more days")(ask_domain(RULE, sts_domain(fetch)))


def test_a_policy_that_is_not_published_has_no_certificate() -> None:
    given = OverridePolicy(path="x", body=sts_policy().body, overrides=("--mta-sts-policy x",))
    seen = replace(sts_domain().mta_sts, policy=given)
    not_applicable("not published yet")(ask_domain(RULE, replace(sts_domain(), mta_sts=seen)))
