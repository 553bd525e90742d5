import pytest

from mxcheck.evidence.domain import Domain
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
            fails("1 to 32 letters and digits, got '2026-01-31'", "senders take", remedy=REMEDY),
        ),
        (domains.TWICE, fails("2 records begin with v=STSv1, where one is", remedy=REMEDY)),
        (domains.recorded(txt("v=stsv1; id=1")), fails("does not begin with `v=STSv1;`")),
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
