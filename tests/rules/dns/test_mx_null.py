import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.outcome import Trouble
from mxcheck.model.policy import Expect, Policy
from mxcheck.rules.dns.mx_null import RULE
from tests.build import DOMAIN, unseen
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes

MAIL, NO_MAIL = Policy(), Policy(expect=Expect.NO_MAIL)
NONE = Absent(absence=Absence.NODATA)
NXDOMAIN = Absent(absence=Absence.NXDOMAIN)
SERVFAIL = unseen(Trouble.SERVFAIL, "SERVFAIL")


def mx(*records: str) -> Answer:
    return Answer(owner=DOMAIN, records=records)


BESIDE = fails(DOMAIN, "beside the MX mx1.example.com", remedy=("Remove the null MX",))
UNWANTED = fails(DOMAIN, "null MX", "refuse all mail", remedy=('expect = "no-mail"',))
WANTING = fails(DOMAIN, "no null MX", "expects", remedy=("example.com. MX 0 .",))


@pytest.mark.parametrize(
    ("lookup", "policy", "want"),
    [
        (mx("10 mx1.example.com"), MAIL, passes(DOMAIN, "as expected")),
        (mx("0 ."), MAIL, UNWANTED),
        (mx("10 ."), MAIL, UNWANTED),
        (mx("0 .", "10 mx1.example.com"), MAIL, BESIDE),
        (NONE, MAIL, passes(DOMAIN, "no null MX, as expected")),
        (NXDOMAIN, MAIL, not_applicable("does not exist", owner="mx-missing")),
        (SERVFAIL, MAIL, not_applicable("SERVFAIL", owner="mx-missing")),
        (mx("0 ."), NO_MAIL, passes(DOMAIN, "as expected")),
        (mx("0 .", "10 mx1.example.com"), NO_MAIL, BESIDE),
        (mx("10 mx1.example.com"), NO_MAIL, WANTING),
        (NONE, NO_MAIL, WANTING),
        (NXDOMAIN, NO_MAIL, not_applicable("does not exist", owner="mx-missing")),
        (SERVFAIL, NO_MAIL, not_applicable("SERVFAIL", owner="mx-missing")),
    ],
)
def test_a_null_mx_stands_where_no_mail_is_expected(
    lookup: Lookup, policy: Policy, want: Want
) -> None:
    want(ask_domain(RULE, Domain(name=DOMAIN, mx=lookup), policy))
