"""The states of RFC 4033 5, of any lookup."""

from dataclasses import replace

import pytest

from mxcheck.evidence.dns import AskedResolver, Lookup, Recheck
from mxcheck.evidence.outcome import NOT_ASKED, Unseen
from mxcheck.rules.dnssec import Security, security_of
from tests.rules.dns import states

TLSA = replace(states.MX, owner="_25._tcp.mx1.example.com", records=("3 1 1 00",))
SECURE_TLSA = replace(TLSA, authenticated_data=True)
BOGUS = Recheck(unchecked=TLSA, again=states.SERVFAIL)


@pytest.mark.parametrize(
    ("lookup", "resolver", "recheck", "expected"),
    [
        (SECURE_TLSA, states.VALIDATING, NOT_ASKED, Security.SECURE),
        (TLSA, states.VALIDATING, NOT_ASKED, Security.INSECURE),
        (states.NONE, states.VALIDATING, NOT_ASKED, Security.INSECURE),
        (SECURE_TLSA, states.UNTRUSTED, NOT_ASKED, Security.INDETERMINATE),
        (TLSA, states.UNTRUSTED, NOT_ASKED, Security.INDETERMINATE),
        (SECURE_TLSA, states.CARELESS, NOT_ASKED, Security.INDETERMINATE),
        (states.SERVFAIL, states.VALIDATING, NOT_ASKED, Security.INDETERMINATE),
        (states.TIMEOUT, states.VALIDATING, NOT_ASKED, Security.INDETERMINATE),
        (states.SERVFAIL, states.VALIDATING, BOGUS, Security.BOGUS),
        (states.SERVFAIL, states.UNTRUSTED, BOGUS, Security.BOGUS),
        (states.TIMEOUT, states.VALIDATING, BOGUS, Security.INDETERMINATE),
        (
            states.SERVFAIL,
            states.VALIDATING,
            Recheck(unchecked=states.SERVFAIL),
            Security.INDETERMINATE,
        ),
    ],
)
def test_the_state_of_a_lookup(
    lookup: Lookup, resolver: AskedResolver, recheck: Recheck | Unseen, expected: Security
) -> None:
    assert security_of(lookup, (resolver,), recheck) is expected
