import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.rules.posture.dmarc_subdomains_open import RULE
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes
from tests.rules.posture.domains import with_dmarc

SUB = "mail.example.com"


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (with_dmarc("v=DMARC1; p=reject"), passes("enforced for subdomains too")),
        (with_dmarc("v=DMARC1; p=reject; sp=quarantine; np=reject"), passes()),
        (
            with_dmarc("v=DMARC1; p=reject; sp=none"),
            fails("p=reject, but sp=none", "below example.com", remedy=("`v=DMARC1; p=reject`",)),
        ),
        (
            with_dmarc("v=DMARC1; p=quarantine; sp=none; np=none"),
            fails("sp=none and np=none", remedy=("`v=DMARC1; p=quarantine`",)),
        ),
        (with_dmarc("v=DMARC1; p=none; sp=none"), not_applicable("not enforced")),
        (
            with_dmarc("v=DMARC1; p=reject; sp=none", name=SUB, example_com="v=DMARC1; p=reject"),
            not_applicable("record of the organization alone"),
        ),
        (with_dmarc(), not_applicable(owner="dmarc-missing")),
    ],
)
def test_dmarc_subdomains_open(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))
