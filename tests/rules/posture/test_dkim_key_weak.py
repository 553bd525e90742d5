import pytest

from mxcheck.evidence.domain import Domain
from mxcheck.model.policy import Level
from mxcheck.rules.base import Fail
from mxcheck.rules.posture.dkim_key_weak import RULE
from tests.build import txt
from tests.keys import dkim_p
from tests.rules.ask import Want, ask_selector, fails, not_applicable, passes
from tests.rules.posture.domains import NONE, with_key

ED25519 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


@pytest.mark.parametrize(
    ("domain", "want"),
    [
        (with_key(txt(f"v=DKIM1; p={dkim_p()}")), passes("strong key (RSA 2048)")),
        (with_key(txt(ED25519)), passes("Ed25519")),
        (with_key(txt("v=DKIM1; p=")), not_applicable(owner="dkim-key-invalid")),
        (with_key(NONE), not_applicable(owner="dkim-key-missing")),
    ],
)
def test_dkim_key_weak(domain: Domain, want: Want) -> None:
    want(ask_selector(RULE, domain, "s1"))


@pytest.mark.parametrize(
    ("bits", "words", "at_most"),
    [
        (1024, "has 1024 bits (RSA): 2048 are wanted", Level.WARNING),
        (768, "receivers take no signature by it for valid", Level.ERROR),
    ],
)
def test_a_short_key_weighs_by_what_receivers_do(bits: int, words: str, at_most: Level) -> None:
    p = dkim_p(1024) if bits == 1024 else SHORT
    answer = ask_selector(RULE, with_key(txt(f"v=DKIM1; p={p}")), "s1")
    fails(words, remedy=("-b 2048",))(answer)
    assert isinstance(answer, Fail)
    assert answer.at_most is at_most


SHORT = (  # 768 bits: cryptography makes none of that size
    "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhANF80ohX0V2BXLHRATlal4m3YT86x1hOy5E2pUBpXlfLzTPiL1Y0D/ITxc9r"
    "x3VpJGnkTo9LZvEq3+eFEzjTd91SmfGOPTDw9EGiOCqiAraKUzcnHGgnADEgPDIFZDpKmwIDAQAB"
)
