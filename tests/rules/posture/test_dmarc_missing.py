import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.model.policy import Expect, Policy
from mxcheck.rules.posture.dmarc_missing import RULE
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes, unknown
from tests.rules.posture.domains import SERVFAIL, looked_up, with_dmarc

REQUIRED = Policy(require=("dmarc",))
SUB = "mail.example.com"


@pytest.mark.parametrize(
    ("domain", "policy", "want"),
    [
        (with_dmarc("v=DMARC1; p=none"), Policy(), passes("p=none at _dmarc.example.com")),
        (
            with_dmarc(name=SUB, example_com="v=DMARC1; p=reject; sp=none"),
            Policy(),
            passes("p=reject; sp=none at _dmarc.example.com", "which applies to mail.example.com"),
        ),
        (
            with_dmarc(),
            Policy(),
            fails(
                "example.com has no DMARC record: none at _dmarc.example.com, _dmarc.com",
                remedy=("`_dmarc.example.com`: `v=DMARC1; p=none; rua=mailto:dmarc@example.com`",),
            ),
        ),
        (
            with_dmarc(),
            Policy(expect=Expect.NO_MAIL),
            fails("no DMARC record", remedy=("`v=DMARC1; p=reject`",)),
        ),
        (
            with_dmarc(com="v=DMARC1; p=reject; psd=y"),
            Policy(),
            fails("only com has one, which is a public suffix (psd=y)"),
        ),
        (looked_up(SERVFAIL), Policy(), unknown("is not known", "SERVFAIL", remedy=("dig",))),
        (
            with_dmarc("v=DMARC1; p=none", "v=DMARC1; p=reject"),
            Policy(),
            not_applicable("receivers ignore", owner="dmarc-invalid"),
        ),
        (with_dmarc("v=DMARC1; p=none", "v=DMARC1; p=reject"), REQUIRED, fails("no DMARC record")),
    ],
)
def test_dmarc_missing(domain: Domain, policy: Policy, want: Want) -> None:
    want(ask_domain(RULE, domain, policy))
