import pytest

from mxcheck.evidence.domain import MxHost
from mxcheck.rules.dns.mx_is_address import RULE
from tests.build import DOMAIN, HOST
from tests.rules.ask import Want, ask_mx, fails, not_applicable, passes


@pytest.mark.parametrize(
    ("name", "want"),
    [
        (HOST, passes(HOST, "is a host name")),
        ("192.0.2.1.example.com", passes("is a host name")),
        ("mx_1.example.com", passes("is a host name")),
        ("1.2.3", not_applicable("not a host name", owner="mx-name-invalid")),
        ("mx\\032.example.com", not_applicable("not a host name", owner="mx-name-invalid")),
        (
            "192.0.2.1",
            fails(DOMAIN, "IP address 192.0.2.1", "must be a host name", remedy=("192.0.2.1",)),
        ),
        ("2001:db8::25", fails(DOMAIN, "2001:db8::25")),
    ],
)
def test_the_mx_value_is_a_name(name: str, want: Want) -> None:
    want(ask_mx(RULE, MxHost(name=name, preference=10)))
