from dataclasses import replace

import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import PolicyFetch
from mxcheck.evidence.overrides import OverridePolicy
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail
from mxcheck.rules.mta_sts import mta_sts_not_enforced
from mxcheck.rules.mta_sts.mta_sts_policy_invalid import RULE
from mxcheck.wire.tls_rpt import ResultType
from tests.policies import (
    POLICY_ADDRESS,
    POLICY_ADDRESS6,
    serving,
    sts_domain,
    sts_policy,
    sts_response,
)
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes
from tests.rules.mta_sts import domains

URL = "https://mta-sts.example.com/.well-known/mta-sts.txt"
HTML = sts_domain(sts_response("<!DOCTYPE html>", "<title>Hello</title>"))
NO_MX = sts_domain(sts_response("version: STSv1", "mode: none", "max_age: 86400"))


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.ENFORCED, passes("mode enforce, max_age 2592000, mx mx1.example.com")),
        (NO_MX, passes("mode none, max_age 86400, mx no host")),
        (
            HTML,
            fails(
                "https://mta-sts.example.com/.well-known/mta-sts.txt is malformed: line 1: wanted",
                "got '<!DOCTYPE html>'",
                remedy=("change the id in the TXT record `_mta-sts.example.com`",),
            ),
        ),
        (domains.GARBLED, fails("it has no version field")),
        (domains.UNFETCHED, not_applicable("fetched", owner="mta-sts-policy-unfetchable")),
        (domains.CUT_OFF, not_applicable("fetched", owner="mta-sts-policy-unfetchable")),
        (domains.WITHOUT, not_applicable("no MTA-STS record", owner="mta-sts-missing")),
        (domains.MALFORMED, not_applicable("invalid", owner="mta-sts-record-invalid")),
        (domains.UNSEEN, not_applicable("not known", owner="mta-sts-record-invalid")),
    ],
)
def test_the_policy_is_well_formed(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))


def test_what_senders_call_it() -> None:
    answer = ask_domain(RULE, HTML)
    assert isinstance(answer, Fail)
    assert answer.result_type is ResultType.STS_POLICY_INVALID


BODY = "version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 604800\n"
SAME = replace(sts_policy(), body=sts_policy().body.replace(b"\n", b"\r\n") + b"note: x\r\n")
MISREAD = replace(sts_policy(), body=sts_policy().body + b"mode: testing\n")
HERE, THERE = POLICY_ADDRESS, POLICY_ADDRESS6


@pytest.mark.parametrize(
    ("fetch", "want"),
    [
        (serving(sts_policy(), sts_policy()), passes("mode enforce")),
        # Other bytes, and the same to every sender.
        (serving(sts_policy(), SAME), passes("mode enforce")),
        (
            serving(sts_policy(), sts_policy("testing")),
            fails(
                "mta-sts.example.com serves different MTA-STS policies:"
                f" at {HERE}: mode enforce, max_age 2592000, mx mx1.example.com;"
                f" at {THERE}: mode testing, max_age 2592000, mx mx1.example.com",
                remedy=("Correct the policy",),
            ),
        ),
        (serving(sts_policy(), sts_policy(mx="mx2.example.com")), fails("mx mx2.example.com")),
        (
            serving(sts_policy(), sts_policy(max_age=1)),
            fails(f"at {THERE}: mode enforce, max_age 1"),
        ),
        (
            serving(sts_policy(), sts_response("mode: enforce")),
            fails(f"at {URL} at {THERE} is malformed: it has no version field"),
        ),
        (
            serving(sts_response("x"), sts_response("mode: enforce")),
            fails(f"at {HERE} is malformed: line 1", f"at {THERE} is malformed: it has no version"),
        ),
        # What means the same by RFC 8461, and not to every sender.
        (
            serving(sts_policy(), MISREAD),
            fails(f"the MTA-STS policy at {URL} at {THERE} is read differently: line 5"),
        ),
        (serving(MISREAD, sts_policy()), fails(f"policy at {URL} is read differently: line 5")),
        # Of an address at which senders read nothing this rule says nothing.
        (
            serving(sts_policy(), replace(sts_policy("testing"), status=404)),
            passes("mode enforce"),
        ),
    ],
)
def test_every_address_serves_the_same_policy(fetch: PolicyFetch, want: Want) -> None:
    want(ask_domain(RULE, sts_domain(fetch)))


@pytest.mark.parametrize(
    ("body", "words", "at_most"),
    [
        (
            BODY + "mode: enforce\n",
            (
                "is read differently: line 5 gives mode again",
                "RFC 8461 3.2 take the first, 'testing'",
                "take the last, 'enforce'",
            ),
            Level.ERROR,
        ),
        (BODY + "mx: 192.0.2.1\n", ("the IP address '192.0.2.1' as mx",), Level.ERROR),
        (BODY + "note: a: b\n", ("line 5 has a colon", "maddy discards"), Level.WARNING),
        (BODY + "note: a: b\nmax_age: 1\n", ("colon", "gives max_age again"), Level.ERROR),
    ],
)
def test_every_sender_reads_the_same(body: str, words: tuple[str, ...], at_most: Level) -> None:
    domain = sts_domain(replace(sts_policy(), body=body.encode()))
    answer = ask_domain(RULE, domain)
    fails(*words)(answer)
    assert isinstance(answer, Fail)
    assert answer.at_most is at_most
    # What RFC 8461 makes of it is judged by the other rules.
    fails("the mode testing")(ask_domain(mta_sts_not_enforced.RULE, domain))


def test_a_policy_that_is_given_is_judged_alike() -> None:
    given = OverridePolicy(
        path="mta-sts.txt", body=f"{BODY}mode: none\n".encode(), overrides=("--mta-sts-policy x",)
    )
    domain = replace(sts_domain(), mta_sts=replace(sts_domain().mta_sts, policy=given))
    fails("the MTA-STS policy at mta-sts.txt is read differently: line 5 gives mode again")(
        ask_domain(RULE, domain)
    )
