import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.model.policy import Policy
from mxcheck.rules.dns.mx_not_public import RULE
from tests.build import ADDRESS, HOST, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, passes


def reserved(kind: str, address: str) -> Want:
    return fails(HOST, f"{kind} address {address}", remedy=("public address", "--allow-private"))


@pytest.mark.parametrize(
    ("address", "want"),
    [
        (ADDRESS, passes(ADDRESS, "public")),
        ("2a00:1450::25", passes("2a00:1450::25")),
        ("10.0.0.25", reserved("private", "10.0.0.25")),
        ("127.0.0.1", reserved("loopback", "127.0.0.1")),
        ("169.254.0.25", reserved("link-local", "169.254.0.25")),
        ("224.0.0.25", reserved("multicast", "224.0.0.25")),
        ("100.64.0.25", reserved("reserved", "100.64.0.25")),
        ("fd00::25", reserved("private", "fd00::25")),
        ("::ffff:10.0.0.25", reserved("private", "::ffff:10.0.0.25")),
    ],
)
def test_the_address_is_public(address: str, want: Want) -> None:
    visit = visit_until("connection", unseen(Trouble.NOT_PUBLIC), address=address)
    want(ask_visit(RULE, visit))


@pytest.mark.parametrize(
    ("address", "want"),
    [
        (ADDRESS, passes("public address")),
        ("10.0.0.25", passes("10.0.0.25", "private", "allow_private")),
    ],
)
def test_reserved_addresses_may_be_allowed(address: str, want: Want) -> None:
    visit = visit_until("connection", unseen(Trouble.TIMEOUT), address=address)
    want(ask_visit(RULE, visit, Policy(allow_private=True)))
