from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Answer, TlsaLookup
from mxcheck.evidence.domain import Domain
from mxcheck.model.policy import Policy
from mxcheck.rules.mta_sts.tls_rpt_missing import RULE
from tests.build import HOST, healthy_host, txt, withheld
from tests.rules.ask import MAIL, Want, ask_domain, fails, not_applicable, passes, unknown
from tests.rules.mta_sts import domains

REQUIRED = Policy(require=("tls-rpt",))
TLSA = TlsaLookup(
    base=HOST,
    name=f"_25._tcp.{HOST}",
    lookup=Answer(owner=f"_25._tcp.{HOST}", records=("3 1 1 00",)),
)
WITH_DANE = replace(domains.WITHOUT, hosts=(replace(healthy_host(), tlsa=(TLSA,)),))


def silent(domain: Domain) -> Domain:
    return domains.reporting(domains.NONE, domain)


@pytest.mark.parametrize(
    ("domain", "policy", "want"),
    [
        (domains.ENFORCED, MAIL, passes("TLS reports go to mailto:tls@example.com")),
        (
            silent(domains.ENFORCED),
            MAIL,
            fails(
                "example.com has no TLS-RPT record at _smtp._tls.example.com",
                remedy=("at `_smtp._tls.example.com`, such as `v=TLSRPTv1; rua=mailto:",),
            ),
        ),
        (silent(domains.GIVEN_UP), MAIL, fails("no TLS-RPT record")),
        (silent(domains.UNFETCHED), MAIL, fails("no TLS-RPT record")),
        (silent(WITH_DANE), MAIL, fails("no TLS-RPT record")),
        (domains.reporting(domains.SPF), MAIL, fails("no TLS-RPT record")),
        (
            domains.reporting(replace(domains.GONE, absence=Absence.NODATA)),
            MAIL,
            fails("(an alias of gone.example.net)", remedy=("CNAME",)),
        ),
        (
            domains.reporting(withheld(txt("v=TLSRPTv1"), "TXT")),
            MAIL,
            unknown("not known", remedy=("delv +vtrace", "TCP port 53", "DS record")),
        ),
        (silent(domains.WITHOUT), MAIL, not_applicable("neither MTA-STS nor DANE is in use")),
        (domains.WITHOUT, MAIL, not_applicable("neither MTA-STS nor DANE is in use")),
        (domains.WITHOUT, REQUIRED, passes("TLS reports go to")),
        (silent(domains.WITHOUT), REQUIRED, fails("no TLS-RPT record")),
        (
            silent(domains.UNSEEN),
            MAIL,
            not_applicable("in use is not known", owner="mta-sts-record-invalid"),
        ),
        (silent(domains.MALFORMED), MAIL, not_applicable(owner="mta-sts-record-invalid")),
        (
            domains.reporting(txt("v=TLSRPTv1; rua=tls@example.com")),
            MAIL,
            not_applicable("invalid", owner="tls-rpt-record-invalid"),
        ),
        # A record that senders cannot read is not what is required.
        (
            domains.reporting(txt("v=TLSRPTv1; rua=tls@example.com")),
            REQUIRED,
            fails("no TLS-RPT record at", "that senders can read: wanted mailto: in front"),
        ),
        (
            domains.reporting(txt("v=TLSRPT1; rua=mailto:tls@example.com")),
            MAIL,
            not_applicable("invalid", owner="tls-rpt-record-invalid"),
        ),
        (
            domains.reporting(txt("v=TLSRPT1; rua=mailto:tls@example.com")),
            REQUIRED,
            fails("that senders can read: it does not begin with `v=TLSRPTv1;`, but is"),
        ),
        (
            domains.reporting(domains.GONE),
            REQUIRED,
            fails(
                "_smtp._tls.example.com is an alias (CNAME) of gone.example.net, which does not",
                remedy=("Let the CNAME record of `_smtp._tls.example.com` lead to",),
            ),
        ),
        (
            domains.reporting(domains.SERVFAIL),
            MAIL,
            unknown("not known", "answers SERVFAIL", remedy=("--resolver",)),
        ),
        (domains.NULL_MX, REQUIRED, not_applicable("null MX", owner="mx-null")),
        (domains.BLIND, REQUIRED, not_applicable("not known", owner="mx-missing")),
    ],
)
def test_who_uses_mta_sts_or_dane_asks_for_reports(
    domain: Domain, policy: Policy, want: Want
) -> None:
    want(ask_domain(RULE, domain, policy))
