import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail
from mxcheck.rules.posture.dmarc_invalid import RULE
from tests.rules.ask import Want, ask_domain, fails, not_applicable, passes
from tests.rules.posture.domains import SERVFAIL, looked_up, with_dmarc

GOOD = "v=DMARC1; p=reject; rua=mailto:a@example.com"
SUB = "mail.example.com"


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (with_dmarc(GOOD), passes("the record at _dmarc.example.com is valid")),
        (with_dmarc(GOOD, example_org="v=DMARC1"), passes("is valid")),
        (with_dmarc(), not_applicable("no DMARC record", owner="dmarc-missing")),
        (looked_up(SERVFAIL), not_applicable("is not known", owner="dmarc-missing")),
    ],
)
def test_what_is_not_wrong(domain: Domain, want: Want) -> None:
    want(ask_domain(RULE, domain))


@pytest.mark.parametrize(
    ("domain", "words", "remedy", "at_most"),
    [
        (with_dmarc(GOOD, GOOD), "2 records begin with v=DMARC1", "exactly one", Level.ERROR),
        (with_dmarc("v=DMARC; p=none"), "does not begin with `v=DMARC1;`", "p=none", Level.ERROR),
        (with_dmarc("v=DMARC1; adkim=s"), "has no p=; receivers ignore", "p=none", Level.ERROR),
        (
            with_dmarc("v=DMARC1; p=reject; sp=all"),
            "has sp='all', not none, quarantine or reject; receivers ignore the record",
            "`v=DMARC1; p=reject`",
            Level.ERROR,
        ),
        (
            with_dmarc(f"{GOOD}; np=x; pct=10"),
            "receivers act as if it said p=none",
            "`v=DMARC1; p=reject; rua=mailto:a@example.com`",
            Level.ERROR,
        ),
        (
            with_dmarc("v=DMARC1; p=rejct; rua=mailto:a@example.com"),
            "has p='rejct'",
            "`v=DMARC1; p=none; rua=mailto:a@example.com`",
            Level.WARNING,
        ),
        (with_dmarc(f"{GOOD}; psd=x"), "psd='x', not y, n or u; the defaults", GOOD, Level.WARNING),
        (with_dmarc(f"{GOOD}; t=1"), "t='1', not y or n", GOOD, Level.WARNING),
        (
            with_dmarc("v=DMARC1; p=none; rua=a@example.com,mailto:b@example.com"),
            "not URIs such as mailto:",
            "`v=DMARC1; p=none; rua=mailto:b@example.com`",
            Level.WARNING,
        ),
        (with_dmarc(f"{GOOD}; x"), "wanted name=value", GOOD, Level.WARNING),
        (
            with_dmarc(name=SUB, example_com="v=DMARC1; foo=1"),
            "at _dmarc.example.com (the record of example.com, which applies to mail.example.com)",
            "`_dmarc.example.com`",
            Level.ERROR,
        ),
        (
            with_dmarc(name=SUB, example_com="v=dmarc1; p=none"),
            "receivers ignore what is at _dmarc.example.com",
            "`_dmarc.example.com`",
            Level.ERROR,
        ),
    ],
)
def test_what_is_wrong_in_a_record(domain: Domain, words: str, remedy: str, at_most: Level) -> None:
    answer = ask_domain(RULE, domain)
    fails(words, remedy=(remedy,))(answer)
    assert isinstance(answer, Fail)
    assert answer.at_most is at_most
