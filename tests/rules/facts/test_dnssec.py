"""The states of RFC 4033 5, of any lookup."""

from dataclasses import replace

import pytest

from mxcheck.evidence.dns import AskedResolver, Lookup
from mxcheck.rules.facts.dnssec import Security, security_of, why_not_believed
from tests.build import withheld
from tests.rules.dns import states

TLSA = replace(states.MX, owner="_25._tcp.mx1.example.com", records=("3 1 1 00",))
UNSEEN_ZONE = replace(TLSA, zone_unseen="the live zone example.com was not seen")
SECURE_TLSA = replace(TLSA, authenticated_data=True)
BOGUS = withheld(TLSA, f"TLSA {TLSA.owner}", 7)


@pytest.mark.parametrize(
    ("lookup", "resolver", "expected"),
    [
        (SECURE_TLSA, states.VALIDATING, Security.SECURE),
        (TLSA, states.VALIDATING, Security.INSECURE),
        (states.NONE, states.VALIDATING, Security.INSECURE),
        (UNSEEN_ZONE, states.VALIDATING, Security.INDETERMINATE),
        (SECURE_TLSA, states.UNTRUSTED, Security.INDETERMINATE),
        (TLSA, states.UNTRUSTED, Security.INDETERMINATE),
        (SECURE_TLSA, states.CARELESS, Security.INDETERMINATE),
        (states.SERVFAIL, states.VALIDATING, Security.INDETERMINATE),
        (states.TIMEOUT, states.VALIDATING, Security.INDETERMINATE),
        (BOGUS, states.VALIDATING, Security.BOGUS),
        (BOGUS, states.UNTRUSTED, Security.BOGUS),
    ],
)
def test_the_state_of_a_lookup(lookup: Lookup, resolver: AskedResolver, expected: Security) -> None:
    assert security_of(lookup, (resolver,)) is expected


@pytest.mark.parametrize(
    ("resolvers", "doubt"),
    [
        ((states.VALIDATING,), ""),
        ((states.VALIDATING, states.DEAD), ""),
        (
            (states.VALIDATING, states.REFUSING),
            "the resolver 127.0.0.1 did not show that it validates: REFUSED to SOA .",
        ),
        ((states.DEAD,), "no resolver showed that it validates: nobody listens"),
        ((states.VALIDATING, states.CARELESS), "does not validate: it answers `. SOA` without"),
        ((states.VALIDATING, states.UNTRUSTED), "the resolver 192.0.2.53 is not trusted"),
        ((), "no resolver showed that it validates"),
    ],
)
def test_every_resolver_that_answers_shows_that_it_validates(
    resolvers: tuple[AskedResolver, ...], doubt: str
) -> None:
    """Any of them may have given an answer."""
    said = why_not_believed(resolvers)
    assert doubt in said
    assert bool(doubt) == bool(said)
