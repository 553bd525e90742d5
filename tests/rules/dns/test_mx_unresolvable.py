from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.base import Fail
from mxcheck.rules.dns.mx_unresolvable import RULE
from tests.build import (
    ADDRESS,
    DOMAIN,
    HOST,
    healthy_host,
    unseen,
    withheld,
)
from tests.rules.ask import Want, ask_mx, fails, not_applicable, passes, unknown

NONE = Absent(absence=Absence.NODATA)
NXDOMAIN = Absent(absence=Absence.NXDOMAIN)
SERVFAIL = unseen(Trouble.SERVFAIL, "SERVFAIL")
AAAA = Answer(owner=HOST, records=("2a00:1450::25",))
DANGLING = replace(NXDOMAIN, aliases=("mx.gone.example",))
EXCLUDED = replace(SERVFAIL, trouble=Trouble.EXCLUDED)
HEALTHY = healthy_host()
NOWHERE = replace(HEALTHY, ipv4=NONE, ipv6=NONE, addresses=())


@pytest.mark.parametrize(
    ("host", "want"),
    [
        (HEALTHY, passes(HOST, ADDRESS)),
        (replace(HEALTHY, ipv4=NONE, ipv6=AAAA), passes(HOST, "2a00:1450::25")),
        (replace(HEALTHY, ipv6=AAAA), passes(ADDRESS, "2a00:1450::25")),
        (NOWHERE, fails(HOST, "no A and no AAAA", remedy=("Publish an A or AAAA",))),
        (replace(NOWHERE, ipv4=NXDOMAIN, ipv6=NXDOMAIN), fails(HOST, "NXDOMAIN")),
        (
            replace(NOWHERE, ipv4=DANGLING, ipv6=DANGLING),
            fails(
                f"{HOST} is an alias (CNAME) of mx.gone.example, which does not exist",
                f"whoever obtains the name mx.gone.example receives the mail for {DOMAIN}",
                remedy=(f"Remove the CNAME record of {HOST}",),
            ),
        ),
        (
            replace(NOWHERE, ipv4=EXCLUDED, ipv6=replace(DANGLING, aliases=("a.b", "c.d"))),
            fails(
                "an alias (CNAME) of a.b, then c.d, which does not exist", "obtains the name c.d"
            ),
        ),
        (replace(NOWHERE, ipv6=EXCLUDED), unknown(HOST, "AAAA lookup", "SERVFAIL")),
        (
            replace(NOWHERE, ipv4=replace(DANGLING, absence=Absence.NODATA)),
            fails("of mx.gone.example, which has no A and no AAAA record: senders cannot reach it"),
        ),
        (
            replace(NOWHERE, name="ms12345678.msv1.invalid", ipv4=NXDOMAIN, ipv6=NXDOMAIN),
            fails("does not exist", remedy=("Remove the MX record", "proof")),
        ),
        (
            replace(NOWHERE, name="mx.example.com:25", ipv4=SERVFAIL),
            not_applicable("is not a host name", owner="mx-name-invalid"),
        ),
        (
            replace(NOWHERE, name="192.0.2.1", ipv4=SERVFAIL),
            not_applicable("is an address", owner="mx-is-address"),
        ),
        (replace(NOWHERE, ipv4=SERVFAIL), unknown(HOST, "A lookup", "SERVFAIL")),
        (
            replace(NOWHERE, ipv6=SERVFAIL),
            unknown(HOST, "AAAA lookup", "SERVFAIL", remedy=("--resolver",)),
        ),
        (
            replace(NOWHERE, ipv4=withheld(AAAA, f"A {HOST}"), ipv6=AAAA),
            not_applicable(f"the A answer for {HOST} fails", owner="dnssec-bogus"),
        ),
        # Senders find one address; but the others may be those at which something is wrong.
        (
            replace(HEALTHY, ipv6=SERVFAIL),
            unknown(HOST, "AAAA lookup", "SERVFAIL", remedy=("-4 leaves that family out",)),
        ),
        (replace(HEALTHY, ipv4=SERVFAIL, ipv6=AAAA), unknown(HOST, "A lookup", "SERVFAIL")),
        (replace(HEALTHY, ipv6=replace(SERVFAIL, trouble=Trouble.EXCLUDED)), passes(HOST, ADDRESS)),
        (
            replace(HEALTHY, left_out=("203.0.114.26",)),
            unknown("these were not: 203.0.114.26", remedy=("--max-addresses",)),
        ),
        (replace(NOWHERE, ipv4=SERVFAIL, ipv6=SERVFAIL), unknown(HOST, "A lookup", "SERVFAIL")),
    ],
)
def test_the_mx_host_has_an_address(host: MxHost, want: Want) -> None:
    want(ask_mx(RULE, host))


@pytest.mark.parametrize(
    ("ipv4", "want"),
    [
        (NONE, not_applicable("no MX record", owner="mx-missing")),
        (Answer(owner=DOMAIN, records=(ADDRESS,)), passes(ADDRESS)),
    ],
)
def test_a_domain_that_stands_in_for_its_mx(ipv4: Answer | Absent, want: Want) -> None:
    host = replace(NOWHERE, name=DOMAIN, preference=0, ipv4=ipv4)
    want(ask_mx(RULE, host, Domain(name=DOMAIN, mx=NONE, hosts=(host,))))


@pytest.mark.parametrize(
    ("absence", "target"),
    [(Absence.NODATA, "mx.gone.example"), (Absence.NXDOMAIN, f"old.{DOMAIN}")],
)
def test_nobody_is_frightened_of_a_takeover_that_cannot_be(absence: Absence, target: str) -> None:
    """A name that exists belongs to somebody, and one below the domain to its owner."""
    gone = Absent(absence=absence, aliases=(target,))
    answer = ask_mx(RULE, replace(NOWHERE, ipv4=gone, ipv6=gone))
    assert isinstance(answer, Fail)
    assert "obtains" not in answer.message
    assert "Publish an A" not in answer.remedy
