import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.rules.posture.dmarc_reports_unauthorized import RULE
from tests.build import txt
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes, unknown
from tests.rules.posture.domains import NONE, SERVFAIL, reporting_to, with_dmarc

HOST = "reports.example.net"
LONG = ".".join(("a" * 60, "b" * 60, "c" * 60, "d" * 40, "example"))


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (with_dmarc("v=DMARC1; p=none; rua=mailto:a@example.com"), passes("stay in the")),
        (with_dmarc("v=DMARC1; p=none; rua=mailto:a@in.example.com"), passes("stay in the")),
        (reporting_to(HOST, txt("v=DMARC1")), passes("reports.example.net permits them")),
        (
            reporting_to(HOST, NONE),
            fails(
                "send no DMARC reports about example.com to reports.example.net",
                "example.com._report._dmarc.reports.example.net: no record there",
                remedy=('`example.com._report._dmarc.reports.example.net. TXT "v=DMARC1"`',),
            ),
        ),
        (
            reporting_to(HOST, txt("v=DMARC1; rua=mailto:a@else.example")),
            fails("names another host, else.example"),
        ),
        (reporting_to(LONG, NONE), fails("would be too long", remedy=("shorter name",))),
        (reporting_to(HOST, SERVFAIL), unknown("is not known", "SERVFAIL", remedy=("dig",))),
        (with_dmarc("v=DMARC1; p=none"), not_applicable("asks for no reports")),
        (
            with_dmarc(com="v=DMARC1; p=none; psd=y; rua=mailto:a@example.net"),
            not_applicable("public suffix"),
        ),
        (with_dmarc(), not_applicable(owner="dmarc-missing")),
    ],
)
def test_dmarc_reports_unauthorized(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))
