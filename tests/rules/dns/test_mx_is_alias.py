from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.dns.mx_is_alias import RULE
from tests.build import ADDRESS, DOMAIN, HOST, healthy_host, unseen
from tests.rules.ask import Want, ask_mx, fails, not_applicable, passes

END = "mail.example.net"
NONE = Absent(absence=Absence.NODATA)
SERVFAIL = unseen(Trouble.SERVFAIL)
HEALTHY = healthy_host()
ALIAS = Answer(owner=END, records=(ADDRESS,), aliases=(END,))
FAR = Answer(owner=END, records=(ADDRESS,), aliases=("middle.example.net", END))
ALIAS6 = Answer(owner=END, records=("2a00:1450::25",), aliases=(END,))


@pytest.mark.parametrize(
    ("host", "want"),
    [
        (HEALTHY, passes(HOST, "not an alias")),
        (replace(HEALTHY, ipv6=SERVFAIL), passes("not an alias")),
        (
            replace(HEALTHY, ipv4=ALIAS, ipv6=replace(NONE, aliases=(END,))),
            fails(
                DOMAIN,
                HOST,
                "alias (CNAME) of mail.example.net",
                remedy=("`example.com. MX 10 mail.example.net.`",),
            ),
        ),
        (
            replace(HEALTHY, ipv4=FAR),
            fails("of middle.example.net, then mail.example.net", remedy=("mail.example.net",)),
        ),
        (replace(HEALTHY, ipv4=SERVFAIL, ipv6=ALIAS6), fails("alias")),
        (
            replace(HEALTHY, ipv4=replace(NONE, aliases=(END,)), ipv6=NONE, addresses=()),
            not_applicable("no known address", owner="mx-unresolvable"),
        ),
        (
            replace(HEALTHY, ipv4=SERVFAIL, ipv6=SERVFAIL, addresses=()),
            not_applicable("no known address", owner="mx-unresolvable"),
        ),
        (MxHost(name="192.0.2.1", preference=10), not_applicable(owner="mx-is-address")),
    ],
)
def test_the_mx_host_has_addresses_itself(host: MxHost, want: Want) -> None:
    want(ask_mx(RULE, host))


def test_a_domain_that_stands_in_for_its_mx_may_be_an_alias() -> None:
    host = replace(HEALTHY, name=DOMAIN, preference=0, ipv4=ALIAS)
    domain = Domain(name=DOMAIN, mx=NONE, hosts=(host,))
    not_applicable("no MX record")(ask_mx(RULE, host, domain))
