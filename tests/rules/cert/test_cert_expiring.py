from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.x509 import Certificate

from mxcheck.demo.certificates import to_pem
from mxcheck.evidence.outcome import Trouble
from mxcheck.model.policy import Level, Policy
from mxcheck.rules.base import Fail
from mxcheck.rules.cert.cert_expiring import RULE
from mxcheck.rules.trust import TrustStore
from tests.build import ADDRESS, HOST, authority, chain_visit, root, unseen, visit_until
from tests.rules.ask import Want, ask_visit, case_of, fails, not_applicable, passes, unknown
from tests.rules.chains import Chain, certified, der, issued, untrusted_root
from tests.rules.dane.cases import endpoint_case, host_with, record, text_of, tlsa

WHERE = f"{HOST} [{ADDRESS}]:25"
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
SIX_DAYS = 160 * timedelta(hours=1)
RENEW = ("Renew the certificate (for example with certbot)", "reload the MTA")


def wanting(days: int, bound: str, left: int) -> Want:
    return fails(WHERE, f"only {left} more days", f"at least {days} are wanted ({bound})")


@pytest.mark.parametrize(
    ("lifetime", "left", "days", "want"),
    [
        (90 * DAY, 60 * DAY, None, passes("60 more days", "until 2026-04-01")),
        (90 * DAY, 14 * DAY, None, passes("14 more days")),
        (90 * DAY, 14 * DAY - SECOND, None, wanting(14, "the default", 13)),
        (90 * DAY, 3 * DAY, None, fails(WHERE, "2026-02-03", remedy=RENEW)),
        (90 * DAY, timedelta(0), None, wanting(14, "the default", 0)),
        # The cap: a quarter of the lifetime, rounded down. Clients renew with a third left.
        (64 * DAY, 14 * DAY - SECOND, None, wanting(14, "the default", 13)),
        (56 * DAY, 14 * DAY - SECOND, None, wanting(14, "the default", 13)),
        (47 * DAY, 11 * DAY, None, passes("11 more days")),
        (47 * DAY, 10 * DAY, None, wanting(11, "a quarter of its lifetime of 47 days", 10)),
        (45 * DAY, 15 * DAY, None, passes("15 more days")),
        (45 * DAY, 11 * DAY, None, passes("11 more days")),
        (45 * DAY, 10 * DAY, None, wanting(11, "a quarter of its lifetime of 45 days", 10)),
        (SIX_DAYS, DAY, None, passes("1 more day, until")),
        (SIX_DAYS, DAY - SECOND, None, wanting(1, "a quarter of its lifetime of 6 days", 0)),
        (2 * DAY, SECOND, None, passes("0 more days")),
        # A number that the user set is used as it is.
        (90 * DAY, 20 * DAY, 30, wanting(30, "min_cert_days", 20)),
        (90 * DAY, 30 * DAY, 30, passes("30 more days")),
        (SIX_DAYS, 5 * DAY, 14, wanting(14, "min_cert_days", 5)),
        (90 * DAY, 3 * DAY, 2, passes("3 more days")),
        (90 * DAY, SECOND, 0, passes("0 more days")),
        (90 * DAY, -SECOND, 0, not_applicable("expired", owner="cert-expired")),
        (90 * DAY, -3 * DAY, None, not_applicable("expired", owner="cert-expired")),
    ],
)
def test_enough_whole_days_are_left(
    lifetime: timedelta, left: timedelta, days: int | None, want: Want
) -> None:
    issued = authority().issue(names=(HOST,), not_before=left - lifetime, not_after=left)
    want(ask_visit(RULE, chain_visit(issued.der_chain), Policy(min_cert_days=days)))


by_share, by_number = fails("(min_cert_lifetime, 25%"), fails("(min_cert_days)")


@pytest.mark.parametrize(
    ("lifetime", "left", "policy", "want"),
    [
        (90 * DAY, 22 * DAY, Policy(min_cert_lifetime=25), passes("22 more days")),
        (
            90 * DAY,
            21 * DAY,
            Policy(min_cert_lifetime=25),
            wanting(22, "min_cert_lifetime, 25% of its lifetime of 90 days", 21),
        ),
        (
            45 * DAY,
            14 * DAY,
            Policy(min_cert_lifetime=33),
            passes("14 more days"),
        ),
        (SIX_DAYS, 2 * DAY, Policy(min_cert_lifetime=33), passes("2 more days")),
        (SIX_DAYS, DAY, Policy(min_cert_lifetime=0), passes("1 more day, until")),
        # Of a number and a share the stricter one counts.
        (90 * DAY, 20 * DAY, Policy(min_cert_days=7, min_cert_lifetime=25), by_share),
        (90 * DAY, 20 * DAY, Policy(min_cert_days=21, min_cert_lifetime=5), by_number),
        (90 * DAY, 20 * DAY, Policy(min_cert_days=7, min_cert_lifetime=5), passes("20 more days")),
    ],
)
def test_a_share_of_the_lifetime(
    lifetime: timedelta, left: timedelta, policy: Policy, want: Want
) -> None:
    issued = authority().issue(names=(HOST,), not_before=left - lifetime, not_after=left)
    want(ask_visit(RULE, chain_visit(issued.der_chain), policy))


def years(days: float) -> tuple[float, float]:
    """Certified from a year ago until some days from now, as `certified` counts."""
    return (-1, days / 365)


def ending_in(days: float) -> Certificate:
    """Another certificate for the authority of every healthy leaf."""
    return certified(authority(), root(), years=years(days))


LEAF, (LASTING,) = issued().certificate, authority().intermediates
BELOW_ROOT = "the authority CN=Demo Issuing CA, on which the certificate of"


@pytest.mark.parametrize(
    ("chain", "want"),
    [
        ((LEAF, ending_in(3)), fails(BELOW_ROOT, WHERE, "only 3 more days, until 2026-02-03")),
        ((LEAF, ending_in(13.9)), fails("only 13 more days", "at least 14 are wanted")),
        ((LEAF, ending_in(14)), passes("60 more days")),
        # A certificate that lasts beside it is found by senders, whatever the order.
        ((LEAF, ending_in(3), LASTING), passes("60 more days")),
        ((LEAF, LASTING, ending_in(3)), passes("60 more days")),
        ((LEAF, ending_in(3), ending_in(20)), passes("60 more days")),
        ((LEAF, ending_in(3), ending_in(5)), fails("only 3 more days")),
        # One that no path needs may end.
        (
            (LEAF, LASTING, certified(root(), untrusted_root(), years=years(3))),
            passes("60 more days"),
        ),
    ],
)
def test_the_path_above_the_certificate_must_last_too(chain: Chain, want: Want) -> None:
    want(ask_visit(RULE, chain_visit(der(chain))))


def test_a_root_of_the_store_that_ends_is_passed_where_another_one_is_there() -> None:
    ending = certified(root(), root(), years=years(3), path_length=None)
    lasting = root().certificate_pem
    case = case_of(chain_visit(der((LEAF, LASTING))))
    alone = replace(case, trust=TrustStore(added=to_pem(ending)))
    fails("the authority CN=Demo Root CA", "only 3 more days")(RULE.judge(alone))
    for added in (to_pem(ending) + lasting, lasting + to_pem(ending)):
        passes("60 more days")(RULE.judge(replace(case, trust=TrustStore(added=added))))


def test_below_a_trust_anchor_of_dane_the_path_up_to_it_must_last() -> None:
    below = certified(authority(), untrusted_root(), years=years(3))
    chain = der((LEAF, below, untrusted_root().certificate))
    anchored = host_with(tlsa(text_of(record(2, 0, of=chain[2]))))
    other = host_with(tlsa(text_of(record(3, 1, of=chain[1]))))
    ends = fails("the authority CN=Demo Issuing CA", "only 3 more days")
    ends(RULE.judge(endpoint_case(anchored, chain_visit(chain))))
    passes("60 more days")(RULE.judge(endpoint_case(other, chain_visit(chain))))
    lasting = der((LEAF, certified(authority(), untrusted_root()), untrusted_root().certificate))
    passes("60 more days")(RULE.judge(endpoint_case(anchored, chain_visit(lasting))))


def test_under_a_record_of_the_leaf_the_path_above_warns_at_most() -> None:
    chain = der((LEAF, ending_in(3)))
    host = host_with(tlsa(text_of(record(of=chain[0]))))
    answer = RULE.judge(endpoint_case(host, chain_visit(chain)))
    fails("only 3 more days", "Senders that use DANE do not look at the date")(answer)
    assert isinstance(answer, Fail)
    assert answer.at_most is Level.WARNING


def test_it_needs_a_certificate() -> None:
    broken = visit_until("tls", unseen(Trouble.HANDSHAKE))
    not_applicable(owner="tls-handshake-failed")(ask_visit(RULE, broken))
    unknown("cannot be read")(ask_visit(RULE, chain_visit((b"junk",))))
