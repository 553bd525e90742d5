"""Every address of the policy host counts: what senders find there, and what they skip."""

from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent
from mxcheck.evidence.mta_sts import PolicyAnswer, PolicyFetch
from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.mta_sts.mta_sts_policy_unfetchable import RULE
from tests.build import authority, unseen
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

HERE, THERE = f"{POLICY_HOST} [{POLICY_ADDRESS}]:", f"{POLICY_HOST} [{POLICY_ADDRESS6}]:"
GOOD = policy_answer()
OTHER_SITE = authority().issue(names=("www.example.net", "example.net")).der_chain
GONE = Absent(absence=Absence.NXDOMAIN, aliases=("pages.example.net", "gone.example.net"))
EMPTY = Absent(absence=Absence.NODATA, aliases=("pages.example.net",))
NODATA = Absent(absence=Absence.NODATA)


def at_ipv6(answer: PolicyAnswer) -> PolicyAnswer:
    return replace(answer, address=POLICY_ADDRESS6)


WRONG = at_ipv6(policy_answer(chain=OTHER_SITE))
MISSING = at_ipv6(policy_answer(replace(sts_policy(), status=404)))
HANGING = at_ipv6(policy_answer(unseen(Trouble.CLOSED, "the other side closed the connection")))
DEAD = unconnected(unseen(Trouble.TIMEOUT, "no answer within 10 s"), POLICY_ADDRESS6)
NO_ROUTE = unconnected(unseen(Trouble.NO_ROUTE, "no route to IPv6"), POLICY_ADDRESS6)
LATE = unconnected(unseen(Trouble.DEADLINE, "the deadline came first"), POLICY_ADDRESS6)


@pytest.mark.parametrize(
    ("fetch", "want"),
    [
        (policy_fetch(GOOD, at_ipv6(GOOD)), passes(f"from {POLICY_ADDRESS}, {POLICY_ADDRESS6}")),
        # An address that answers wrongly is what the senders get that connect to it.
        (
            policy_fetch(GOOD, WRONG),
            fails(
                "some senders cannot fetch the MTA-STS policy of example.com:",
                f"{THERE} its certificate is not for mta-sts.example.com",
                f"; {POLICY_ADDRESS} serves it",
                remedy=("in its SAN",),
            ),
        ),
        (policy_fetch(GOOD, MISSING), fails(THERE, "the status 404", "serves it")),
        (policy_fetch(GOOD, HANGING), fails(THERE, "the other side closed the connection")),
        (
            policy_fetch(WRONG, replace(MISSING, address=POLICY_ADDRESS)),
            fails("senders cannot", HERE, THERE, remedy=("in its SAN", "port 443 of")),
        ),
        # So is what it showed on another connection.
        (
            policy_fetch(replace(GOOD, other_chains=(OTHER_SITE,))),
            fails(HERE, "on another connection its certificate is not for mta-sts.example.com"),
        ),
        (policy_fetch(replace(GOOD, other_chains=(GOOD.chain,))), passes(POLICY_ADDRESS)),
        # One that does not answer at all is skipped.
        (
            policy_fetch(GOOD, DEAD),
            passes(f"from {POLICY_ADDRESS}; not seen: {THERE} no answer within 10 s"),
        ),
        (policy_fetch(GOOD, NO_ROUTE), passes(f"not seen: {THERE} no route to IPv6")),
        (policy_fetch(DEAD), fails("senders cannot fetch", "no answer within 10 s")),
        (
            policy_fetch(replace(DEAD, address=POLICY_ADDRESS), DEAD),
            fails(HERE, THERE, "no answer within 10 s"),
        ),
        (policy_fetch(WRONG, replace(DEAD, address=POLICY_ADDRESS)), fails(HERE, THERE)),
        (
            policy_fetch(unconnected(unseen(Trouble.REFUSED, "refused")), NO_ROUTE),
            fails(f"{HERE} refused"),
        ),
        # What was not asked may be wrong.
        (policy_fetch(GOOD, LATE), unknown(THERE, "the deadline came first")),
        (policy_fetch(WRONG, replace(LATE, address=POLICY_ADDRESS)), fails(THERE)),
        (
            policy_fetch(GOOD, left_out=("203.0.114.81",)),
            unknown("more addresses", "203.0.114.81", remedy=("--max-addresses",)),
        ),
        (policy_fetch(WRONG, left_out=("203.0.114.81",)), fails(THERE)),
        (
            replace(policy_fetch(GOOD), ipv6=unseen(Trouble.SERVFAIL, "AAAA answers SERVFAIL")),
            passes("comes from", "; not seen: AAAA answers SERVFAIL"),
        ),
        (
            replace(
                policy_fetch(unconnected(unseen(Trouble.NO_ROUTE, "no route"))),
                ipv6=unseen(Trouble.SERVFAIL, "AAAA answers SERVFAIL"),
            ),
            unknown("AAAA answers SERVFAIL"),
        ),
        # A bogus answer is a failure of its own.
        (replace(policy_fetch(GOOD), ipv6=unseen(Trouble.BOGUS)), passes("comes from")),
        (
            PolicyFetch(ipv4=unseen(Trouble.BOGUS), ipv6=NODATA),
            not_applicable("fail DNSSEC validation", owner="dnssec-bogus"),
        ),
        (
            replace(policy_fetch(GOOD), ipv6=unseen(Trouble.EXCLUDED, "left out by -4")),
            passes("comes from"),
        ),
    ],
)
def test_every_address_counts(fetch: PolicyFetch, want: Want) -> None:
    want(ask_domain(RULE, sts_domain(fetch)))


@pytest.mark.parametrize(
    ("fetch", "want"),
    [
        (
            PolicyFetch(ipv4=NODATA, ipv6=NODATA),
            fails("mta-sts.example.com has no address", remedy=("Publish an A or AAAA record",)),
        ),
        (
            PolicyFetch(ipv4=GONE, ipv6=GONE),
            fails(
                "mta-sts.example.com is an alias (CNAME) of gone.example.net, which does not exist",
                "whoever registers or claims that name can serve a policy for the domain",
                remedy=("CNAME record of mta-sts.example.com", "`_mta-sts.example.com`"),
            ),
        ),
        (
            PolicyFetch(ipv4=GONE, ipv6=unseen(Trouble.TIMEOUT, "no answer")),
            fails("an alias (CNAME) of gone.example.net"),
        ),
        (
            PolicyFetch(ipv4=EMPTY, ipv6=EMPTY),
            fails(
                "mta-sts.example.com is an alias (CNAME) of pages.example.net, which has no",
                remedy=("CNAME record of mta-sts.example.com",),
            ),
        ),
        # Nobody else can take over a name of the domain itself.
        (
            PolicyFetch(ipv4=replace(GONE, aliases=("gone.example.com",)), ipv6=NODATA),
            fails("an alias (CNAME) of gone.example.com, which does not exist"),
        ),
    ],
)
def test_a_policy_host_without_an_address(fetch: PolicyFetch, want: Want) -> None:
    want(ask_domain(RULE, sts_domain(fetch)))


def test_who_may_take_over_an_alias_is_told_of_names_of_others_alone() -> None:
    for target, told in {"gone.example.com": False, "gone.notexample.com": True}.items():
        gone = replace(GONE, aliases=(target,))
        answer = ask_domain(RULE, sts_domain(PolicyFetch(ipv4=gone, ipv6=gone)))
        assert ("whoever registers" in answer.message) is told
