from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer, Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.outcome import Trouble
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail
from mxcheck.rules.mta_sts.mta_sts_mx_unlisted import RULE
from tests.build import HOST, healthy_host, unseen
from tests.policies import (
    POLICY_ADDRESS,
    POLICY_ADDRESS6,
    policy_fetch,
    serving,
    sts_domain,
    sts_policy,
    sts_response,
    unconnected,
)
from tests.rules.ask import Want, ask_mx, fails, not_applicable, passes, unknown
from tests.rules.mta_sts import domains

OTHER = sts_policy(mx="mx2.example.com")
TWO = sts_response(
    "version: STSv1", "mode: enforce", "mx: mx2.example.com", "mx: *.example.net", "max_age: 604800"
)


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.ENFORCED, passes(f"the MTA-STS policy lists {HOST}")),
        (domains.TESTING, passes("lists")),
        (sts_domain(sts_policy(mx="*.example.com")), passes("lists")),
        (sts_domain(sts_policy(mx="MX1.Example.com")), passes("lists")),
        (
            sts_domain(TWO),
            fails(
                "the MTA-STS policy of example.com (mode enforce) does not list the MX host"
                f" {HOST}, only mx2.example.com, *.example.net: senders refuse to deliver to it",
                "and keep that policy for a week",
                remedy=(f"Add `mx: {HOST}` to the policy, then change the id",),
            ),
        ),
        (sts_domain(sts_policy(mx="*.mx1.example.com")), fails("does not list")),
        (sts_domain(sts_policy(mx="*.com")), fails("does not list")),
        (sts_domain(sts_policy(mx="example.com")), fails("does not list")),
        (
            sts_domain(replace(OTHER, body=OTHER.body.replace(b"enforce", b"testing"))),
            fails("(mode testing) does not list", "senders report it", "under enforce"),
        ),
        (domains.GIVEN_UP, not_applicable("the mode none")),
        (domains.GARBLED, not_applicable("malformed", owner="mta-sts-policy-invalid")),
        (domains.UNFETCHED, not_applicable("fetched", owner="mta-sts-policy-unfetchable")),
        (domains.WITHOUT, not_applicable("no MTA-STS record", owner="mta-sts-missing")),
        (domains.UNSEEN, not_applicable("not known", owner="mta-sts-record-invalid")),
        (domains.withdrawing(sts_policy()), passes("lists")),
        (
            domains.withdrawing(OTHER),
            fails(
                "that is published now (mode enforce) does not list",
                "senders that have it refuse to deliver to it",
                remedy=("`mode: none`, with another id; withdraw both 30 days later",),
            ),
        ),
        (
            domains.withdrawing(sts_policy("testing", mx="mx2.example.com")),
            fails("(mode testing) does not list", "senders that have it report it"),
        ),
        (domains.withdrawing(sts_policy("none")), not_applicable(owner="mta-sts-missing")),
        (
            domains.withdrawing(replace(OTHER, body=b"none of it")),
            not_applicable(owner="mta-sts-missing"),
        ),
        (domains.withdrawing(replace(OTHER, status=404)), unknown("not known", "status 404")),
        (
            domains.withdrawing(unseen(Trouble.SERVFAIL, "answers SERVFAIL")),
            unknown("not fetched: answers SERVFAIL", remedy=("Keep the record",)),
        ),
        (
            domains.withdrawing(policy_fetch(unconnected(unseen(Trouble.REFUSED, "refused")))),
            unknown(f"mta-sts.example.com [{POLICY_ADDRESS}]: refused"),
        ),
        # Some senders get one policy and some the other.
        (
            sts_domain(serving(sts_policy(), OTHER)),
            fails(f"of example.com at {POLICY_ADDRESS6} (mode enforce) does not list"),
        ),
        (
            sts_domain(serving(sts_policy("testing", mx="mx3.example.com"), OTHER)),
            fails(f"at {POLICY_ADDRESS6} (mode enforce) does not list", "only mx2.example.com"),
        ),
        (sts_domain(serving(sts_policy(), sts_policy("testing"))), passes("lists")),
        (
            domains.withdrawing(serving(sts_policy(), OTHER)),
            fails(f"that is published now at {POLICY_ADDRESS6} (mode enforce) does not list"),
        ),
    ],
)
def test_the_policy_lists_the_mx_host(domain: Domain, want: Want) -> None:
    want(ask_mx(RULE, domain.hosts[0], domain))


@pytest.mark.parametrize(
    ("mode", "at_most"), [("enforce", Level.ERROR), ("testing", Level.WARNING)]
)
def test_in_testing_mode_it_is_a_warning_at_most(mode: str, at_most: Level) -> None:
    domain = sts_domain(sts_policy(mode, mx="mx2.example.com"))
    answer = ask_mx(RULE, domain.hosts[0], domain)
    assert isinstance(answer, Fail)
    assert answer.at_most is at_most


def test_a_name_that_no_policy_can_list_is_not_to_be_added() -> None:
    host = replace(healthy_host(), name="mx_1.example.com")
    fails(remedy=("a name without underscore",))(ask_mx(RULE, host, sts_domain()))


def test_an_address_is_no_host() -> None:
    host = replace(healthy_host(), name="192.0.2.1")
    not_applicable(owner="mx-is-address")(ask_mx(RULE, host, sts_domain()))


NODATA, NXDOMAIN = Absent(absence=Absence.NODATA), Absent(absence=Absence.NXDOMAIN)
LOST = unseen(Trouble.SERVFAIL)
NOWHERE = not_applicable("no known address", owner="mx-unresolvable")


@pytest.mark.parametrize(
    ("ipv4", "ipv6", "want"),
    [
        # Such as ms12345678.msv1.invalid, by which a provider has the domain prove its owner.
        (NXDOMAIN, NXDOMAIN, NOWHERE),
        (NODATA, NODATA, NOWHERE),
        (NODATA, NXDOMAIN, NOWHERE),
        (NXDOMAIN, LOST, NOWHERE),
        (LOST, NODATA, fails("does not list the MX host ms12345678.msv1.invalid")),
        (LOST, LOST, fails("does not list")),
        (Answer(owner="x", records=("203.0.114.9",)), NODATA, fails("does not list")),
    ],
)
def test_a_host_without_an_address_is_not_judged_by_the_policy(
    ipv4: Lookup, ipv6: Lookup, want: Want
) -> None:
    host = replace(healthy_host(), name="ms12345678.msv1.invalid", ipv4=ipv4, ipv6=ipv6)
    want(ask_mx(RULE, host, sts_domain()))
    listed = replace(host, name=HOST)
    answer = ask_mx(RULE, listed, sts_domain())
    (NOWHERE if want is NOWHERE else passes("lists"))(answer)
