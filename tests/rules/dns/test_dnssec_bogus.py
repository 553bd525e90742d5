import pytest

from mxcheck.evidence.dns import AskedResolver
from mxcheck.evidence.domain import Domain
from mxcheck.rules.dns.dnssec_bogus import RULE
from tests.build import DOMAIN
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes, unknown
from tests.rules.dns import states


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (states.SECURE, passes(DOMAIN, "is secure")),
        (states.INSECURE, passes(DOMAIN, "is insecure", "cannot be bogus")),
        (states.RECOVERED, passes("is secure")),
        (
            states.BOGUS,
            fails(
                DOMAIN,
                "the resolver answers SERVFAIL",
                "with checking disabled it shows 10 mx1.example.com",
                "asked again it answers SERVFAIL",
                remedy=("DS record",),
            ),
        ),
        (states.BOGUS_ABSENCE, fails("with checking disabled it shows no MX record")),
        (states.GONE, not_applicable("does not exist", owner="mx-missing")),
        (states.SILENT, not_applicable("did not answer", owner="mx-missing")),
        (states.BROKEN, not_applicable("SERVFAIL", owner="mx-missing")),
        (states.FALTERING, not_applicable("SERVFAIL", owner="mx-missing")),
        # Saved evidence of a run in which the rule was not asked.
        (Domain(name=DOMAIN, mx=states.SERVFAIL), unknown("it was not asked")),
    ],
)
def test_validation_does_not_keep_the_answer_back(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))


@pytest.mark.parametrize(
    ("resolver", "words"),
    [
        (states.UNTRUSTED, "192.0.2.53 is not trusted"),
        (states.CARELESS, "127.0.0.1 does not validate"),
        (states.DEAD, "nobody listens"),
    ],
)
def test_a_resolver_that_says_nothing_on_dnssec(resolver: AskedResolver, words: str) -> None:
    want = not_applicable("a bogus answer would not show", words)
    want(ask_domain(RULE, states.INSECURE, resolvers=(resolver,)))
    # The three answers are proof, whoever gives them.
    fails("SERVFAIL")(ask_domain(RULE, states.BOGUS, resolvers=(resolver,)))
