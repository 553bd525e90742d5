import pytest

from mxcheck.evidence.domain import MxHost
from mxcheck.rules.base import Fail
from mxcheck.rules.dane.dane_lookup_failed import RULE
from mxcheck.wire.tls_rpt import ResultType
from tests.build import HOST
from tests.rules.ask import Want, fails, not_applicable, passes, unknown
from tests.rules.dane import cases
from tests.rules.dane.cases import NAME, NONE, TARGET, ask, tlsa
from tests.rules.dns import states


@pytest.mark.parametrize(
    ("host", "want"),
    [
        (cases.SECURE, passes(f"the TLSA lookup for {NAME} was answered")),
        (cases.UNUSABLE, passes("was answered")),
        (
            cases.FAILED,
            fails(
                f"TLSA records of {HOST} at {NAME} failed",
                "did not answer",
                "senders that use DANE do not deliver",
                remedy=("answer TLSA questions",),
            ),
        ),
        (cases.host_with(cases.SERVFAIL), fails("answers SERVFAIL to TLSA")),
        (cases.BOGUS, fails("fails DNSSEC validation", "with checking disabled it shows 3 1 1")),
        # The expanded name is asked first, and then nothing else (RFC 7672 2.1.2).
        (
            cases.alias_with(cases.TIMEOUT, tlsa()),
            fails(f"TLSA records of {HOST} at _25._tcp.{TARGET} failed"),
        ),
        (cases.alias_with(NONE, cases.TIMEOUT), fails(f"at {NAME} failed")),
        (cases.alias_with(cases.TIMEOUT, tlsa(), target=False), passes(NAME)),
        (
            cases.alias_with(NONE, tlsa(), target=False, alias=states.SERVFAIL),
            fails(f"at {HOST} failed"),
        ),
        (cases.FAILED_BELOW_UNSIGNED, not_applicable(owner="dane-missing")),
        (cases.ABSENT, not_applicable(owner="dane-missing")),
        (cases.INSECURE, not_applicable("not DNSSEC-secure", owner="dane-insecure")),
        (cases.INSECURE_TLSA, not_applicable(owner="dane-insecure")),
        (cases.WITHOUT_ADDRESS, not_applicable(owner="mx-unresolvable")),
        (cases.LITERAL, not_applicable(owner="mx-is-address")),
        (cases.UNASKED, unknown("were not asked for")),
        (cases.OUT_OF_TIME, unknown("the deadline passed")),
    ],
)
def test_the_lookup_is_answered(host: MxHost, want: Want) -> None:
    want(ask(RULE, host))


def test_senders_report_it_so() -> None:
    answer = ask(RULE, cases.FAILED)
    assert isinstance(answer, Fail)
    assert answer.result_type is ResultType.DNSSEC_INVALID
