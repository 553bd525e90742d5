import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.rules.posture.dkim_testing import RULE
from tests.build import txt
from tests.keys import dkim_p
from tests.rules.ask import Want, ask_selector, fails, not_applicable, passes
from tests.rules.posture.domains import NONE, with_key


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (with_key(txt(f"v=DKIM1; t=s; p={dkim_p()}")), passes("is not for tests")),
        (
            with_key(txt(f"v=DKIM1; t=y:s; p={dkim_p()}")),
            fails("testing (t=y)", remedy=(f"`v=DKIM1; t=s; p={dkim_p()}`",)),
        ),
        (with_key(txt("v=DKIM1; t=y; p=")), not_applicable(owner="dkim-key-invalid")),
        (with_key(NONE), not_applicable(owner="dkim-key-missing")),
    ],
)
def test_dkim_testing(domain: Domain, want: Want) -> None:
    want(ask_selector(RULE, domain, "s1"))
