from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.demo.certificates import self_signed
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import PolicyFetch
from mxcheck.evidence.outcome import OUR_OWN, Trouble, Unseen
from mxcheck.model.policy import Policy
from mxcheck.rules.base import Fail
from mxcheck.rules.mta_sts.mta_sts_policy_unfetchable import RULE
from mxcheck.wire.tls_rpt import ResultType
from tests.build import OBSERVED_AT, authority, unseen
from tests.policies import (
    POLICY_ADDRESS,
    POLICY_ADDRESS6,
    POLICY_HOST,
    policy_answer,
    policy_fetch,
    sts_domain,
    sts_policy,
    unconnected,
)
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes, unknown
from tests.rules.mta_sts import domains
from tests.rules.weak import issue

URL = "https://mta-sts.example.com/.well-known/mta-sts.txt"
SERVE = ("port 443 of mta-sts.example.com", "`Content-Type: text/plain`", "no redirect")
HERE, THERE = f"{POLICY_HOST} [{POLICY_ADDRESS}]:", f"{POLICY_HOST} [{POLICY_ADDRESS6}]:"
SAID = "as the probe said it"
GOOD = policy_answer()
OTHER_SITE = authority().issue(names=("www.example.net", "example.net")).der_chain


def answered(
    status: int = 200,
    content_type: str = "text/plain",
    location: str = "",
    content_encoding: str = "",
    retry_after: str = "",
) -> Domain:
    response = replace(
        sts_policy(),
        status=status,
        content_type=content_type,
        location=location,
        content_encoding=content_encoding,
        retry_after=retry_after,
    )
    return sts_domain(response)


def presenting(chain: tuple[bytes, ...]) -> Domain:
    return sts_domain(policy_fetch(policy_answer(chain=chain)))


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.ENFORCED, passes(f"{URL} comes from 203.0.114.80")),
        (domains.GARBLED, passes("comes from")),
        (answered(content_type="Text/Plain ; charset=utf-8"), passes("comes from")),
        (answered(content_type="text/plain;x=y"), passes("comes from")),
        (
            answered(404),
            fails(
                "senders cannot fetch the MTA-STS policy of example.com:", HERE, "the status 404"
            ),
        ),
        (answered(204), fails("the status 204")),
        (
            answered(301, location="https://www.example.com/"),
            fails(
                "it answers with the status 301, a redirect to https://www.example.com/, which"
                " senders must not follow",
                remedy=SERVE,
            ),
        ),
        (answered(302), fails("the status 302, a redirect, which senders must not follow")),
        (answered(500), fails("the status 500", remedy=SERVE)),
        (answered(503, retry_after="120"), fails("the status 503 (Retry-After: 120)")),
        (
            answered(content_type="text/html; charset=utf-8"),
            fails("the policy comes as text/html; charset=utf-8, where text/plain is wanted"),
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
    "coding",
    ["", "identity", "utf-8", "UTF-8", "none", "text", "8bit", "chunked", "identity, utf8"],
)
def test_what_is_no_compression_is_no_fault(coding: str) -> None:
    passes("comes from")(ask_domain(RULE, answered(content_encoding=coding)))


@pytest.mark.parametrize(
    ("coding", "named"),
    [
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "x-gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("deflate", "deflate"),
        ("utf-8, gzip", "gzip"),
        ("gzip, identity, br", "gzip, br"),
    ],
)
def test_a_compressed_policy_is_not_read(coding: str, named: str) -> None:
    fails(f"the policy comes compressed, unasked (Content-Encoding: {named})")(
        ask_domain(RULE, answered(content_encoding=coding))
    )


def weak(key: str, digest: str) -> Domain:
    return presenting(issue(authority(), key, digest, POLICY_HOST).der_chain)


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (
            presenting(
                authority().issue(names=(POLICY_HOST,), not_after=timedelta(days=-3)).der_chain
            ),
            fails(HERE, "its certificate has expired, on 2026-01-28", remedy=("certbot",)),
        ),
        (
            presenting(
                authority().issue(names=(POLICY_HOST,), not_before=timedelta(days=3)).der_chain
            ),
            fails("its certificate is not yet valid, but from 2026-02-03 on"),
        ),
        (
            presenting(OTHER_SITE),
            fails(
                "its certificate is not for mta-sts.example.com (its SAN contains www.example.net,"
                " example.net)",
                remedy=("public authority with mta-sts.example.com in its SAN",),
            ),
        ),
        (
            presenting(authority().issue(common_name=POLICY_HOST).der_chain),
            fails("is not for mta-sts.example.com (its SAN contains no dNSName)"),
        ),
        (
            presenting(self_signed(OBSERVED_AT, names=(POLICY_HOST,)).der_chain),
            fails("leads to no trusted root (self-signed certificate)"),
        ),
        (
            presenting(authority().issue(names=(POLICY_HOST,)).without_intermediates().der_chain),
            fails("since the certificate of the issuer CN=Demo Issuing CA is neither sent nor"),
        ),
        (
            presenting(
                authority().issue(names=("a.example",), not_after=timedelta(days=-3)).der_chain
            ),
            fails("has expired, on 2026-01-28; its certificate is not for mta-sts.example.com"),
        ),
        (presenting(()), fails("it presents no certificate")),
        (weak("rsa:1024", "sha256"), fails("has a weak key (RSA 1024, 2048 bits are wanted)")),
        (weak("rsa:2048", "sha1"), fails(f"CN={POLICY_HOST} is signed with SHA-1")),
    ],
)
def test_senders_accept_the_certificate(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))


def connecting(trouble: Unseen) -> PolicyFetch:
    return policy_fetch(unconnected(trouble))


def answering(trouble: Unseen) -> PolicyFetch:
    return policy_fetch(policy_answer(trouble))


def looking_up(trouble: Unseen) -> PolicyFetch:
    return PolicyFetch(ipv4=trouble, ipv6=trouble)


Stage = Callable[[Unseen], PolicyFetch]


@pytest.mark.parametrize(
    ("stage", "trouble", "remedy"),
    [
        (answering, Trouble.HANDSHAKE, "speak TLS 1.2 or later"),
        (answering, Trouble.FLOOD, "well under 64 KiB"),
        (answering, Trouble.MALFORMED, "answer port 443 of mta-sts.example.com"),
        (answering, Trouble.TIMEOUT, "answer port 443 of mta-sts.example.com"),
        (answering, Trouble.DRIP, "at once with the policy"),
        (connecting, Trouble.NOT_PUBLIC, "Publish an A or AAAA record with a public address"),
        (connecting, Trouble.REFUSED, "answer port 443 of mta-sts.example.com"),
        (connecting, Trouble.TIMEOUT, "answer port 443 of mta-sts.example.com"),
        (looking_up, Trouble.SERVFAIL, "name servers of the zone answer to A and AAAA of mta-sts."),
        (looking_up, Trouble.ALIAS_CHAIN, "CNAME records of mta-sts.example.com lead to an end"),
    ],
)
def test_each_trouble_of_the_policy_host_has_its_repair(
    stage: Stage, trouble: Trouble, remedy: str
) -> None:
    answer = ask_domain(RULE, sts_domain(stage(unseen(trouble, SAID))))
    fails("senders cannot fetch", SAID, remedy=(remedy,))(answer)


@pytest.mark.parametrize(
    ("stage", "trouble"),
    [
        *((stage, one) for stage in (answering, connecting) for one in sorted(OUR_OWN)),
        (connecting, Trouble.NO_ROUTE),
        (connecting, Trouble.EXCLUDED),
        (looking_up, Trouble.RESOLVER),
        (looking_up, Trouble.DNS_REFUSED),
        (looking_up, Trouble.DEADLINE),
    ],
)
def test_trouble_of_our_own_says_nothing_about_the_policy_host(
    stage: Stage, trouble: Trouble
) -> None:
    answer = ask_domain(RULE, sts_domain(stage(unseen(trouble, SAID))))
    unknown("the MTA-STS policy was not fetched:", SAID)(answer)


def test_a_fetch_that_never_began_is_unknown() -> None:
    unknown("not fetched: too late")(
        ask_domain(RULE, sts_domain(unseen(Trouble.DEADLINE, "too late")))
    )


@pytest.mark.parametrize(
    ("domain", "result_type"),
    [
        (answered(404), ResultType.STS_POLICY_FETCH_ERROR),
        (domains.UNFETCHED, ResultType.STS_POLICY_FETCH_ERROR),
        (sts_domain(answering(unseen(Trouble.HANDSHAKE))), ResultType.STS_POLICY_FETCH_ERROR),
        (presenting(OTHER_SITE), ResultType.STS_WEBPKI_INVALID),
    ],
)
def test_what_senders_call_it(domain: Domain, result_type: ResultType) -> None:
    answer = ask_domain(RULE, domain)
    assert isinstance(answer, Fail)
    assert answer.result_type is result_type


def test_a_policy_host_that_was_passed_over_and_is_allowed_by_now_is_unknown() -> None:
    # Evidence of a run without --allow-private, judged under a policy with it.
    domain = sts_domain(connecting(unseen(Trouble.NOT_PUBLIC, "10.0.0.1 is a private address")))
    answer = ask_domain(RULE, domain, Policy(allow_private=True))
    unknown("10.0.0.1", "gathered without", remedy=("with --allow-private",))(answer)


def test_an_answer_that_was_not_waited_for_long_enough_names_the_flag() -> None:
    answer = ask_domain(RULE, sts_domain(answering(unseen(Trouble.BUDGET, SAID))))
    unknown(SAID, remedy=("--timeout of 30 s or more", "senders wait a minute"))(answer)
