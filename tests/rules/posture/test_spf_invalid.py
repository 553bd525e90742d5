from collections.abc import Sequence

import pytest

from mxcheck.model.policy import Level, Policy
from mxcheck.rules.base import Unknown
from mxcheck.rules.posture.spf_invalid import RULE
from tests.build import DOMAIN
from tests.rules.ask import Want, fails, not_applicable, passes
from tests.rules.posture.spf import ask, ask_in
from tests.spf_zone import TIMEOUT


@pytest.mark.parametrize(
    ("records", "want"),
    [
        (("v=spf1 mx -all",), passes("receivers can read the SPF record of example.com")),
        (("v=spf1 include:vendor.example -all",), passes("and those of 3 other names")),
        (
            ("v=spf1 exists:%{i}._spf.example.com -all",),
            passes("because it depends on the client: `exists:%{i}._spf.example.com`"),
        ),
        (
            ("v=spf1 mx -all", "v=spf1 ip4:192.0.2.1 ~all"),
            fails("2 records", remedy=('"v=spf1 mx ip4:192.0.2.1 -all"',)),
        ),
        (
            ("v=spf1 ipv4:192.0.2.1 a:192.0.2.2 192.0.2.3 ip4:2001:db8::1 mx, redirect:x.example",),
            fails(
                "`ipv4:192.0.2.1` in the record: there is no mechanism 'ipv4'",
                "and 2 more",
                remedy=(
                    '"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 ip6:2001:db8::1 mx',
                    'mx redirect=x.example"',
                ),
            ),
        ),
        (
            ("v=spf1 moo mx -all.",),
            fails("no mechanism 'moo'", remedy=('"v=spf1 mx -all"',)),
        ),
        (
            ("v=spf1 mx include:bad.example include:vendor.example ~all",),
            fails(
                "`ip5:192.0.2.1` in the record of bad.example",
                remedy=(
                    "Leave out `include:bad.example`",
                    '"v=spf1 mx include:vendor.example ~all"',
                ),
            ),
        ),
        (("v=spf1 include:x.example -all",), fails("x.example has no SPF record")),
        (("v=spf1 redirect=x.example",), fails(remedy=('"v=spf1 ~all"',))),
        (
            (f"v=spf1 include:{DOMAIN} -all",),
            fails("a circle: example.com to example.com", remedy=('"v=spf1 -all"',)),
        ),
        (("v=spf1 include:lost.example moo -all",), fails("no mechanism 'moo'")),
        ((), not_applicable("there is no SPF record", owner="spf-missing")),
    ],
)
def test_spf_invalid(records: Sequence[str], want: Want) -> None:
    want(ask(RULE, records))


@pytest.mark.parametrize(
    ("record", "policy", "at_most"),
    [
        ("v=spf1 include:lost.example -all", Policy(), Level.WARNING),
        ("v=spf1 include:lost.example -all", Policy(require=("spf",)), Level.ERROR),
        ("v=spf1 include:lost.example.com -all", Policy(), Level.ERROR),
        ("v=spf1 include:lost.example a:lost.example.com -all", Policy(), Level.ERROR),
    ],
)
def test_a_failure_in_a_zone_of_others_weighs_less(
    record: str, policy: Policy, at_most: Level
) -> None:
    answered = ask(RULE, (record,), policy)
    assert isinstance(answered, Unknown), answered
    assert answered.at_most is at_most
    assert "lost.example" in answered.message


def test_a_record_that_was_not_seen_is_of_spf_missing() -> None:
    not_applicable("no answer", owner="spf-missing")(ask_in(RULE, {DOMAIN: [TIMEOUT]}))
