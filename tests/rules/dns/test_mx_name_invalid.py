from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Absence, Absent
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.judge.causes import answer
from mxcheck.model.policy import Level
from mxcheck.rules import RULES
from mxcheck.rules.base import Fail, MxCase, NotApplicable, Scope
from mxcheck.rules.dns.mx_name_invalid import RULE
from tests.build import DOMAIN, HOST, domain_of, evidence_of, healthy_host, trust
from tests.rules.ask import MAIL, Want, ask_mx, fails, not_applicable, passes

INVALID = [
    ("mx\\032.example.com", "a space", "`example.com. MX 10 mx.example.com.`"),
    ("mx.example.com:25", "a port has no place there", "MX 10 mx.example.com.`"),
    ("m\\195\\164il.example.com", "outside ASCII", "MX 10 xn--mil-qla.example.com.`"),
    ("*.example.com", "the character '*'", "MX 10 mx1.example.com.`"),
    ("[192.0.2.1]", "the character '['", "the name of a host"),
    ("a\\.b.example.com", "an escaped dot", "the name of a host"),
    ("-mx.example.com", "hyphen", "the name of a host"),
    ("mx-.example.com", "hyphen", "the name of a host"),
    ("mx..example.com", "an empty label", "the name of a host"),
    (f"{'a' * 64}.example.com", "too long", "the name of a host"),
    (f"{'a.' * 126}com", "too long", "the name of a host"),
    ("300.300.300.300", "its last label is a number", "the name of a host"),
]


def named(name: str) -> MxHost:
    return MxHost(name=name, preference=10)


@pytest.mark.parametrize(("name", "reason", "remedy"), INVALID)
def test_an_mx_value_that_is_no_host_name(name: str, reason: str, remedy: str) -> None:
    want = fails(f"the MX 10 {name} of", reason, "senders discard the record", remedy=(remedy,))
    want(ask_mx(RULE, named(name)))


@pytest.mark.parametrize(
    ("host", "want"),
    [
        (healthy_host(), passes(HOST, "is a host name")),
        (named("xn--mil-qla.example.com"), passes("is a host name")),
        (named("1.2.3.example"), passes("is a host name")),
        (named("mx"), passes("is a host name")),
        (named("192.0.2.1"), not_applicable("is an address", owner="mx-is-address")),
        (named("2001:db8::1"), not_applicable("is an address", owner="mx-is-address")),
    ],
)
def test_other_values(host: MxHost, want: Want) -> None:
    want(ask_mx(RULE, host))


def test_a_domain_without_an_mx_record() -> None:
    host = healthy_host(DOMAIN)
    domain = Domain(name=DOMAIN, mx=Absent(absence=Absence.NODATA), hosts=(host,))
    not_applicable("no MX record")(ask_mx(RULE, host, domain))


def test_an_underscore_alone_is_a_warning_and_hides_nothing() -> None:
    host = healthy_host("mx_1.example.com")
    answered = ask_mx(RULE, host)
    assert isinstance(answered, Fail)
    assert answered.at_most is Level.WARNING
    assert "underscore" in answered.message
    others = (rule.id for rule in RULES if rule.scope is Scope.MX and rule != RULE)
    assert RULE.id not in {owner_of(rule, host) for rule in others}


@pytest.mark.parametrize("name", [name for name, _, _ in INVALID])
def test_it_hides_every_other_rule_about_that_host(name: str) -> None:
    others = (rule.id for rule in RULES if rule.scope is Scope.MX and rule != RULE)
    assert {owner_of(rule, named(name)) for rule in others} == {RULE.id}


def owner_of(rule: str, host: MxHost) -> str:
    domain = domain_of(host)
    case = MxCase(
        run=replace(evidence_of(domain=domain), visits=()),
        policy=MAIL,
        trust=trust(),
        domain=domain,
        host=host,
    )
    answered = answer(next(one for one in RULES if one.id == rule), case)
    return answered.owner if isinstance(answered, NotApplicable) else ""
