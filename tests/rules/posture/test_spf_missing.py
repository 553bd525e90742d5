from collections.abc import Sequence

import pytest

from mxcheck.model.policy import Expect, Policy
from mxcheck.rules.posture.spf_missing import RULE
from tests.build import DOMAIN
from tests.rules.ask import Want, fails, passes, unknown
from tests.rules.posture.spf import SENDER, ask, ask_in
from tests.spf_zone import TIMEOUT


@pytest.mark.parametrize(
    ("records", "want"),
    [
        (("v=spf1 mx -all",), passes("example.com has an SPF record")),
        (("other", "V=spf1"), passes()),
        (("v=spf1 -all", "v=spf1 mx -all"), passes()),
        ((), fails("no SPF record", remedy=(f'`{DOMAIN}. TXT "v=spf1 mx ~all"`',))),
        (("spf1 mx -all",), fails("receivers do not take 'spf1 mx -all' for one")),
        (("v=spf1;mx",), fails("receivers do not take 'v=spf1;mx' for one")),
        (("google-site-verification=spf10",), fails("begins with `v=spf1 `")),
    ],
)
def test_spf_missing(records: Sequence[str], want: Want) -> None:
    want(ask(RULE, records))


def test_a_lookup_that_fails_is_unknown() -> None:
    unknown("whether example.com has an SPF record is not known", "no answer")(
        ask_in(RULE, {DOMAIN: [TIMEOUT]})
    )


@pytest.mark.parametrize(
    ("policy", "record"),
    [
        (Policy(senders=(SENDER, "2001:db8::7")), f"v=spf1 mx ip4:{SENDER} ip6:2001:db8::7 ~all"),
        (Policy(expect=Expect.NO_MAIL), "v=spf1 -all"),
        (Policy(expect=Expect.NO_MAIL, senders=(SENDER,)), f"v=spf1 mx ip4:{SENDER} ~all"),
    ],
)
def test_the_remedy_is_a_record_of_what_is_known(policy: Policy, record: str) -> None:
    fails(remedy=(f'"{record}"',))(ask(RULE, (), policy))
