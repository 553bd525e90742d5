import pytest

from mxcheck.wire.resolv_conf import has_trust_ad


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False),
        ("nameserver 192.0.2.53\n", False),
        ("nameserver 192.0.2.53\noptions edns0 trust-ad\n", True),
        ("options trust-ad\noptions rotate\n", True),
        ("# options trust-ad\n", False),
        (";options trust-ad\n", False),
        ("options no-trust-ad trust-ad:1\n", False),
        ("search trust-ad\n", False),
    ],
)
def test_the_option_that_vouches_for_the_name_servers(text: str, *, expected: bool) -> None:
    assert has_trust_ad(text) is expected
