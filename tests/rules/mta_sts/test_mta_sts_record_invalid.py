import pytest

from mxcheck.evidence.dns import Absence, Absent
from mxcheck.evidence.domain import Domain
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail
from mxcheck.rules.mta_sts.mta_sts_record_invalid import RULE
from tests.build import txt
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes, unknown
from tests.rules.mta_sts import domains

REMEDY = ("exactly one TXT record at `_mta-sts.example.com`",)


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.ENFORCED, passes("the record of _mta-sts.example.com is valid")),
        (domains.recorded(txt("v=spf1 -all", "v=STSv1; id=1")), passes("valid")),
        (
            domains.MALFORMED,
            fails("1 to 32 letters and digits, got '2026-01-31'", "senders treat", remedy=REMEDY),
        ),
        (domains.TWICE, fails("2 records begin with v=STSv1, where one is", remedy=REMEDY)),
        (
            domains.recorded(txt("v=stsv1; id=1")),
            fails(
                "is not one that senders see: it does not begin with `v=STSv1;`, but is 'v=stsv1;",
                remedy=REMEDY,
            ),
        ),
        (domains.DISCARDED, fails("but is 'v=STS1; id=1'")),
        (
            domains.DANGLING,
            fails(
                "_mta-sts.example.com is an alias (CNAME) of gone.example.net, which does not",
                "whoever registers or claims that name decides what senders read there",
                remedy=("Let the CNAME record of `_mta-sts.example.com` lead to a name", "replace"),
            ),
        ),
        # Such as a wildcard gives to every name.
        (
            domains.recorded(Absent(absence=Absence.NODATA, aliases=("www.example.net",))),
            not_applicable("no MTA-STS record", owner="mta-sts-missing"),
        ),
        (
            domains.recorded(txt("v=STSv1; id=1; id=2")),
            fails("several ids", "take the first, '1'", "take the last, '2'", remedy=REMEDY),
        ),
        (domains.WITHOUT, not_applicable("no MTA-STS record", owner="mta-sts-missing")),
        (domains.OTHERS_ONLY, not_applicable("no MTA-STS record", owner="mta-sts-missing")),
        (domains.UNSEEN, unknown("not known", "answers SERVFAIL", remedy=("--resolver",))),
        (domains.UNASKED, unknown("it was not asked")),
        (domains.NULL_MX, not_applicable("null MX", owner="mx-null")),
        (domains.BLIND, not_applicable("MX hosts are not known", owner="mx-missing")),
    ],
)
def test_the_record_is_well_formed_and_alone(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))


@pytest.mark.parametrize(
    ("domain", "at_most"),
    [
        (domains.MALFORMED, Level.ERROR),
        (domains.TWICE, Level.ERROR),
        # RFC 8461 3.1: senders discard it, as if there were no record.
        (domains.DISCARDED, Level.WARNING),
        (domains.DANGLING, Level.WARNING),
        (domains.recorded(txt("v=STSv1; id=1; id=2")), Level.WARNING),
    ],
)
def test_what_senders_take_for_no_record_is_a_warning(domain: Domain, at_most: Level) -> None:
    answer = ask_domain(RULE, domain)
    assert isinstance(answer, Fail)
    assert answer.at_most is at_most
