import pytest

from mxcheck.evidence.domain import MxHost
from mxcheck.rules.dane.dane_missing import RULE
from tests.build import HOST
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
            fails(f"{HOST} has no TLSA record", remedy=(f"`{NAME}. IN TLSA 3 1 1 …`", "signed")),
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
