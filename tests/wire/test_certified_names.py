import pytest

from mxcheck.wire.certified_names import names_for
from tests.build import authority
from tests.odd_certificates import certified


@pytest.mark.parametrize(
    ("name", "host", "domain", "counts"),
    [
        ("mx1.example.com", "mx1.example.com", "example.com", True),
        ("www.example.com", "mx1.example.com", "example.com", True),
        ("example.com", "mx1.example.com", "example.com", True),
        ("*.example.com", "mx1.example.com", "example.com", True),
        ("*.sub.example.com", "mx1.example.com", "example.com", True),
        ("mx.provider.example", "mx.provider.example", "example.com", True),
        ("*.provider.example", "mx.provider.example", "example.com", True),
        ("www.provider.example", "mx.provider.example", "example.com", False),
        ("badexample.com", "mx1.example.com", "example.com", False),
        ("com", "mx1.example.com", "example.com", False),
        ("*.com", "mx1.example.com", "example.com", False),
        ("a b.example.com", "mx1.example.com", "example.com", False),
        (f"{'a' * 64}.example.com", "mx1.example.com", "example.com", False),
        ("..example.com", "mx1.example.com", "example.com", False),
    ],
)
def test_the_names_that_a_domain_answers_for(
    name: str, host: str, domain: str, *, counts: bool
) -> None:
    chain = (certified(name.encode()),)
    assert names_for(chain, host, domain) == ((name,) if counts else ())


def test_a_name_counts_once_and_a_chain_that_cannot_be_read_has_none() -> None:
    leaf = authority().issue(names=("a.example.com", "A.example.com")).der_chain
    assert names_for(leaf, "mx1.example.com", "example.com") == ("a.example.com",)
    assert names_for((b"junk",), "mx1.example.com", "example.com") == ()
    assert names_for((), "mx1.example.com", "example.com") == ()
