import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.rules.base import Fail
from mxcheck.rules.mta_sts.mta_sts_policy_invalid import RULE
from mxcheck.wire.tls_rpt import ResultType
from tests.build import sts_domain, sts_response
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes
from tests.rules.mta_sts import domains

HTML = sts_domain(sts_response("<!DOCTYPE html>", "<title>Hello</title>"))
NO_MX = sts_domain(sts_response("version: STSv1", "mode: none", "max_age: 86400"))


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (domains.ENFORCED, passes("mode enforce, max_age 2592000, mx mx1.example.com")),
        (NO_MX, passes("mode none, max_age 86400, mx no host")),
        (
            HTML,
            fails(
                "https://mta-sts.example.com/.well-known/mta-sts.txt is malformed: line 1: wanted",
                "got '<!DOCTYPE html>'",
                remedy=("change the id in the TXT record `_mta-sts.example.com`",),
            ),
        ),
        (domains.GARBLED, fails("it has no version field")),
        (domains.UNFETCHED, not_applicable("fetched", owner="mta-sts-policy-unfetchable")),
        (domains.CUT_OFF, not_applicable("fetched", owner="mta-sts-policy-unfetchable")),
        (domains.WITHOUT, not_applicable("no MTA-STS record", owner="mta-sts-missing")),
        (domains.MALFORMED, not_applicable("invalid", owner="mta-sts-record-invalid")),
        (domains.UNSEEN, not_applicable("not known", owner="mta-sts-record-invalid")),
    ],
)
def test_the_policy_is_well_formed(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))


def test_what_senders_call_it() -> None:
    answer = ask_domain(RULE, HTML)
    assert isinstance(answer, Fail)
    assert answer.result_type is ResultType.STS_POLICY_INVALID
