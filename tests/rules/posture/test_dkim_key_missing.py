import pytest

from mxcheck.evidence.dns import Absence, Absent
from mxcheck.evidence.domain import Domain
from mxcheck.rules.posture.dkim_key_missing import RULE
from tests.build import healthy_domain, txt
from tests.judge.judging import judge
from tests.rules.ask import Want, ask_selector, fails, passes, unknown
from tests.rules.posture.domains import NONE, SERVFAIL, with_key

ALIAS = Absent(absence=Absence.NXDOMAIN, aliases=("s1.example.net",))


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (with_key(txt("v=DKIM1; p=")), passes("a record at s1._domainkey.example.com")),
        (
            with_key(NONE),
            fails(
                "no DKIM key at s1._domainkey.example.com",
                "signs with the selector s1",
                remedy=("`s1._domainkey.example.com`, such as `v=DKIM1; k=rsa; p=",),
            ),
        ),
        (with_key(ALIAS), fails("(an alias of s1.example.net)")),
        (with_key(SERVFAIL), unknown("SERVFAIL", remedy=("dig",))),
        (healthy_domain(), unknown("was not asked")),
    ],
)
def test_dkim_key_missing(domain: Domain, want: Want) -> None:
    want(ask_selector(RULE, domain, "s1"))


def test_required_without_selectors_it_says_what_to_configure() -> None:
    results = {one.rule.id: one for one in judge(require=("dkim",)).results}
    missing = results["dkim-key-missing"]
    assert missing.blocks
    assert "the configuration names no selector" in missing.message
    assert "dkim_selectors" in missing.remedy
    assert results["dkim-key-weak"].message.startswith("the configuration names no selector")


def test_without_selectors_nothing_is_asked() -> None:
    results = {one.rule.id: one for one in judge().results}
    assert "dkim_selectors" in results["dkim-key-missing"].message
