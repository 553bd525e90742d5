import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.rules.posture.dmarc_tag_obsolete import RULE
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes
from tests.rules.posture.domains import with_dmarc


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (with_dmarc("v=DMARC1; p=reject"), passes("the same to all receivers")),
        (with_dmarc("v=DMARC1; p=reject; pct=100; ri=86400"), passes("the same")),
        (
            with_dmarc("v=DMARC1; p=reject; pct=25; rf=afrf"),
            fails(
                "has pct='25', a share of the mail under RFC 7489",
                "apply the policy in full",
                remedy=("`v=DMARC1; p=reject`",),
            ),
        ),
        (
            with_dmarc("v=DMARC1; p=reject; pct=0"),
            fails("the test mode of RFC 7489", remedy=("`v=DMARC1; p=reject; t=y`",)),
        ),
        (with_dmarc("v=DMARC1; p=reject; pct=x"), fails("pct='x'")),
        (with_dmarc(), not_applicable(owner="dmarc-missing")),
    ],
)
def test_dmarc_tag_obsolete(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))
