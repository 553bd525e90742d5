from dataclasses import replace

import pytest

from mxcheck.evidence.dns import Answer
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.rules.dane.dane_insecure import RULE
from tests.build import HOST
from tests.rules.ask import Want, fails, not_applicable, passes, unknown
from tests.rules.dane import cases
from tests.rules.dane.cases import NAME, NONE, TARGET, ask, tlsa
from tests.rules.dns import states

PLAIN_CNAME = Answer(owner=HOST, records=(TARGET,))
SECURE_AT_TARGET = tlsa(base=TARGET)
INSECURE_AT_TARGET = tlsa(base=TARGET, secure=False)


@pytest.mark.parametrize(
    ("host", "want"),
    [
        (cases.SECURE, passes(f"the TLSA records at {NAME} are DNSSEC-secure")),
        (cases.MISMATCHED, passes("DNSSEC-secure")),
        (cases.UNUSABLE, passes("DNSSEC-secure")),
        (
            cases.INSECURE,
            fails(
                f"there are TLSA records at {NAME}",
                f"the addresses of {HOST} are not DNSSEC-secure",
                "senders ignore",
                remedy=(f"the zone of {HOST} signed", "or remove"),
            ),
        ),
        (
            cases.INSECURE_TLSA,
            fails(
                f"the TLSA records at {NAME} are not DNSSEC-secure",
                f"though the addresses of {HOST} are",
                remedy=(f"at {NAME} itself",),
            ),
        ),
        (
            cases.host_with(tlsa(secure=False, owner="tlsa.example.net")),
            fails(f"{NAME} (an alias of tlsa.example.net) are not DNSSEC-secure"),
        ),
        # An address that came insecurely makes the records worth nothing, whatever they are.
        (cases.host_with(tlsa(), secure=False), fails("the addresses of", "are not")),
        (cases.ABSENT, not_applicable(HOST, "has no TLSA record", owner="dane-missing")),
        (cases.ABSENT_BELOW_UNSIGNED, not_applicable("no TLSA record", owner="dane-missing")),
        (cases.FAILED_BELOW_UNSIGNED, not_applicable("no TLSA record", owner="dane-missing")),
        (cases.FAILED, not_applicable("lookup failed", owner="dane-lookup-failed")),
        (cases.BOGUS, not_applicable("lookup failed", owner="dane-lookup-failed")),
        (cases.WITHOUT_ADDRESS, not_applicable(owner="mx-unresolvable")),
        (cases.LITERAL, not_applicable("an address", owner="mx-is-address")),
        (cases.UNASKED, unknown(f"the TLSA records of {HOST} were not asked for")),
        (cases.OUT_OF_TIME, unknown("the deadline passed")),
    ],
)
def test_the_records_are_secure(host: MxHost, want: Want) -> None:
    want(ask(RULE, host))


@pytest.mark.parametrize(
    ("host", "want"),
    [
        # RFC 7672 2.2.2: both names where the whole way is secure, the expanded one first.
        (cases.alias_with(SECURE_AT_TARGET, NONE), passes(f"_25._tcp.{TARGET}")),
        (cases.alias_with(SECURE_AT_TARGET, tlsa()), passes(f"_25._tcp.{TARGET}")),
        (cases.alias_with(NONE, tlsa()), passes(NAME)),
        (cases.alias_with(INSECURE_AT_TARGET, tlsa()), passes(NAME)),
        (cases.alias_with(cases.TIMEOUT, tlsa()), not_applicable(owner="dane-lookup-failed")),
        (cases.alias_with(INSECURE_AT_TARGET, NONE), fails(f"at _25._tcp.{TARGET} are not")),
        (cases.alias_with(NONE, NONE), not_applicable(owner="dane-missing")),
        # The alias alone is secure: its own name, and never the one to which it leads.
        (cases.alias_with(NONE, tlsa(), target=False), passes(NAME)),
        (cases.alias_with(cases.SERVFAIL, tlsa(), target=False), passes(NAME)),
        (
            cases.alias_with(SECURE_AT_TARGET, NONE, target=False),
            fails(f"the addresses of {HOST} are not", remedy=(f"the zone of {TARGET}",)),
        ),
        # Nothing is secure.
        (
            cases.alias_with(NONE, tlsa(), target=False, alias=PLAIN_CNAME),
            fails(f"the addresses of {HOST} are not"),
        ),
        (
            cases.alias_with(NONE, tlsa(), target=False, alias=NONE),
            fails(f"the addresses of {HOST} are not"),
        ),
        # RFC 7672 2.2.2: an error in any of these queries delays delivery.
        (
            cases.alias_with(NONE, tlsa(), target=False, alias=states.TIMEOUT),
            not_applicable(owner="dane-lookup-failed"),
        ),
        (
            cases.alias_with(NONE, tlsa(), target=False, alias=states.NOT_ASKED.root_soa),
            unknown("it was not asked"),
        ),
    ],
)
def test_the_host_is_an_alias(host: MxHost, want: Want) -> None:
    want(ask(RULE, host))


def test_one_address_family_that_is_insecure_is_enough() -> None:
    ipv6 = Answer(owner=HOST, records=("2001:500::1",))
    fails("the addresses of")(ask(RULE, replace(cases.SECURE, ipv6=ipv6)))


@pytest.mark.parametrize(
    ("domain", "note"),
    [
        (states.SECURE, False),
        (states.INSECURE, True),
        (states.SECURE_NO_MX, False),
        (states.NO_MX, False),
    ],
)
def test_an_insecure_mx_answer_is_told_and_does_not_matter(domain: Domain, *, note: bool) -> None:
    answer = ask(RULE, cases.SECURE, domain=domain)
    passes("DNSSEC-secure")(answer)
    assert ("the MX answer is not, which does not stop senders" in answer.message) is note
