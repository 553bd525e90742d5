from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.dns.mx_missing import RULE
from tests.build import (
    ADDRESS,
    DOMAIN,
    healthy_domain,
    unseen,
    withheld,
)
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes, unknown
from tests.rules.dns import states

A = Answer(owner=DOMAIN, records=(ADDRESS,))
NONE = Absent(absence=Absence.NODATA)
NXDOMAIN = Absent(absence=Absence.NXDOMAIN)
SERVFAIL = unseen(Trouble.SERVFAIL, "the resolver answered SERVFAIL")
TIMEOUT = unseen(Trouble.TIMEOUT, "the resolver did not answer within 5 s")
ITSELF = MxHost(name=DOMAIN, preference=0, ipv4=NONE, ipv6=NONE)


def implicit(host: MxHost) -> Domain:
    return Domain(name=DOMAIN, mx=NONE, hosts=(host,))


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (healthy_domain(), passes(DOMAIN, "10 mx1.example.com")),
        (implicit(replace(ITSELF, ipv4=A)), passes("no MX record, but an address")),
        (implicit(replace(ITSELF, ipv6=A)), passes("no MX record, but an address")),
        (implicit(replace(ITSELF, ipv4=A, ipv6=SERVFAIL)), passes("an address")),
        (Domain(name=DOMAIN, mx=Answer(owner=DOMAIN, records=("0 .",))), passes("0 .")),
        (
            Domain(name=DOMAIN, mx=NXDOMAIN),
            fails(DOMAIN, "does not exist", "NXDOMAIN", remedy=("Publish an MX record",)),
        ),
        (
            Domain(name=DOMAIN, mx=replace(NXDOMAIN, aliases=("a.example", "b.example"))),
            fails(
                f"{DOMAIN} is an alias (CNAME) of b.example, which does not exist",
                f"receives the mail for {DOMAIN}",
                remedy=(f"CNAME record of {DOMAIN}",),
            ),
        ),
        (
            replace(implicit(ITSELF), mx=replace(NONE, aliases=("b.example",))),
            fails("an alias (CNAME) of b.example, which has no MX", remedy=("CNAME",)),
        ),
        (
            replace(implicit(replace(ITSELF, ipv4=A)), mx=replace(NONE, aliases=("b.example",))),
            passes("an address"),
        ),
        (implicit(ITSELF), fails(DOMAIN, "no MX, A or AAAA record", remedy=("address",))),
        (
            Domain(name="xn--bcher-kva.example", mx=NXDOMAIN),
            fails("bücher.example (xn--bcher-kva.example)"),
        ),
        (
            Domain(name=DOMAIN, mx=SERVFAIL),
            unknown(DOMAIN, "SERVFAIL", remedy=("`dig +trace`", "`delv`", "--resolver")),
        ),
        (
            Domain(name=DOMAIN, mx=TIMEOUT),
            unknown("did not answer within 5 s", remedy=("Ask again later",)),
        ),
        (
            Domain(name=DOMAIN, mx=unseen(Trouble.RESOLVER, "Connection refused")),
            unknown(DOMAIN, "Connection refused", remedy=("that the resolver runs",)),
        ),
        (
            Domain(name=DOMAIN, mx=unseen(Trouble.DNS_REFUSED, "it answers REFUSED")),
            unknown("it answers REFUSED", remedy=("that serves this machine",)),
        ),
        (
            Domain(name=DOMAIN, mx=unseen(Trouble.ALIAS_CHAIN, "in a circle")),
            unknown("in a circle", remedy=("CNAME",)),
        ),
        (states.BROKEN, unknown("SERVFAIL")),
        (states.BOGUS, not_applicable("fails DNSSEC validation", owner="dnssec-bogus")),
        (implicit(replace(ITSELF, ipv4=SERVFAIL)), unknown("SERVFAIL")),
        (
            implicit(replace(ITSELF, ipv4=withheld(A, f"A {DOMAIN}"))),
            not_applicable("fail DNSSEC validation", owner="dnssec-bogus"),
        ),
        (implicit(replace(ITSELF, ipv6=TIMEOUT)), unknown("did not answer")),
    ],
)
def test_the_domain_has_somewhere_for_mail_to_go(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))
