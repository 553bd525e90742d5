from dataclasses import replace
from typing import Any

import pytest

from mxcheck.evidence.dns import Answer, AskedResolver
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.mta_sts import MtaSts, PolicyFetch
from mxcheck.evidence.outcome import Trouble
from mxcheck.rules.dns.dnssec_bogus import RULE
from tests.build import ADDRESS, DOMAIN, HOST, tls_rpt, tlsa_lookup, txt, unseen, withheld
from tests.policies import mta_sts
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes
from tests.rules.dns import states

A = Answer(owner=HOST, records=(ADDRESS,))
AAAA = Answer(owner=HOST, records=("2a00:1450::25",))
BOGUS_A = withheld(A, f"A {HOST}", 9)
BOGUS_TXT = withheld(txt("v=STSv1; id=1;"), f"TXT _mta-sts.{DOMAIN}", 7)
BOGUS_POLICY_HOST = unseen(Trouble.BOGUS, f"SERVFAIL to A mta-sts.{DOMAIN}")
NO_POLICY = PolicyFetch(ipv4=BOGUS_POLICY_HOST, ipv6=BOGUS_POLICY_HOST)


def with_host(**changes: Any) -> Domain:  # noqa: ANN401 - fields of MxHost
    [host] = states.SECURE.hosts
    return replace(states.SECURE, hosts=(replace(host, **changes),))


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (states.SECURE, passes(DOMAIN, "is secure")),
        (states.INSECURE, passes(DOMAIN, "is insecure", "cannot be bogus")),
        (
            states.BOGUS,
            fails(
                f"{DOMAIN} MX fails DNSSEC validation",
                "the resolver 127.0.0.1 answers SERVFAIL",
                "with checking disabled it shows 10 mx1.example.com",
                "asked again it answers SERVFAIL",
                "cannot deliver",
                remedy=(f"`delv +vtrace {DOMAIN} MX`", "DS record", "TCP port 53", "expired"),
            ),
        ),
        (states.BOGUS_ABSENCE, fails("with checking disabled it shows no such record")),
        (
            with_host(ipv4=BOGUS_A, addresses=()),
            fails(f"{HOST} A fails", remedy=(f"delv +vtrace {HOST} A`", "TCP port 53")),
        ),
        (with_host(ipv6=withheld(AAAA, f"AAAA {HOST}")), fails(f"{HOST} AAAA fails")),
        (
            replace(states.BOGUS, mta_sts=MtaSts(record=BOGUS_TXT)),
            fails("asked again it answers SERVFAIL; likewise _mta-sts.example.com TXT; senders"),
        ),
        (
            replace(states.SECURE, mta_sts=MtaSts(record=BOGUS_TXT)),
            fails(f"_mta-sts.{DOMAIN} TXT fails", "no MTA-STS policy", remedy=("Then sign",)),
        ),
        (
            replace(states.SECURE, mta_sts=mta_sts(NO_POLICY)),
            fails(f"mta-sts.{DOMAIN} A fails", "no MTA-STS policy"),
        ),
        (replace(states.SECURE, records=tls_rpt(BOGUS_TXT)), passes()),
        (with_host(tlsa=(tlsa_lookup(BOGUS_TXT),)), passes()),
        (states.GONE, not_applicable("does not exist", owner="mx-missing")),
        (states.SILENT, not_applicable("did not answer", owner="mx-missing")),
        (states.BROKEN, not_applicable("SERVFAIL", owner="mx-missing")),
    ],
)
def test_validation_withholds_no_answer(domain: Domain, want: Want) -> None:
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
