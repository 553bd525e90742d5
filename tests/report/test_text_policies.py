"""What the verbose text report shows of MTA-STS and TLS-RPT."""

from dataclasses import replace

import pytest

from mxcheck.evidence.dmarc import Dmarc
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import MtaSts
from mxcheck.report.layout import lay_out, plain
from mxcheck.report.text.details import render_details
from mxcheck.report.text.policies import policy_facts
from tests.policies import policy_fetch, serving, sts_domain, sts_policy, sts_response
from tests.report import verdicts
from tests.rules.mta_sts import domains

URL = "https://mta-sts.example.com/.well-known/mta-sts.txt"
REPORTS = ("TLS-RPT", "v=TLSRPTv1; rua=mailto:tls@example.com")
RECORD = ("MTA-STS", "v=STSv1; id=20260131120000Z;")


@pytest.mark.parametrize(
    ("domain", "facts"),
    [
        (
            domains.ENFORCED,
            [
                RECORD,
                ("policy", f"{URL} at 203.0.114.80: status 200, text/plain"),
                ("", "version: STSv1"),
                ("", "mode: enforce"),
                ("", "mx: mx1.example.com"),
                ("", "max_age: 2592000"),
                REPORTS,
            ],
        ),
        (
            sts_domain(replace(sts_policy(), status=302, location="/x", body=b"")),
            [
                RECORD,
                ("policy", f"{URL} at 203.0.114.80: status 302, text/plain, Location: /x"),
                REPORTS,
            ],
        ),
        (
            domains.UNFETCHED,
            [
                RECORD,
                ("policy", f"{URL} at 203.0.114.80 not seen: connection refused (refused)"),
                REPORTS,
            ],
        ),
        (
            sts_domain(policy_fetch()),
            [
                RECORD,
                ("policy", "not seen: the policy host has no address (no-address)"),
                REPORTS,
            ],
        ),
        (
            sts_domain(serving(sts_response("mode: a"), sts_response("mode: b"))),
            [
                RECORD,
                ("policy", f"{URL} at 203.0.114.80: status 200, text/plain"),
                ("", "mode: a"),
                ("policy", f"{URL} at 2001:500::80: status 200, text/plain"),
                ("", "mode: b"),
                REPORTS,
            ],
        ),
        (
            sts_domain(serving(sts_response("mode: a"), sts_response("mode: a"))),
            [
                RECORD,
                ("policy", f"{URL} at 203.0.114.80: status 200, text/plain"),
                ("", "mode: a"),
                ("policy", f"{URL} at 2001:500::80: status 200, text/plain"),
                ("", "the same as at 203.0.114.80"),
                REPORTS,
            ],
        ),
        (domains.WITHOUT, [("MTA-STS", "no record (nxdomain)"), REPORTS]),
        (domains.OTHERS_ONLY, [("MTA-STS", "v=spf1 -all"), REPORTS]),
        (
            domains.UNSEEN,
            [("MTA-STS", "not seen: the resolver 127.0.0.1 answers SERVFAIL (servfail)"), REPORTS],
        ),
        (replace(sts_domain(), mta_sts=MtaSts(), records=()), []),
    ],
)
def test_what_was_asked_for_is_shown(domain: Domain, facts: list[tuple[str, str]]) -> None:
    assert list(policy_facts(domain)) == facts


def test_a_long_policy_is_cut() -> None:
    long = replace(sts_policy(), body=b"a: b\n" * 1000)
    facts = list(policy_facts(sts_domain(long)))
    assert len(facts) < 50
    assert ("", "… and 960 more lines") in facts


@pytest.mark.parametrize("domain", [domains.ENFORCED, domains.UNASKED])
def test_the_details_begin_with_the_domain(domain: Domain) -> None:
    verdict = replace(verdicts.healthy().domains[0], domain=domain)
    text = "".join(plain(lay_out(render_details(verdict), 80)))
    assert text.startswith("\n  Seen of example.com\n")
    assert text.count("Seen of example.com") == 1


def test_nothing_is_said_of_what_was_not_asked() -> None:
    unasked = replace(domains.UNASKED, records=(), dmarc=Dmarc())
    verdict = replace(verdicts.healthy().domains[0], domain=unasked)
    assert "Seen of example.com" not in "".join(plain(lay_out(render_details(verdict), 80)))
