import pytest

from mxcheck.evidence.dns import AskedResolver
from mxcheck.evidence.domain import Domain
from mxcheck.rules.dns.dnssec_missing import RULE
from tests.build import DOMAIN
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes, unknown
from tests.rules.dns import states


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (states.SECURE, passes(DOMAIN, "DNSSEC-secure")),
        (states.SECURE_NO_MX, passes("DNSSEC-secure")),
        (states.INSECURE, fails(DOMAIN, "not DNSSEC-secure", remedy=("signed",))),
        (states.NO_MX, fails("not DNSSEC-secure")),
        (states.GONE, not_applicable("does not exist", owner="mx-missing")),
        (states.SILENT, not_applicable("did not answer", owner="mx-missing")),
        (states.BROKEN, not_applicable("SERVFAIL", owner="mx-missing")),
        (states.BOGUS, not_applicable("fails DNSSEC validation", owner="dnssec-bogus")),
    ],
)
def test_the_mx_answer_is_secure(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))


@pytest.mark.parametrize("domain", [states.SECURE, states.INSECURE])
@pytest.mark.parametrize(
    ("resolvers", "words"),
    [
        ((states.UNTRUSTED,), "192.0.2.53 is not trusted with DNSSEC"),
        ((states.VALIDATING, states.UNTRUSTED), "192.0.2.53 is not trusted"),
        ((states.CARELESS,), "127.0.0.1 does not validate: it answers `. SOA` without the AD bit"),
        ((states.DEAD,), "no resolver showed that it validates: nobody listens"),
        ((states.NOT_ASKED,), "no resolver showed that it validates: it was not asked"),
        ((), "no resolver showed"),
    ],
)
def test_without_a_resolver_to_believe_nothing_is_known(
    domain: Domain, resolvers: tuple[AskedResolver, ...], words: str
) -> None:
    want = unknown(DOMAIN, words, remedy=("--resolver https://", "--trust-ad"))
    want(ask_domain(RULE, domain, resolvers=resolvers))


def test_a_resolver_that_is_dead_does_not_stand_in_the_way() -> None:
    passes("secure")(ask_domain(RULE, states.SECURE, resolvers=(states.DEAD, states.VALIDATING)))
