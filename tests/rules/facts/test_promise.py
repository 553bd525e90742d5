"""Who minds a certificate that does not authenticate: said, and reported, by what is promised."""

from dataclasses import replace

import pytest

from mxcheck.demo.certificates import self_signed
from mxcheck.evidence.dns import Absence, Absent, Lookup
from mxcheck.evidence.domain import Domain
from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import TlsSession
from mxcheck.judge.judge import DomainToJudge, judge_domain
from mxcheck.judge.verdict import Outcome
from mxcheck.model.policy import Policy
from mxcheck.rules.base import AnyRule, DomainCase
from mxcheck.rules.cert import (
    cert_chain_incomplete,
    cert_expired,
    cert_name_mismatch,
    cert_not_yet_valid,
    cert_untrusted,
)
from mxcheck.rules.facts.promise import is_reported, promise_note
from mxcheck.rules.facts.sent_chain import PresentedChain
from mxcheck.rules.mta_sts import mta_sts_mx_unauthenticated
from mxcheck.rules.tls import starttls_missing, starttls_refused, tls_handshake_failed
from mxcheck.wire.tls_rpt import ResultType
from tests.build import (
    HOST,
    OBSERVED_AT,
    authority,
    chain_visit,
    ehlo_reply,
    evidence_of,
    expired_visit,
    healthy_chain,
    healthy_domain,
    healthy_host,
    healthy_visit,
    reply,
    trust,
    unseen,
    visit_until,
)
from tests.rules.ask import ask_visit, case_of, fails, passes
from tests.rules.dane.cases import GOOD, STALE, host_with, record, text_of, tlsa
from tests.rules.mta_sts import domains
from tests.rules.mta_sts.test_mta_sts_mx_unauthenticated import EARLY

TLSA = tlsa(STALE)
MATCHING = tlsa(GOOD)
UNUSABLE = tlsa(f"1 1 1 {'00' * 32}")
NO_TLSA = Absent(absence=Absence.NODATA, authenticated_data=True)
SERVFAIL = unseen(Trouble.SERVFAIL)

ENFORCED = "The MTA-STS policy of example.com (mode enforce) promises a valid one: enforcing"
BOTH = "(mode enforce) and the TLSA records of mx1.example.com promise a valid one"
DANE = "The TLSA records of mx1.example.com promise a valid one: senders that use DANE"
NOBODY = "But no policy promises it; most senders still deliver"
UNTOLD = (
    "Senders that authenticate the server (MTA-STS enforce, DANE) refuse delivery; others still"
)
MILDER = 'levels = { "cert-untrusted" = "warning" } makes this a warning'


def with_tlsa(domain: Domain, lookup: Lookup) -> Domain:
    """The domain with a DNSSEC-secure MX host that has this answer to TLSA."""
    return replace(domain, hosts=(host_with(lookup),))


@pytest.mark.parametrize(
    ("domain", "words"),
    [
        (domains.ENFORCED, (ENFORCED,)),
        (with_tlsa(domains.ENFORCED, NO_TLSA), (ENFORCED,)),
        (with_tlsa(domains.ENFORCED, SERVFAIL), (ENFORCED,)),
        (with_tlsa(domains.ENFORCED, TLSA), (BOTH,)),
        (with_tlsa(domains.WITHOUT, TLSA), (DANE,)),
        (with_tlsa(domains.TESTING, TLSA), (DANE,)),
        (with_tlsa(domains.UNSEEN, TLSA), (DANE,)),
        (with_tlsa(domains.WITHOUT, NO_TLSA), (NOBODY, MILDER)),
        (with_tlsa(domains.TESTING, NO_TLSA), (NOBODY, MILDER)),
        (with_tlsa(domains.GIVEN_UP, NO_TLSA), (NOBODY, MILDER)),
        (with_tlsa(domains.WITHOUT, UNUSABLE), (NOBODY, MILDER)),
        # A record or policy that is broken may have been fetched while it was whole.
        (with_tlsa(domains.UNFETCHED, NO_TLSA), (UNTOLD, MILDER)),
        (with_tlsa(domains.GARBLED, NO_TLSA), (UNTOLD, MILDER)),
        (with_tlsa(domains.MALFORMED, NO_TLSA), (UNTOLD, MILDER)),
        (with_tlsa(domains.UNSEEN, NO_TLSA), (UNTOLD, MILDER)),
        (with_tlsa(domains.WITHOUT, SERVFAIL), (UNTOLD, MILDER)),
        (replace(domains.WITHOUT, hosts=(replace(healthy_host(), tlsa=()),)), (UNTOLD, MILDER)),
        (domains.UNASKED, (UNTOLD, MILDER)),
        # A record that matches is a promise that is kept, whatever the certificate says.
        (with_tlsa(domains.ENFORCED, MATCHING), (ENFORCED,)),
        (with_tlsa(domains.WITHOUT, MATCHING), ("Most senders still deliver.",)),
        (with_tlsa(domains.UNSEEN, MATCHING), ("enforce an MTA-STS policy refuse", "others still")),
    ],
)
def test_the_note_says_who_minds(domain: Domain, words: tuple[str, ...]) -> None:
    presented = PresentedChain(certificates=healthy_chain(HOST))
    note = promise_note(presented, case_of(healthy_visit(), domain=domain), "cert-untrusted")
    for word in words:
        assert word in note
    assert ("levels" in note) is (MILDER in words)


@pytest.mark.parametrize(
    ("domain", "reported"),
    [
        (domains.ENFORCED, ResultType.VALIDATION_FAILURE),
        (domains.TESTING, ResultType.VALIDATION_FAILURE),
        (with_tlsa(domains.WITHOUT, TLSA), ResultType.VALIDATION_FAILURE),
        (domains.GIVEN_UP, None),
        (domains.UNFETCHED, None),
        (with_tlsa(domains.WITHOUT, UNUSABLE), None),
        (with_tlsa(domains.WITHOUT, MATCHING), None),
        (healthy_domain(), None),
    ],
)
def test_senders_report_where_a_policy_promises(
    domain: Domain, reported: ResultType | None
) -> None:
    case = case_of(healthy_visit(), domain=domain)
    assert is_reported(case) is bool(reported)


SELF_SIGNED = chain_visit(self_signed(OBSERVED_AT, names=(HOST,)).der_chain)
INCOMPLETE = chain_visit(authority().issue(names=(HOST,)).without_intermediates().der_chain)
NO_TLS = visit_until("ehlo", ehlo_reply("SIZE"))
REFUSED = visit_until("starttls", reply(454, "4.7.0 no TLS"))
BROKEN = visit_until("tls", unseen(Trouble.HANDSHAKE))


@pytest.mark.parametrize(
    ("rule", "visit", "result_type"),
    [
        (starttls_missing.RULE, NO_TLS, ResultType.STARTTLS_NOT_SUPPORTED),
        (starttls_refused.RULE, REFUSED, ResultType.STARTTLS_NOT_SUPPORTED),
        (tls_handshake_failed.RULE, BROKEN, ResultType.VALIDATION_FAILURE),
        (cert_expired.RULE, expired_visit(), ResultType.CERTIFICATE_EXPIRED),
        (
            cert_not_yet_valid.RULE,
            chain_visit(EARLY.der_chain),
            ResultType.CERTIFICATE_NOT_TRUSTED,
        ),
        (cert_name_mismatch.RULE, expired_visit(), ResultType.CERTIFICATE_HOST_MISMATCH),
        (cert_chain_incomplete.RULE, INCOMPLETE, ResultType.CERTIFICATE_NOT_TRUSTED),
        (cert_untrusted.RULE, SELF_SIGNED, ResultType.CERTIFICATE_NOT_TRUSTED),
    ],
    ids=lambda value: getattr(value, "id", ""),
)
def test_each_failure_has_the_name_that_senders_report(
    rule: AnyRule, visit: Visit, result_type: ResultType
) -> None:
    assert reported(rule, domains.ENFORCED, visit) is result_type
    assert reported(rule, healthy_domain(), visit) is None


def reported(rule: AnyRule, domain: Domain, visit: Visit) -> ResultType | None:
    evidence = evidence_of(visit, domain=domain)
    case = DomainCase(run=evidence, policy=Policy(), trust=trust(), domain=domain)
    results = judge_domain(DomainToJudge(case=case)).results
    [result] = [result for result in results if result.rule is rule]
    assert result.outcome is Outcome.FAIL
    return result.result_type


def test_an_expired_certificate_with_another_name_under_an_enforced_policy() -> None:
    visit = expired_visit()
    refused = "enforcing senders refuse delivery"
    expired = ask_visit(cert_expired.RULE, visit, domain=domains.ENFORCED)
    fails("expired on 2026-01-28", refused, remedy=("Renew", "certbot"))(expired)
    named = ask_visit(cert_name_mismatch.RULE, visit, domain=domains.ENFORCED)
    wanted = f"with the exact MX host {HOST} in its SAN"
    fails("its SAN lists mail.example.com", refused, remedy=("certbot", wanted))(named)


@pytest.mark.parametrize(
    ("rule", "visit"),
    [
        (cert_expired.RULE, expired_visit()),
        (cert_name_mismatch.RULE, expired_visit()),
        (cert_chain_incomplete.RULE, INCOMPLETE),
        (cert_untrusted.RULE, SELF_SIGNED),
    ],
    ids=lambda value: getattr(value, "id", ""),
)
def test_where_nobody_promises_it_the_message_shows_the_line_that_makes_it_milder(
    rule: AnyRule, visit: Visit
) -> None:
    answer = ask_visit(rule, visit, domain=with_tlsa(domains.WITHOUT, NO_TLSA))
    line = f'levels = {{ "{rule.id}" = "warning" }}'
    fails("no policy promises it; most senders still deliver", line)(answer)


def test_under_a_record_that_matches_only_senders_that_enforce_mta_sts_refuse() -> None:
    visit = expired_visit()
    assert isinstance(visit.tls, TlsSession)
    matching = tlsa(text_of(record(of=visit.tls.chain[0])))
    alone = ask_visit(cert_expired.RULE, visit, domain=with_tlsa(domains.WITHOUT, matching))
    fails("Most senders still deliver. Senders that use DANE do not look at the date")(alone)
    both = with_tlsa(domains.ENFORCED, matching)
    fails("enforcing senders refuse delivery")(ask_visit(cert_expired.RULE, visit, domain=both))
    passes("TLSA record")(ask_visit(cert_name_mismatch.RULE, visit, domain=both))
    want = fails("(cert-expired)", "(cert-name-mismatch)")
    want(ask_visit(mta_sts_mx_unauthenticated.RULE, visit, domain=both))
