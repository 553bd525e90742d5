from dataclasses import replace

import pytest

from mxcheck.evidence.domain import MxHost
from mxcheck.judge.causes import answer
from mxcheck.rules.dane.dane_missing import RULE
from tests.build import ADDRESS, HOST, authority, chain_visit, evidence_of, reply, visit_until
from tests.rules.ask import Want, fails, not_applicable, passes, unknown
from tests.rules.dane import cases
from tests.rules.dane.cases import NAME, ask


@pytest.mark.parametrize(
    ("host", "want"),
    [
        (cases.SECURE, passes(f"{HOST} has TLSA records at {NAME}")),
        (cases.MISMATCHED, passes(NAME)),
        (cases.UNUSABLE, passes(NAME)),
        (
            cases.ABSENT,
            fails(
                f"{HOST} has no TLSA record",
                remedy=(f"`{NAME}. 3600 IN TLSA {cases.GOOD}`", "signed"),
            ),
        ),
        (cases.ABSENT_BELOW_UNSIGNED, fails("no TLSA record")),
        (cases.FAILED_BELOW_UNSIGNED, fails("no TLSA record")),
        (cases.INSECURE, not_applicable(owner="dane-insecure")),
        (cases.INSECURE_TLSA, not_applicable(owner="dane-insecure")),
        (cases.FAILED, not_applicable(owner="dane-lookup-failed")),
        (cases.WITHOUT_ADDRESS, not_applicable(owner="mx-unresolvable")),
        (cases.LITERAL, not_applicable(owner="mx-is-address")),
        (cases.UNASKED, unknown("were not asked for")),
    ],
)
def test_there_is_a_record(host: MxHost, want: Want) -> None:
    want(ask(RULE, host))


def test_of_a_server_that_was_not_seen_the_form_of_the_record_is_told() -> None:
    case = cases.endpoint_case(cases.ABSENT, visit_until("starttls", reply(454, "no TLS")))
    want = fails(remedy=(f"`{NAME}. 3600 IN TLSA 3 1 1 …`", "SHA-256 digest of the public key"))
    want(answer(RULE, case))


def test_every_address_has_its_record() -> None:
    other = authority().issue(names=(HOST,)).der_chain
    host = replace(cases.ABSENT, addresses=(ADDRESS, "203.0.114.26"))
    second = replace(chain_visit(other), address="203.0.114.26")
    case = cases.endpoint_case(host)
    case = replace(case, run=evidence_of(case.visit, second, domain=case.domain))
    fails(remedy=(f"{cases.GOOD}` and `", cases.text_of(cases.record(of=other[0]))))(
        answer(RULE, case)
    )
