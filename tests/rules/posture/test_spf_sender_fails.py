import pytest

from mxcheck.model.policy import Level, Policy
from mxcheck.rules.base import Unknown
from mxcheck.rules.posture.spf_sender_fails import RULE
from tests.rules.ask import Want, fails, not_applicable, passes
from tests.rules.posture.spf import MAIL, SENDER, ask_sender

MANY = " ".join(f"exists:%{{i}}.x{number}.example.com" for number in range(11))


@pytest.mark.parametrize(
    ("record", "want"),
    [
        ("v=spf1 mx -all", passes(f"{SENDER} may send", "`mx` in the record of example.com")),
        ("v=spf1 a:%{h} -all", passes("`a:%{h}`")),
        (
            "v=spf1 include:vendor.example -all",
            fails(
                "does not pass SPF: the result is fail",
                "`-all` in the record of example.com matches",
                remedy=(f'"v=spf1 ip4:{SENDER} include:vendor.example -all"',),
            ),
        ),
        (
            "v=spf1 -mx +all",
            fails("the result is fail", remedy=(f'"v=spf1 ip4:{SENDER} -mx +all"',)),
        ),
        ("v=spf1 ~all", fails("softfail")),
        ("v=spf1 redirect=vendor.example", fails("softfail")),
        ("v=spf1 ip4:192.0.2.1", fails("neutral", "no term in the record")),
        ("v=spf1 moo mx -all", not_applicable("error", owner="spf-invalid")),
        (f"v=spf1 {MANY} mx -all", not_applicable("error", owner="spf-lookups-exceeded")),
        (f"v=spf1 mx {MANY} -all", passes()),
        (
            "v=spf1 exists:%{l}.x exists:%{i}.x.example exists:%{h}.x.example exists:%{v}.x -all",
            fails("the result is permerror", "more than 2 terms look up what does not exist"),
        ),
    ],
)
def test_spf_sender_fails(record: str, want: Want) -> None:
    want(ask_sender(RULE, (record,), zone=VOID))


VOID = {
    **{f"{label}.x": () for label in ("postmaster", "in-addr")},
    **{f"{label}.x.example": () for label in (SENDER, MAIL)},
    **{f"{SENDER}.x{number}.example.com": ["A 192.0.2.9"] * 0 for number in range(11)},
}


def test_without_a_record_the_sender_does_not_pass() -> None:
    fails("the result is none", remedy=(f'"v=spf1 mx ip4:{SENDER} ~all"',))(ask_sender(RULE, ()))


@pytest.mark.parametrize(
    ("record", "policy", "at_most"),
    [
        ("v=spf1 include:lost.example -all", Policy(), Level.WARNING),
        ("v=spf1 include:lost.example -all", Policy(require=("spf",)), Level.ERROR),
        ("v=spf1 include:lost.example.com -all", Policy(), Level.ERROR),
    ],
)
def test_a_failed_lookup_leaves_it_unknown(record: str, policy: Policy, at_most: Level) -> None:
    answered = ask_sender(RULE, (record,), policy=policy)
    assert isinstance(answered, Unknown), answered
    assert answered.at_most is at_most
    assert f"whether {SENDER} may send mail of example.com is not known" in answered.message
