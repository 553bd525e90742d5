import pytest

from mxcheck.model.policy import Expect, Level, Policy
from mxcheck.rules.base import Fail
from mxcheck.rules.posture.spf_permissive import RULE
from tests.rules.ask import Want, fails, not_applicable, passes
from tests.rules.posture.spf import VENDOR, ask, ask_in

SILENT = Policy(expect=Expect.NO_MAIL)


@pytest.mark.parametrize(
    ("record", "want", "at_most"),
    [
        ("v=spf1 mx -all", passes("tells fail of other addresses"), None),
        ("v=spf1 mx ~all", passes("tells softfail"), None),
        ("v=spf1 redirect=vendor.example", passes("softfail"), None),
        ("v=spf1 ip4:192.0.2.0/8 ip6:2001:db8::/16 -all", passes(), None),
        ("v=spf1 -ip4:0.0.0.0/1 -include:all.example -all", passes(), None),
        ("v=spf1 -all +all", passes(), None),
        ("v=spf1 mx +all", fails("+all", remedy=('"v=spf1 mx ~all"',)), Level.ERROR),
        (
            "v=spf1 mx include:all.example -all",
            fails("the record of all.example has +all", remedy=('"v=spf1 mx ~all"',)),
            Level.ERROR,
        ),
        ("v=spf1 redirect=all.example", fails("+all", remedy=('"v=spf1 ~all"',)), Level.ERROR),
        ("v=spf1 mx ?all", fails("ends in ?all", remedy=('"v=spf1 mx ~all"',)), Level.WARNING),
        ("v=spf1 mx", fails("ends without all", remedy=('"v=spf1 mx ~all"',)), Level.WARNING),
        (
            "v=spf1 ip4:192.0.2.0/7 ip6:2001:db8::/15 a/4 mx -all",
            fails("ip4:192.0.2.0/7 is wider", "a/4", remedy=('"v=spf1 mx -all"',)),
            Level.WARNING,
        ),
        (
            "v=spf1 redirect=loose.example",
            fails("in the record of loose.example", remedy=('`loose.example. TXT "v=spf1 ~all"`',)),
            Level.WARNING,
        ),
        ("v=spf1 include:lost.example -all", not_applicable(owner="spf-invalid"), None),
        ("v=spf1 moo -all", not_applicable(owner="spf-invalid"), None),
    ],
)
def test_spf_permissive(record: str, want: Want, at_most: Level | None) -> None:
    answered = ask_in(
        RULE,
        {**VENDOR, "loose.example": ["TXT v=spf1 ?all"], "example.com": [f"TXT {record}"]}
        | ({"example.com": [f"TXT {record}", "MX 10 mail.example.com"]} if "mx" in record else {}),
    )
    want(answered)
    assert getattr(answered, "at_most", None) is at_most


def test_without_a_record_spf_missing_owns_the_cause() -> None:
    not_applicable(owner="spf-missing")(ask(RULE, ()))


def test_a_domain_without_mail_lets_nobody_send() -> None:
    passes()(ask(RULE, ("v=spf1 -all",), SILENT))
    for record in ("v=spf1 mx -all", "v=spf1 ~all"):
        answered = ask(RULE, (record,), SILENT)
        fails("is to have no mail", remedy=('"v=spf1 -all"',))(answered)
        assert isinstance(answered, Fail)
        assert answered.at_most is Level.WARNING
    sending = Policy(expect=Expect.NO_MAIL, senders=("192.0.2.1",))
    passes()(ask(RULE, ("v=spf1 ip4:192.0.2.1 -all",), sending))
