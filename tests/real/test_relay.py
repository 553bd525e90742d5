"""The thorough relay test, and many domains behind one MX host, against real servers."""

from collections import Counter

import pytest

from tests.real.checked import Checked
from tests.real.domains import MANY
from tests.real.exim import Exim
from tests.real.world import RealWorld

pytestmark = pytest.mark.real

BASIC = ("--relay", "basic", "--select", "relay")
THOROUGH = ("--relay", "thorough", "--select", "relay")
THROUGH_DOMAIN = ("percent-hack", "quoted-address", "bang-path", "source-route")
NAMED = ("--ehlo-name", "probe.example.net")  # whence comes a sender that Exim takes
DENIED = "Relay access denied"


def message_of(checked: Checked, rule: str = "open-relay") -> str:
    (domain,) = checked.report["domains"]
    return next(result["message"] for result in domain["results"] if result["rule"] == rule)


def outcomes(checked: Checked) -> Counter[tuple[str, str]]:
    """Return how often each rule came to each outcome."""
    return Counter(
        (result["rule"], result["outcome"])
        for domain in checked.report["domains"]
        for result in domain["results"]
    )


def test_postfix_refuses_every_form(real_world: RealWorld) -> None:
    checked = real_world.check("healthy.test", *THOROUGH)
    assert checked.exit_code == 0
    replies = checked.relay_replies()
    forms = (*THROUGH_DOMAIN, "outside-sender", "null-sender", "domain-sender")
    assert all(DENIED in replies[form] for form in forms)
    # A mailbox that does not exist is asked for only beside a form that was accepted.
    assert "random-control" not in replies


def test_an_open_postfix_takes_every_form(real_world: RealWorld) -> None:
    checked = real_world.check("open-relay.test", *THOROUGH)
    message = checked.failure("open-relay")["message"]
    for recipient in (
        "<postmaster@iana.org>",
        "<postmaster%iana.org@open-relay.test>",
        '<"postmaster@iana.org"@open-relay.test>',
        "<iana.org!postmaster@open-relay.test>",
        "<@open-relay.test:postmaster@iana.org>",
    ):
        assert recipient in message
    assert real_world.postfix.queued() == []


def test_relaying_that_only_a_thorough_test_finds(real_world: RealWorld) -> None:
    assert real_world.check("percent-hack.test", *BASIC).exit_code == 0
    checked = real_world.check("percent-hack.test", *THOROUGH)
    assert checked.failures() == {("open-relay", "mx.percent-hack.test")}
    assert "<postmaster%iana.org@percent-hack.test>: 250" in message_of(checked)
    assert DENIED in checked.relay_replies()["null-sender"]
    assert real_world.postfix.queued() == []


def test_a_catch_all_domain_is_not_taken_for_a_relay(real_world: RealWorld) -> None:
    checked = real_world.check("catch-all.test", *THOROUGH)
    assert checked.exit_code == 0
    message = message_of(checked)
    assert "Accepted but not counted" in message
    assert "<postmaster%iana.org@catch-all.test>: 250" in message
    assert "as with catch-all delivery" in message


@pytest.mark.parametrize(
    ("mode", "domains", "connections"),
    [(BASIC, 60, 7), (THOROUGH, 16, 10)],
    ids=["basic", "thorough"],
)
def test_many_domains_on_one_postfix(
    real_world: RealWorld, mode: tuple[str, ...], domains: int, connections: int
) -> None:
    before, denied = real_world.connections("healthy"), denials(real_world)
    checked = real_world.check(*MANY["healthy.test"][:domains], *mode)
    assert outcomes(checked) == {
        (rule, "pass"): domains * 2  # at both of the host's addresses
        for rule in ("open-relay", "mx-rejects-domain")
    }
    assert checked.exit_code == 0
    assert real_world.connections("healthy") == before + 2 * connections
    # Two forms speak of no domain; at 10 refusals it begins to delay replies, at 20 it hangs up.
    forms = 2 + domains * (1 if mode is BASIC else 5)
    assert denials(real_world) == denied + 2 * forms
    assert connections == -(-forms // 9)
    assert not any("too many errors" in line for line in real_world.postfix_log("healthy/"))


def denials(real_world: RealWorld) -> int:
    """Count the recipients that Postfix has refused since the world was started."""
    return sum(DENIED in line for line in real_world.postfix_log("healthy/"))


@pytest.mark.usefixtures("real_opensmtpd")
def test_opensmtpd_which_says_of_all_refusals_the_same(real_world: RealWorld) -> None:
    checked = real_world.check("opensmtpd-healthy.test", *THOROUGH)
    assert checked.exit_code == 0
    replies = checked.relay_replies()
    assert replies["null-sender"] == "Invalid recipient: <postmaster@iana.org>"
    assert replies["control"] == "2.1.5 Destination address valid: Recipient ok"
    assert real_world.check("opensmtpd-open-relay.test", *THOROUGH).exit_code == 1


def test_exim_refuses_every_form(real_world: RealWorld, real_exim: Exim) -> None:
    checked = real_world.check("exim-healthy.test", *THOROUGH, *NAMED)
    assert checked.exit_code == 0
    replies = checked.relay_replies()
    for form in ("outside-sender", "null-sender", "domain-sender", "source-route"):
        assert replies[form] == "relay not permitted"
    for form in ("percent-hack", "quoted-address", "bang-path"):
        assert replies[form] == "restricted characters in address"
    assert real_world.check("exim-open-relay.test", *THOROUGH).exit_code == 1
    assert real_exim.queued() == []


def test_exim_that_takes_no_sender_of_ours(real_world: RealWorld, real_exim: Exim) -> None:
    """A client without a public name has only its address for a sender, which Exim does not take.

    Then words of relaying alone are proof, and of a "%" in an address Exim has none.
    """
    before = real_exim["exim-healthy"].connections()
    checked = real_world.check("exim-healthy.test", *THOROUGH)
    assert checked.exit_code == 3
    (unknown,) = checked.results("unknown")
    assert "domain literals not allowed" in unknown["message"]
    assert "--relay-sender" in unknown["remedy"]
    assert real_world.check("exim-healthy.test", *BASIC).exit_code == 0
    assert real_exim["exim-healthy"].connections() == before + 2


@pytest.mark.parametrize(
    ("mode", "connections"), [(BASIC, 7), (THOROUGH, 34)], ids=["basic", "thorough"]
)
def test_sixty_domains_on_one_exim(
    real_world: RealWorld, real_exim: Exim, mode: tuple[str, ...], connections: int
) -> None:
    exim = real_exim["exim-many"]
    before = exim.connections()
    quits = sum(line.endswith("closed by QUIT") for line in exim.log())
    checked = real_world.check(*MANY["exim-many.test"], *mode, *NAMED)
    assert outcomes(checked) == {(rule, "pass"): 60 for rule in ("open-relay", "mx-rejects-domain")}
    assert checked.exit_code == 0
    # At the thirteenth form it would hang up, and log "too many nonmail commands".
    assert exim.connections() == before + connections
    assert sum(line.endswith("closed by QUIT") for line in exim.log()) == quits + connections
