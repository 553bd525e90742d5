from dataclasses import replace

import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.evidence.outcome import OUR_OWN, Trouble
from mxcheck.model.policy import Policy
from mxcheck.rules.base import Fail
from mxcheck.rules.mta_sts.mta_sts_policy_unfetchable import RULE
from mxcheck.wire.tls_rpt import ResultType
from tests.build import sts_domain, sts_policy, unseen
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes, unknown
from tests.rules.mta_sts import domains

URL = "https://mta-sts.example.com/.well-known/mta-sts.txt"
SERVE = ("port 443 of mta-sts.example.com", "`Content-Type: text/plain`", "no redirect")


def answered(status: int = 200, content_type: str = "text/plain", location: str = "") -> Domain:
    response = replace(
        sts_policy(), status=status, content_type=content_type, location=location, body=b""
    )
    return sts_domain(response)


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.ENFORCED, passes(f"{URL} comes from 203.0.114.80, as text/plain")),
        (domains.GARBLED, passes("text/plain")),
        (answered(content_type="Text/Plain ; charset=utf-8"), passes("text/plain")),
        (answered(content_type="text/plain;x=y"), passes("text/plain")),
        (answered(404), fails("cannot fetch the MTA-STS policy of example.com", "the status 404")),
        (answered(204), fails("the status 204")),
        (
            answered(301, location="https://www.example.com/"),
            fails(
                f"{URL} answers with the status 301, a redirect to https://www.example.com/, which"
                " senders must not follow",
                remedy=SERVE,
            ),
        ),
        (answered(302), fails("the status 302, a redirect, which senders must not follow")),
        (answered(500), fails("the status 500", remedy=SERVE)),
        (
            answered(content_type="text/html; charset=utf-8"),
            fails(f"{URL} comes as text/html; charset=utf-8, where text/plain is wanted"),
        ),
        (answered(content_type=""), fails("comes without a Content-Type", remedy=SERVE)),
        (domains.WITHOUT, not_applicable("no MTA-STS record", owner="mta-sts-missing")),
        (domains.MALFORMED, not_applicable("invalid", owner="mta-sts-record-invalid")),
        (domains.UNSEEN, not_applicable("not known", owner="mta-sts-record-invalid")),
        (domains.NULL_MX, not_applicable("null MX", owner="mx-null")),
    ],
)
def test_the_policy_comes_with_status_200_as_text_plain(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))


@pytest.mark.parametrize(
    ("trouble", "remedy"),
    [
        (Trouble.CERTIFICATE, "public authority with mta-sts.example.com in its SAN"),
        (Trouble.HANDSHAKE, "speak TLS 1.2 or later"),
        (Trouble.NO_ADDRESS, "Publish an A or AAAA record with a public address"),
        (Trouble.NOT_PUBLIC, "Publish an A or AAAA record with a public address"),
        (Trouble.SERVFAIL, "name servers of the zone answer to A and AAAA of mta-sts.example.com"),
        (Trouble.ALIAS_CHAIN, "CNAME records of mta-sts.example.com lead to an end"),
        (Trouble.FLOOD, "well under 64 KiB"),
        (Trouble.REFUSED, "answer port 443 of mta-sts.example.com"),
        (Trouble.TIMEOUT, "answer port 443 of mta-sts.example.com"),
        (Trouble.MALFORMED, "answer port 443 of mta-sts.example.com"),
        (Trouble.DRIP, "at once with the policy"),
    ],
)
def test_each_trouble_of_the_policy_host_has_its_repair(trouble: Trouble, remedy: str) -> None:
    answer = ask_domain(RULE, sts_domain(unseen(trouble, "as the probe said it")))
    fails("cannot fetch", "as the probe said it", remedy=(remedy,))(answer)


@pytest.mark.parametrize(
    "trouble",
    [*sorted(OUR_OWN), Trouble.NO_ROUTE, Trouble.EXCLUDED, Trouble.RESOLVER, Trouble.DNS_REFUSED],
)
def test_trouble_of_our_own_says_nothing_about_the_policy_host(trouble: Trouble) -> None:
    answer = ask_domain(RULE, sts_domain(unseen(trouble, "as the probe said it")))
    unknown("the MTA-STS policy was not fetched: as the probe said it")(answer)


@pytest.mark.parametrize(
    ("domain", "result_type"),
    [
        (answered(404), ResultType.STS_POLICY_FETCH_ERROR),
        (domains.UNFETCHED, ResultType.STS_POLICY_FETCH_ERROR),
        (sts_domain(unseen(Trouble.HANDSHAKE)), ResultType.STS_POLICY_FETCH_ERROR),
        (sts_domain(unseen(Trouble.CERTIFICATE)), ResultType.STS_WEBPKI_INVALID),
    ],
)
def test_what_senders_call_it(domain: Domain, result_type: ResultType) -> None:
    answer = ask_domain(RULE, domain)
    assert isinstance(answer, Fail)
    assert answer.result_type is result_type


def test_a_policy_host_that_was_passed_over_and_is_allowed_by_now_is_unknown() -> None:
    # Evidence of a run without --allow-private, judged under a policy with it.
    domain = sts_domain(unseen(Trouble.NOT_PUBLIC, "10.0.0.1 is a private address"))
    answer = ask_domain(RULE, domain, Policy(allow_private=True))
    unknown("10.0.0.1", "gathered without", remedy=("with --allow-private",))(answer)
