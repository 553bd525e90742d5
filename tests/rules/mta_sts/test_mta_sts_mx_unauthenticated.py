from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.demo.certificates import self_signed
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import OwnHello, ServerHello
from mxcheck.model.policy import Level, Policy, TlsVersion
from mxcheck.rules.base import Fail
from mxcheck.rules.mta_sts.mta_sts_mx_unauthenticated import RULE
from mxcheck.wire.tls_rpt import ResultType
from tests.build import (
    EXTENSIONS,
    HOST,
    OBSERVED_AT,
    authority,
    chain_visit,
    ehlo_reply,
    expired_visit,
    healthy_tls,
    healthy_visit,
    reply,
    unseen,
    visit_until,
)
from tests.policies import serving, sts_domain, sts_policy
from tests.rules.ask import MAIL, Want, ask_visit, fails, not_applicable, passes, unknown
from tests.rules.mta_sts import domains

EARLY = authority().issue(names=(HOST,), not_before=timedelta(days=3), not_after=timedelta(days=30))
OLD = OwnHello(
    offered="TLSv1.3", sent=True, answer=ServerHello(version="TLSv1.1", cipher="x", chain=())
)


def speaking(version: str) -> Visit:
    return replace(healthy_visit(), tls=replace(healthy_tls(), version=version))


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (healthy_visit(), passes("accept mx1.example.com [203.0.114.25]:25")),
        (speaking("TLSv1.2"), passes("accept")),
        (
            visit_until("ehlo", ehlo_reply(*EXTENSIONS)),
            fails(
                "senders that obey the MTA-STS policy of example.com (mode enforce) refuse"
                " mx1.example.com [203.0.114.25]:25: STARTTLS is not announced (starttls-missing)",
                remedy=("Repair what starttls-missing found", "`mode: testing`"),
            ),
        ),
        (visit_until("starttls", reply(454, "4.7.0 no TLS")), fails("(starttls-refused)")),
        (visit_until("tls", unseen(Trouble.HANDSHAKE)), fails("(tls-handshake-failed)")),
        (
            visit_until("tls", unseen(Trouble.HANDSHAKE), hellos=(OLD,)),
            fails("(tls-version-old)"),
        ),
        (speaking("TLSv1.1"), fails("(tls-version-old)")),
        (
            expired_visit(),
            fails(
                "the certificate has expired (cert-expired), the certificate is not for the MX host"
                " (cert-name-mismatch)",
                remedy=("Repair what cert-expired and cert-name-mismatch found",),
            ),
        ),
        (chain_visit(EARLY.der_chain), fails("(cert-not-yet-valid)")),
        (
            chain_visit(authority().issue(names=(HOST,)).without_intermediates().der_chain),
            fails("(cert-chain-incomplete)"),
        ),
        (
            chain_visit(self_signed(OBSERVED_AT, names=(HOST,)).der_chain),
            fails("(cert-untrusted)"),
        ),
        (
            visit_until("connection", unseen(Trouble.TIMEOUT)),
            not_applicable("not reached", owner="smtp-unreachable"),
        ),
        (
            visit_until("greeting", unseen(Trouble.DRIP)),
            not_applicable("220", owner="smtp-greeting-bad"),
        ),
        (
            visit_until("ehlo", reply(502, "no")),
            not_applicable("EHLO", owner="smtp-ehlo-refused"),
        ),
        (visit_until("starttls", unseen(Trouble.DEADLINE, "too late")), unknown("too late")),
        (chain_visit((b"junk",)), unknown("cannot be read")),
        (chain_visit(()), unknown("presented no certificate")),
    ],
)
def test_senders_that_hold_to_the_policy_accept_the_server(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit, domain=sts_domain()))


@pytest.mark.parametrize("minimum", [TlsVersion.TLS10, TlsVersion.TLS13])
def test_the_minimum_is_tls_1_2_whatever_the_users(minimum: TlsVersion) -> None:
    policy = Policy(min_tls=minimum)
    passes()(ask_visit(RULE, speaking("TLSv1.2"), policy, domain=sts_domain()))
    fails("tls-version-old")(ask_visit(RULE, speaking("TLSv1.1"), policy, domain=sts_domain()))


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.GIVEN_UP, not_applicable("the mode none")),
        (
            sts_domain(sts_policy(mx="mx2.example.com")),
            not_applicable("does not list the host", owner="mta-sts-mx-unlisted"),
        ),
        (domains.GARBLED, not_applicable("malformed", owner="mta-sts-policy-invalid")),
        (domains.CUT_OFF, not_applicable("fetched", owner="mta-sts-policy-unfetchable")),
        (domains.WITHOUT, not_applicable("no MTA-STS record", owner="mta-sts-missing")),
        (domains.UNSEEN, not_applicable("not known", owner="mta-sts-record-invalid")),
    ],
)
def test_it_needs_a_policy_that_lists_the_host(domain: Domain, want: Want) -> None:
    want(ask_visit(RULE, expired_visit(), domain=domain))


def test_in_testing_mode_it_is_a_warning_at_most() -> None:
    answer = ask_visit(RULE, expired_visit(), domain=domains.TESTING)
    fails("(mode testing) would under enforce refuse mx1.example.com")(answer)
    assert isinstance(answer, Fail)
    assert answer.at_most is Level.WARNING
    assert answer.remedy == "Repair what cert-expired and cert-name-mismatch found."
    enforced = ask_visit(RULE, expired_visit(), domain=domains.ENFORCED)
    assert isinstance(enforced, Fail)
    assert enforced.at_most is Level.ERROR


def test_senders_that_remember_a_policy_refuse_the_server_too() -> None:
    domain = domains.withdrawing(sts_policy())
    fails("example.com that is published now (mode enforce) refuse mx1.example.com")(
        ask_visit(RULE, expired_visit(), domain=domain)
    )
    testing = sts_domain(sts_policy("testing")).mta_sts
    given = replace(testing, remembered=serving(sts_policy()))
    both = replace(domain, mta_sts=given)
    fails("that is published now (mode enforce) refuse")(
        ask_visit(RULE, expired_visit(), domain=both)
    )


@pytest.mark.parametrize(
    ("visit", "result_type"),
    [
        (expired_visit(), ResultType.CERTIFICATE_EXPIRED),
        (visit_until("ehlo", ehlo_reply(*EXTENSIONS)), ResultType.STARTTLS_NOT_SUPPORTED),
        (speaking("TLSv1.1"), ResultType.VALIDATION_FAILURE),
    ],
)
def test_what_senders_call_it(visit: Visit, result_type: ResultType) -> None:
    answer = ask_visit(RULE, visit, MAIL, domain=sts_domain())
    assert isinstance(answer, Fail)
    assert answer.result_type is result_type
