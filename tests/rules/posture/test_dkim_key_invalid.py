import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.rules.posture.dkim_key_invalid import RULE
from tests.build import txt
from tests.keys import dkim_p
from tests.rules.ask import Want, ask_selector, fails, not_applicable, passes
from tests.rules.posture.domains import NONE, SERVFAIL, with_key

GOOD = f"v=DKIM1; k=rsa; p={dkim_p()}"


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (with_key(txt(GOOD)), passes("a key that receivers can read (RSA 2048)")),
        (
            with_key(txt("v=DKIM1; k=rsa; p=AAAA")),
            fails("cannot use the DKIM key at s1._domainkey.example.com", remedy=("pubout",)),
        ),
        (with_key(txt(GOOD, GOOD)), fails("2 TXT records", remedy=("one TXT record",))),
        (
            with_key(txt("v=DKIM1; p=")),
            fails("is revoked (its p= is empty)", remedy=("remove it from `dkim_selectors`",)),
        ),
        (with_key(NONE), not_applicable("no record at", owner="dkim-key-missing")),
        (with_key(SERVFAIL), not_applicable("SERVFAIL", owner="dkim-key-missing")),
    ],
)
def test_dkim_key_invalid(domain: Domain, want: Want) -> None:
    want(ask_selector(RULE, domain, "s1"))
