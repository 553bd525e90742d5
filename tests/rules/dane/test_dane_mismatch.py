from dataclasses import replace
from datetime import timedelta

import pytest

from mxcheck.demo.certificates import self_signed
from mxcheck.evidence.domain import Domain, MxHost
from mxcheck.evidence.smtp import Visit
from mxcheck.judge.causes import answer
from mxcheck.rules.base import Fail
from mxcheck.rules.dane.dane_mismatch import RULE
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from mxcheck.wire.tls_rpt import ResultType
from mxcheck.wire.tlsa import TlsaRecord
from tests.build import (
    ADDRESS,
    DOMAIN,
    EXTENSIONS,
    HOST,
    OBSERVED_AT,
    authority,
    chain_visit,
    ehlo_reply,
    healthy_chain,
    healthy_visit,
    reply,
    root,
    visit_until,
)
from tests.rules.ask import Want, fails, passes
from tests.rules.chains import chains, der
from tests.rules.dane import cases
from tests.rules.dane.cases import (
    GOOD,
    NAME,
    STALE,
    endpoint_case,
    host_with,
    record,
    text_of,
    tlsa,
)
from tests.rules.dns import states

WHERE = f"{HOST} [{ADDRESS}]:25"
ISSUER = healthy_chain(HOST)[1]
ROOT = der((root().certificate,))[0]
ANCHORED = host_with(tlsa(text_of(record(2, 0, of=ISSUER))))
EXPIRED = authority().issue(names=(HOST,), not_after=timedelta(days=-3)).der_chain
EXPIRED_NOW = authority().issue(names=(HOST,), not_after=timedelta()).der_chain
IN_CLEAR = visit_until("ehlo", ehlo_reply(*EXTENSIONS))
STARTTLS_REFUSED = visit_until("starttls", reply(454, "4.7.0 TLS not available"))


def judge(host: MxHost, visit: Visit, want: Want) -> None:
    want(answer(RULE, endpoint_case(host, visit)))


def chain_of(*names: str, common_name: str = "unrelated.example") -> tuple[bytes, ...]:
    return authority().issue(names=names, common_name=common_name).der_chain


def issued(*names: str, common_name: str = "unrelated.example") -> Visit:
    return chain_visit(chain_of(*names, common_name=common_name))


@pytest.mark.parametrize(
    ("records", "want"),
    [
        ((record(),), passes(WHERE, f"the TLSA record {GOOD}")),
        ((record(3, 1, 0),), passes("3 1 0")),
        ((record(3, 1, 2),), passes("3 1 2")),
        ((record(3, 0, 0),), passes("3 0 0", "bytes)")),
        ((record(3, 0, 1),), passes("3 0 1")),
        ((record(of=ISSUER), record()), passes("3 1 1")),
        ((record(2, 0, of=ISSUER),), passes("2 0 1")),
        ((record(2, 1, of=ISSUER),), passes("2 1 1")),
        # A whole anchor need not be sent; what is a digest must be (RFC 7671 5.2.2, 5.2.3).
        ((record(2, 0, 0, of=ROOT),), passes("2 0 0")),
        ((record(2, 1, 0, of=ROOT),), passes("2 1 0")),
        ((record(2, 0, of=ROOT),), fails("matches no TLSA record")),
        ((record(2, 1, of=ROOT),), fails("matches no TLSA record")),
        # The leaf is not a trust anchor, and an issuer is not the leaf.
        ((record(2, 0),), fails("matches no TLSA record")),
        ((record(3, 0, of=ISSUER),), fails("matches no TLSA record")),
        # RFC 7671 9: of the digests only the strongest.
        ((record(), record(3, 1, 2, of=ISSUER)), fails("matches no TLSA record")),
        ((record(of=ISSUER), record(3, 1, 2)), passes("3 1 2")),
    ],
)
def test_a_record_matches(records: tuple[TlsaRecord, ...], want: Want) -> None:
    host = host_with(tlsa(*(text_of(one) for one in records)))
    judge(host, healthy_visit(), want)


def test_the_failure_says_what_is_published_and_what_would_match() -> None:
    want = fails(
        f"{WHERE} matches no TLSA record at {NAME}: published is {STALE}",
        f"for the certificate that it presents the record would be {GOOD}",
        "Senders that use DANE do not deliver",
        remedy=(
            f"Publish `{NAME}. 1800 IN TLSA {GOOD}`",
            "Only one record is published",
            "wait two TTLs (it came with 1800 s)",
        ),
    )
    judge(cases.MISMATCHED, healthy_visit(), want)


@pytest.mark.parametrize(("usage", "selector"), [(3, 1), (3, 0), (2, 1)])
def test_a_record_that_is_outdone_by_a_stale_one(usage: int, selector: int) -> None:
    of = healthy_chain(HOST)[0] if usage == 3 else ISSUER
    good, stale = record(usage, selector, 1, of=of), record(usage, selector, 2, of=ROOT)
    want = fails(
        f"({text_of(good)} would match, but senders ignore it because a stronger digest",
        remedy=(f"Remove `{NAME}. 1800 IN TLSA {text_of(stale)}`",),
    )
    judge(host_with(tlsa(text_of(good), text_of(stale))), healthy_visit(), want)


@pytest.mark.parametrize("selector", [0, 1])
def test_a_root_that_is_not_sent(selector: int) -> None:
    host = host_with(tlsa(text_of(record(2, selector, of=ROOT))))
    facts = parse_certificate(ROOT)
    assert isinstance(facts, CertificateFacts)
    subject = facts.subject
    want = fails(
        f"(2 {selector} 1 is about {subject}, which is missing from the chain that the server",
        remedy=(f"Append the certificate of {subject} to the chain", f"or publish `{NAME}."),
    )
    judge(host, healthy_visit(), want)


def test_an_authority_that_nobody_knows_is_not_sent() -> None:
    host = host_with(tlsa(STALE.replace("3 1 1", "2 1 1")))
    want = fails(
        "a record of usage 2 counts only if its authority is sent, and the chain ends at",
        "is missing)",
        remedy=("Append the certificate of",),
    )
    judge(host, healthy_visit(), want)


def test_a_chain_that_ends_in_a_root_misses_nothing() -> None:
    host = host_with(tlsa(STALE.replace("3 1 1", "2 1 1")))
    answered = answer(RULE, endpoint_case(host, chain_visit((*healthy_chain(HOST), ROOT))))
    assert isinstance(answered, Fail)
    assert "missing" not in answered.message
    assert "Append" not in answered.remedy


def test_with_two_records_there_was_room_for_a_change_of_key() -> None:
    answered = answer(RULE, endpoint_case(host_with(tlsa(STALE, STALE.replace("00", "11")))))
    assert isinstance(answered, Fail)
    assert "Only one record" not in answered.remedy


@pytest.mark.parametrize(
    "chain", [EXPIRED, chain_of("unrelated.example"), chain_of(), der(chains()["for clients only"])]
)
def test_names_and_dates_are_nothing_to_usage_3(chain: tuple[bytes, ...]) -> None:
    host = host_with(tlsa(text_of(record(of=chain[0]))))
    judge(host, chain_visit(chain), passes("3 1 1"))


NEARLY = "the anchor is there, but"


@pytest.mark.parametrize(
    ("visit", "want", "result_type"),
    [
        (
            chain_visit(EXPIRED),
            fails(NEARLY, "expired", remedy=("Put right",)),
            ResultType.CERTIFICATE_EXPIRED,
        ),
        (
            chain_visit(EXPIRED_NOW),
            fails(NEARLY, f"certificate has expired, at CN={HOST}"),
            ResultType.CERTIFICATE_EXPIRED,
        ),
        (
            issued("unrelated.example"),
            fails(NEARLY, f"holds unrelated.example, not {HOST} or {DOMAIN}"),
            ResultType.CERTIFICATE_HOST_MISMATCH,
        ),
        (
            chain_visit(der(chains()["for clients only"])),
            fails(NEARLY, "unsuitable certificate purpose", "lacks serverAuth"),
            ResultType.CERTIFICATE_NOT_TRUSTED,
        ),
        (
            chain_visit(der(chains()["signature forged"])),
            fails(NEARLY, "signature"),
            ResultType.CERTIFICATE_NOT_TRUSTED,
        ),
        (
            chain_visit(self_signed(OBSERVED_AT, names=(HOST,)).der_chain),
            fails("matches no TLSA record"),
            ResultType.VALIDATION_FAILURE,
        ),
    ],
)
def test_below_an_anchor_all_must_be_right(
    visit: Visit, want: Want, result_type: ResultType
) -> None:
    answered = answer(RULE, endpoint_case(ANCHORED, visit))
    want(answered)
    assert isinstance(answered, Fail)
    assert answered.result_type is result_type


OTHER_OWNER = replace(
    states.SECURE, mx=replace(states.MX, owner="example.net", authenticated_data=True)
)


@pytest.mark.parametrize(
    ("visit", "domain", "matched"),
    [
        (issued(HOST), states.SECURE, True),
        (issued("*.example.com"), states.SECURE, True),
        # RFC 7672 3.2.2: the domain's own name, where the MX answer is secure.
        (issued(DOMAIN), states.SECURE, True),
        (issued(DOMAIN), states.INSECURE, False),
        (issued(HOST), states.INSECURE, True),
        (issued(DOMAIN), OTHER_OWNER, True),
        (issued("example.net"), OTHER_OWNER, True),
        (issued("example.net"), states.SECURE, False),
        (issued(DOMAIN), states.NO_MX, True),
        # RFC 7672 3.2.3: the CN, where there is no DNS-ID.
        (issued(common_name=HOST), states.SECURE, True),
        (issued("unrelated.example", common_name=HOST), states.SECURE, False),
        (issued(ADDRESS, common_name=HOST), states.SECURE, True),
    ],
)
def test_names_below_an_anchor(visit: Visit, domain: Domain, *, matched: bool) -> None:
    want = passes("2 0 1") if matched else fails(NEARLY)
    want(answer(RULE, endpoint_case(ANCHORED, visit, domain=domain)))


def test_records_that_match_another_address() -> None:
    other = replace(healthy_visit(), address="203.0.114.26")
    host = replace(cases.SECURE, addresses=(ADDRESS, "203.0.114.26"))
    visit = chain_visit(der(chains()["self-signed"]))
    case = endpoint_case(host, visit, others=(other,))
    fails("The records match what mx1.example.com presents at 203.0.114.26")(answer(RULE, case))


def test_records_behind_an_alias_are_published_there() -> None:
    host = host_with(tlsa(STALE, owner="tlsa.example.net"))
    judge(host, healthy_visit(), fails(NAME, remedy=("`tlsa.example.net. 1800 IN TLSA 3 1 1",)))


@pytest.mark.parametrize("host", [cases.SECURE, cases.UNUSABLE])
@pytest.mark.parametrize(
    ("visit", "seen"),
    [
        (IN_CLEAR, "STARTTLS is not announced"),
        (STARTTLS_REFUSED, "STARTTLS was not accepted"),
    ],
)
def test_any_secure_record_promises_starttls(host: MxHost, visit: Visit, seen: str) -> None:
    answered = answer(RULE, endpoint_case(host, visit))
    assert isinstance(answered, Fail)
    assert f"the TLSA records at {NAME} promise TLS, but at {WHERE} {seen}" in answered.message
    assert "Offer STARTTLS" in answered.remedy
    assert answered.result_type is ResultType.STARTTLS_NOT_SUPPORTED
