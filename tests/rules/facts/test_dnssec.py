"""The states of RFC 4033 5, of any lookup."""

from dataclasses import replace

import pytest

from mxcheck.evidence.dns import AskedResolver, Lookup
from mxcheck.rules.facts.dnssec import Security, doubt_about, security_of, why_not_believed
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
        (SECURE_TLSA, states.LOCAL, Security.INDETERMINATE),
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
        ((states.LOCAL,), "127.0.0.1 is on this machine, but may be a forwarder"),
        ((states.VALIDATING, states.LOCAL), "127.0.0.1 is on this machine, but may be a forwarder"),
        ((replace(states.LOCAL, root_soa=states.CARELESS.root_soa),), "does not validate"),
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


@pytest.mark.parametrize(
    ("name", "why", "remedy"),
    [
        ("127.0.0.1", "may be a forwarder", "`options trust-ad` in /etc/resolv.conf"),
        ("127.0.0.53", "may be a forwarder", "--trust-ad (`trust_ad = true` below `[probe]`)"),
        ("::1", "may be a forwarder", "If ::1 is a resolver on this machine that validates"),
        ("[::1]:5353", "may be a forwarder", "--resolver https://"),
        ("127.0.0.11", "Docker's forwarder, passes on the AD bit", "--resolver https://"),
        ("127.0.0.54", "the proxy of systemd-resolved", "--resolver https://"),
    ],
)
def test_what_settles_it_for_a_resolver_on_loopback(name: str, why: str, remedy: str) -> None:
    doubt = doubt_about((), (replace(states.LOCAL, name=name),))
    assert doubt
    assert why in doubt.why
    assert remedy in doubt.remedy
