import pytest

from mxcheck.wire.resolv_conf import vouches_for

NAMED = "nameserver 192.0.2.53\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False),
        (NAMED, False),
        (f"{NAMED}options edns0 trust-ad\n", True),
        (f"options trust-ad\noptions rotate\n{NAMED}", True),
        (f"{NAMED}# options trust-ad\n", False),
        (f"{NAMED};options trust-ad\n", False),
        (f"{NAMED}options no-trust-ad trust-ad:1\n", False),
        (f"{NAMED}search trust-ad\n", False),
        # It says nothing about a resolver that it does not name.
        ("nameserver 192.0.2.5\noptions trust-ad\n", False),
        ("# nameserver 192.0.2.53\noptions trust-ad\n", False),
        ("nameserver\noptions trust-ad\n", False),
        ("options trust-ad\n", False),
    ],
)
def test_the_option_that_vouches_for_a_name_server(text: str, *, expected: bool) -> None:
    assert vouches_for(text, "192.0.2.53") is expected


def test_an_address_in_another_writing() -> None:
    assert vouches_for("nameserver 0:0::0:1\noptions trust-ad\n", "::1")
    assert not vouches_for("nameserver dns.example\noptions trust-ad\n", "not an address")
