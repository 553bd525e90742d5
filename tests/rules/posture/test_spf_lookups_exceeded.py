import pytest

from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail
from mxcheck.rules.posture.spf_lookups_exceeded import RULE
from tests.build import DOMAIN
from tests.rules.ask import Want, fails, not_applicable, passes
from tests.rules.posture.spf import VENDOR, ask, ask_in

MANY = " ".join(f"exists:%{{i}}.{number}.a" for number in range(8))


@pytest.mark.parametrize(
    ("record", "want"),
    [
        ("v=spf1 ip4:192.0.2.1 -all", passes("needs 0 of at most 10 lookups: none")),
        (
            "v=spf1 mx include:vendor.example -all",
            passes(
                "needs 4 of at most 10 lookups: mx 1, include:vendor.example 3"
                " (include:a.vendor.example 1, include:b.vendor.example 1)"
            ),
        ),
        (f"v=spf1 {MANY} mx -all", passes("needs 9 of at most 10", "leaves room for 1")),
        (f"v=spf1 {MANY} mx a:{DOMAIN} -all", passes("10 of at most 10", "leaves room for 0")),
        (
            f"v=spf1 {MANY} include:vendor.example -all",
            fails(
                "it needs 11 lookups, at most 10 are made",
                "include:vendor.example 3",
                remedy=(
                    "it needs 8 lookups",
                    "ip4:198.51.100.0/24 ip6:2001:db8::/32 -all",
                    "the networks of `include:vendor.example` as they are now: watch",
                ),
            ),
        ),
        (
            f"v=spf1 {MANY} mx mx:{DOMAIN} a:mail.example.com -all",
            fails("it needs 11 lookups", remedy=("Leave out what no longer sends",)),
        ),
        (
            "v=spf1 a:x.example mx:y.example a:z.example -all",
            fails("3 terms", "find nothing", "`a:x.example`", remedy=('"v=spf1 -all"',)),
        ),
        ("v=spf1 include:lost.example -all", not_applicable("no answer", owner="spf-invalid")),
        (
            f"v=spf1 {MANY} include:vendor.example include:lost.example -all",
            fails("12 lookups", "not seen"),
        ),
    ],
)
def test_spf_lookups_exceeded(record: str, want: Want) -> None:
    want(ask(RULE, (record,)))


def test_without_one_record_another_rule_owns_the_cause() -> None:
    not_applicable(owner="spf-missing")(ask(RULE, ()))
    not_applicable(owner="spf-invalid")(ask(RULE, ("v=spf1 -all", "v=spf1 mx -all")))


def test_void_lookups_are_at_most_a_warning() -> None:
    answered = ask(RULE, ("v=spf1 a:x.example mx:y.example a:z.example -all",))
    assert isinstance(answered, Fail)
    assert answered.at_most is Level.WARNING


def test_too_many_names_of_one_mx_are_an_error() -> None:
    names = [f"MX {number} mx{number}.example.com" for number in range(11)]
    fails("one mx may lead to 10 names at most", "mx 1 has 11 MX names")(
        ask_in(RULE, {**VENDOR, DOMAIN: ["TXT v=spf1 mx -all", *names]})
    )
