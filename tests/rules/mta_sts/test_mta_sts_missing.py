import pytest

from mxcheck.evidence.dns import Absence, Absent
from mxcheck.evidence.domain import Domain
from mxcheck.rules.mta_sts.mta_sts_missing import RULE
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes, unknown
from tests.rules.mta_sts import domains

ALIAS = Absent(absence=Absence.NODATA, aliases=("example.com._mta-sts.provider.example",))


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.ENFORCED, passes("example.com publishes MTA-STS, with the id 20260131120000Z")),
        (domains.UNFETCHED, passes("publishes MTA-STS")),
        (
            domains.WITHOUT,
            fails(
                "example.com does not publish MTA-STS: there is no record at _mta-sts.example.com",
                remedy=("https://mta-sts.example.com/.well-known/mta-sts.txt", "`v=STSv1; id=1;`"),
            ),
        ),
        (domains.OTHERS_ONLY, fails("does not publish MTA-STS")),
        (
            domains.recorded(ALIAS),
            fails(
                "(an alias of example.com._mta-sts.provider.example)",
                remedy=("Let the CNAME record of `_mta-sts.example.com` lead",),
            ),
        ),
        (
            domains.DISCARDED,
            fails(
                "senders see no record at _mta-sts.example.com, for it does not begin with",
                "but is 'v=STS1; id=1'",
            ),
        ),
        (
            domains.DANGLING,
            fails(
                "gone.example.net, which does not exist: whoever registers or claims that name",
                remedy=("Let the CNAME record of `_mta-sts.example.com` lead to a name that has",),
            ),
        ),
        (domains.MALFORMED, not_applicable("invalid", owner="mta-sts-record-invalid")),
        (domains.UNSEEN, unknown("not known", "answers SERVFAIL", remedy=("--resolver",))),
        (domains.UNASKED, unknown("not known: it was not asked")),
        (domains.NULL_MX, not_applicable("null MX", owner="mx-null")),
        (domains.BLIND, not_applicable("MX hosts are not known", owner="mx-missing")),
    ],
)
def test_the_domain_publishes_mta_sts(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))
