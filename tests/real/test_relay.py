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
    assert all(DENIED in replies[form] for form in (*THROUGH_DOMAIN, "null-sender"))
    assert "User unknown" in replies["random-control"]


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


@pytest.mark.parametrize("mode", [BASIC, THOROUGH], ids=["basic", "thorough"])
def test_sixty_domains_on_one_postfix(real_world: RealWorld, mode: tuple[str, ...]) -> None:
    before = real_world.connections("healthy")
    checked = real_world.check(*MANY["healthy.test"], *mode)
    assert outcomes(checked) == {
        (rule, "pass"): 60 * 2  # at both of the host's addresses
        for rule in ("open-relay", "mx-rejects-domain")
    }
    assert checked.exit_code == 0
    assert real_world.connections("healthy") == before + 2
    log = real_world.postfix_log("healthy/")
    # Of 69 recipients it refused 9; at 10 it begins to delay replies, at 20 it hangs up.
    assert "mail=69 rcpt=60/69 rset=68 quit=1" in log[-1]
    assert not any("too many errors" in line for line in log)


@pytest.mark.usefixtures("real_opensmtpd")
def test_opensmtpd_which_says_of_all_refusals_the_same(real_world: RealWorld) -> None:
    checked = real_world.check("opensmtpd-healthy.test", *THOROUGH)
    assert checked.exit_code == 0
    replies = checked.relay_replies()
    assert replies["null-sender"] == "Invalid recipient: <postmaster@iana.org>"
    assert replies["random-control"].startswith("Invalid recipient: <mxcheck")
    assert real_world.check("opensmtpd-open-relay.test", *THOROUGH).exit_code == 1


def test_exim_refuses_every_form(real_world: RealWorld, real_exim: Exim) -> None:
    checked = real_world.check("exim-healthy.test", *THOROUGH)
    assert checked.exit_code == 0
    replies = checked.relay_replies()
    assert replies["null-sender"] == replies["source-route"] == "relay not permitted"
    for form in ("percent-hack", "quoted-address", "bang-path"):
        assert replies[form] == "restricted characters in address"
    assert real_world.check("exim-open-relay.test", *THOROUGH).exit_code == 1
    assert real_exim.queued() == []


def test_sixty_domains_on_one_exim(real_world: RealWorld, real_exim: Exim) -> None:
    exim = real_exim["exim-many"]
    before = exim.connections()
    checked = real_world.check(*MANY["exim-many.test"], *BASIC)
    assert outcomes(checked) == {
        ("open-relay", "pass"): 60,
        ("mx-rejects-domain", "pass"): 11,
        ("mx-rejects-domain", "not-applicable"): 49,
    }
    assert checked.exit_code == 0
    assert exim.connections() == before + 1
    # At the thirteenth form it would hang up, and log "too many nonmail commands".
    assert exim.log()[-1].endswith("closed by QUIT")
