from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent, Answer
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.outcome import Trouble
from mxcheck.model.policy import Expect, Level, Policy
from mxcheck.rules.dns.mx_implicit import RULE
from tests.build import ADDRESS, DOMAIN, healthy_domain, unseen
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes

NONE = Absent(absence=Absence.NODATA)
SERVFAIL = unseen(Trouble.SERVFAIL, "SERVFAIL")
ITSELF = MxHost(name=DOMAIN, preference=0, ipv4=Answer(owner=DOMAIN, records=(ADDRESS,)), ipv6=NONE)


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (healthy_domain(), passes(DOMAIN, "MX record of its own")),
        (Domain(name=DOMAIN, mx=Answer(owner=DOMAIN, records=("0 .",))), passes(DOMAIN)),
        (
            Domain(name=DOMAIN, mx=NONE, hosts=(ITSELF,)),
            fails(DOMAIN, "no MX record", "fall back", remedy=("example.com. MX 10",)),
        ),
        (
            Domain(name=DOMAIN, mx=NONE, hosts=(replace(ITSELF, ipv4=NONE),)),
            not_applicable("no known address", owner="mx-missing"),
        ),
        (
            Domain(name=DOMAIN, mx=NONE, hosts=(replace(ITSELF, ipv4=SERVFAIL),)),
            not_applicable("no known address", owner="mx-missing"),
        ),
        (
            Domain(name=DOMAIN, mx=Absent(absence=Absence.NXDOMAIN)),
            not_applicable("does not exist", owner="mx-missing"),
        ),
        (Domain(name=DOMAIN, mx=SERVFAIL), not_applicable("SERVFAIL", owner="mx-missing")),
    ],
)
def test_the_domain_names_its_mx(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))


def test_it_has_nothing_to_say_where_no_mail_is_expected() -> None:
    policy = Policy(expect=Expect.NO_MAIL)
    answer = ask_domain(RULE, Domain(name=DOMAIN, mx=NONE, hosts=(ITSELF,)), policy=policy)
    not_applicable("no mail is expected", owner="mx-null")(answer)


def test_it_is_a_warning() -> None:
    assert RULE.level is Level.WARNING
