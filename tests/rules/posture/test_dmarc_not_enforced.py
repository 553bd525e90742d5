import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.model.policy import Expect, Policy
from mxcheck.rules.posture.dmarc_not_enforced import RULE
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes
from tests.rules.posture.domains import with_dmarc

SUB = "mail.example.com"
NO_MAIL = Policy(expect=Expect.NO_MAIL)
RUA = "rua=mailto:a@example.com"


@pytest.mark.parametrize(
    ("domain", "policy", "want"),
    [
        (with_dmarc("v=DMARC1; p=quarantine"), Policy(), passes("p=quarantine")),
        (with_dmarc("v=DMARC1; p=reject; t=y"), Policy(), passes("p=reject; t=y")),
        (
            with_dmarc(f"v=DMARC1; p=none; {RUA}; pct=20; ri=60"),
            Policy(),
            fails(
                "policy in force for example.com is none (p=none at _dmarc.example.com)",
                remedy=("Once the reports", f"`v=DMARC1; p=quarantine; {RUA}`"),
            ),
        ),
        (
            with_dmarc(f"v=DMARC1; p=quarantine; t=y; {RUA}"),
            Policy(),
            fails("is none (p=quarantine; t=y", remedy=(f"`v=DMARC1; p=quarantine; {RUA}`",)),
        ),
        (
            with_dmarc(f"v=DMARC1; {RUA}"),
            Policy(),
            fails("no valid policy, so none", remedy=("p=quarantine",)),
        ),
        (
            with_dmarc(name=SUB, example_com=f"v=DMARC1; p=reject; sp=none; {RUA}"),
            Policy(),
            fails(
                "in force for mail.example.com is none (p=reject; sp=none",
                remedy=(f"`_dmarc.mail.example.com`: `v=DMARC1; p=quarantine; {RUA}`",),
            ),
        ),
        (with_dmarc("v=DMARC1; p=reject"), NO_MAIL, passes("p=reject")),
        (
            with_dmarc("v=DMARC1; p=quarantine"),
            NO_MAIL,
            fails("is quarantine, where a domain without mail", remedy=("`v=DMARC1; p=reject`",)),
        ),
        (with_dmarc("v=DMARC1; p=none"), NO_MAIL, fails("none", remedy=("`v=DMARC1; p=reject`",))),
        (with_dmarc(), Policy(), not_applicable("no DMARC record", owner="dmarc-missing")),
        (
            with_dmarc("v=DMARC1; sp=none"),
            Policy(),
            not_applicable("receivers ignore", owner="dmarc-invalid"),
        ),
    ],
)
def test_dmarc_not_enforced(domain: Domain, policy: Policy, want: Want) -> None:
    want(ask_domain(RULE, domain, policy))
