from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.outcome import NOT_ASKED, Trouble
from mxcheck.rules.dns.mx_ipv6_missing import RULE
from tests.build import DOMAIN, HOST, domain_of, healthy_host, unseen
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes, unknown
from tests.rules.dns import states

ONLY_IPV4 = healthy_host()
BOTH = replace(
    healthy_host("mx2.example.com"), ipv6=Answer(owner="mx2.example.com", records=("2001:db8::1",))
)
LOST = replace(healthy_host("mx3.example.com"), ipv6=unseen(Trouble.SERVFAIL, "SERVFAIL to AAAA"))
LITERAL = MxHost(name="192.0.2.1", preference=10)
ITSELF = replace(healthy_host(DOMAIN), preference=0)
IMPLICIT = Domain(name=DOMAIN, mx=Absent(absence=Absence.NODATA), hosts=(ITSELF,))
MANY = replace(
    domain_of(ONLY_IPV4),
    mx=Answer(owner=DOMAIN, records=tuple(f"{n} mx{n}.example.com" for n in range(17))),
)


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domain_of(BOTH), passes("mx2.example.com")),
        (domain_of(ONLY_IPV4, BOTH), passes("mx2.example.com")),
        (domain_of(LOST, BOTH), passes()),
        (domain_of(ONLY_IPV4), fails(f"no MX host of {DOMAIN}", HOST, remedy=("AAAA",))),
        (domain_of(ONLY_IPV4, LITERAL), fails(HOST, "192.0.2.1")),
        (domain_of(ONLY_IPV4, LOST), unknown("SERVFAIL to AAAA", remedy=("dig +trace",))),
        (domain_of(replace(LOST, ipv6=unseen(Trouble.EXCLUDED))), unknown("is not known")),
        (domain_of(replace(LITERAL, ipv6=NOT_ASKED)), fails("192.0.2.1")),
        (IMPLICIT, fails(DOMAIN)),
        (MANY, unknown("more hosts than are looked at")),
        (states.GONE, not_applicable("does not exist", owner="mx-missing")),
        (states.BOGUS, not_applicable("fails DNSSEC validation", owner="dnssec-bogus")),
    ],
)
def test_an_mx_host_has_an_ipv6_address(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))
