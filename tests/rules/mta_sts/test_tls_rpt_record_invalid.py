import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.model.policy import Level
from mxcheck.rules.mta_sts.tls_rpt_record_invalid import RULE
from tests.build import txt
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes
from tests.rules.mta_sts import domains

GOOD = "v=TLSRPTv1; rua=mailto:tls@example.com"
REMEDY = ("exactly one TXT record at `_smtp._tls.example.com`",)


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.ENFORCED, passes("the record of _smtp._tls.example.com is valid")),
        (domains.WITHOUT, passes("valid")),
        (
            domains.reporting(txt("v=TLSRPTv1; rua=tls@example.com")),
            fails("wanted mailto: in front of", "senders send no reports", remedy=REMEDY),
        ),
        (domains.reporting(txt(GOOD + " ")), fails("it ends in white space", remedy=REMEDY)),
        (
            domains.reporting(txt("v=TLSRPTv1; rua=mailto://tls@example.com")),
            fails("wanted mailto: without slashes"),
        ),
        (
            domains.reporting(txt("v=TLSRPT1; rua=mailto:tls@example.com")),
            fails("is not one that senders see: it does not begin with `v=TLSRPTv1;`, but is 'v="),
        ),
        (
            domains.reporting(domains.GONE),
            fails(
                "_smtp._tls.example.com is an alias (CNAME) of gone.example.net, which does not",
                "can receive the reports",
                remedy=("Let the CNAME record of `_smtp._tls.example.com` lead to",),
            ),
        ),
        (domains.reporting(txt(GOOD, GOOD + ";")), fails("2 records", remedy=REMEDY)),
        (
            domains.reporting(domains.NONE),
            not_applicable("there is no TLS-RPT record", owner="tls-rpt-missing"),
        ),
        (
            domains.reporting(domains.SPF),
            not_applicable("there is no TLS-RPT record", owner="tls-rpt-missing"),
        ),
        # No mail is lost because reports are missing: the failed lookup is a warning.
        (
            domains.reporting(domains.SERVFAIL),
            not_applicable("not known", "answers SERVFAIL", owner="tls-rpt-missing"),
        ),
        (domains.NULL_MX, not_applicable("null MX", owner="mx-null")),
    ],
)
def test_the_record_is_well_formed_and_alone(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))


def test_no_mail_depends_on_reports() -> None:
    assert RULE.level is Level.WARNING
