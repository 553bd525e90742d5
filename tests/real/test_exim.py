"""`mxcheck check` against real Exim servers, and proof that they are what they are taken for."""

import re

import pytest

from tests.real.exim import Exim
from tests.real.exim_services import EXIM_BY_NAME
from tests.real.world import CheckOnce, RealWorld

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("real_exim")]

OUTSIDE = "postmaster@iana.org"
LITERAL = "<postmaster@[127.0.0.1]>: domain literals not allowed"  # whatever it thinks of us
ONE_VISIT = ("--max-connections", "1")  # some rules take further connections
GREETING_WITH_VERSION = r"<-  220 mx\.exim-version\.test ESMTP Exim \d\.\d+"

SOUND = (
    "exim-healthy",
    "exim-version",
    "exim-tls12",
    "exim-legacy-tls",
    "exim-auth-in-clear",
)

# The failure at level error of each, about its MX host.
FAULTY = {
    "exim-open-relay": "open-relay",
    "exim-no-tls": "starttls-missing",
    "exim-broken-tls": "starttls-refused",
    "exim-expired": "cert-expired",
    "exim-backup-without-domain": "mx-rejects-domain",
}

# The rule that could not be judged.
UNTOLD = {
    "exim-greylisting": "open-relay",
    "exim-blocklisting": "open-relay",
    "exim-turned-away": "smtp-greeting-bad",
    "exim-try-later": "smtp-greeting-bad",
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_domain_passes(check_once: CheckOnce, name: str) -> None:
    checked = check_once(f"{name}.test")
    assert checked.failures() == set()
    assert checked.unknown_rules() == set()
    assert checked.exit_code == 0


@pytest.mark.parametrize("name", FAULTY)
def test_fault_is_named_and_nothing_else(check_once: CheckOnce, name: str) -> None:
    checked = check_once(f"{name}.test")
    assert checked.failures() == {(FAULTY[name], f"mx.{name}.test")}
    assert checked.unknown_rules() == set()
    assert checked.exit_code == 1


@pytest.mark.parametrize("name", UNTOLD)
def test_what_cannot_be_told_is_unknown(check_once: CheckOnce, name: str) -> None:
    checked = check_once(f"{name}.test")
    assert checked.failures() == set()
    assert checked.unknown_rules() == {UNTOLD[name]}
    assert checked.exit_code == 3


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("exim-version", "smtp-version-disclosed"),
        ("exim-auth-in-clear", "smtp-auth-in-clear"),
        ("exim-legacy-tls", "tls-legacy-accepted"),
        ("exim-tls12", "tls13-missing"),
    ],
)
def test_warning_is_named_and_nothing_else(check_once: CheckOnce, name: str, rule: str) -> None:
    warnings = check_once(f"{name}.test").results("fail", "warning")
    assert [warning["rule"] for warning in warnings] == [rule]


def test_healthy_domain_has_no_warnings(check_once: CheckOnce) -> None:
    assert check_once("exim-healthy.test").results("fail", "warning") == []


class TestRelay:
    @pytest.mark.parametrize(
        ("name", "control", "outside"),
        [
            ("exim-healthy", "Accepted", "relay not permitted"),
            ("exim-no-tls", "Accepted", "relay not permitted"),
            ("exim-open-relay", "Accepted", "Accepted"),
            ("exim-backup-without-domain", "relay not permitted", "relay not permitted"),
        ],
    )
    def test_replies_are_in_the_report(
        self, check_once: CheckOnce, name: str, control: str, outside: str
    ) -> None:
        replies = check_once(f"{name}.test").relay_replies()
        assert replies.pop("control") == control
        assert replies.pop("outside-sender") == LITERAL
        assert set(replies.values()) == {outside}

    def test_server_that_turns_us_away_is_quoted(self, check_once: CheckOnce) -> None:
        replies = check_once("exim-blocklisting.test").relay_replies()
        # It looks at senders at MAIL, and at clients at RCPT.
        assert replies.pop("outside-sender") == LITERAL
        assert replies.keys() == {"control", "null-sender", "domain-sender"}
        assert all("is in a black list at blocklist.test" in text for text in replies.values())

    def test_repair_is_for_exim(self, check_once: CheckOnce) -> None:
        remedy = check_once("exim-version.test").results("fail", "warning")[0]["remedy"]
        assert "smtp_banner" in remedy


class TestLightHand:
    @pytest.mark.parametrize("name", ["exim-healthy", "exim-open-relay"])
    def test_visit_is_one_connection_and_leaves_no_mail(
        self, real_world: RealWorld, real_exim: Exim, name: str
    ) -> None:
        before = real_exim[name].connections()
        real_world.check(f"{name}.test", *ONE_VISIT)
        assert real_exim[name].connections() == before + 1
        assert real_exim[name].log()[-1].endswith("closed by QUIT")
        assert real_exim.queued() == []


class TestServers:
    @pytest.mark.parametrize(
        ("name", "recipient", "reply"),
        [
            ("exim-healthy", "postmaster@exim-healthy.test", "<-  250 Accepted"),
            ("exim-healthy", "nobody-here@exim-healthy.test", "<** 550 Unrouteable address"),
            ("exim-healthy", "u%iana.org@exim-healthy.test", "<** 550 restricted characters"),
            ("exim-healthy", OUTSIDE, "<** 550 relay not permitted"),
            ("exim-open-relay", OUTSIDE, "<-  250 Accepted"),
            ("exim-no-tls", OUTSIDE, "<** 550 relay not permitted"),
            ("exim-greylisting", OUTSIDE, "<** 451-127.0.0.1 is not yet authorized"),
            ("exim-blocklisting", OUTSIDE, "<** 550 see https://blocklist.test/"),
            ("exim-auth-in-clear", OUTSIDE, "<-  250-AUTH PLAIN"),
            ("exim-broken-tls", OUTSIDE, "<-  250-STARTTLS"),
            ("exim-turned-away", OUTSIDE, "<** 550 Administrative prohibition"),
            ("exim-try-later", OUTSIDE, "<** 451 Temporary local problem"),
        ],
    )
    def test_server_answers(
        self, real_world: RealWorld, name: str, recipient: str, reply: str
    ) -> None:
        assert reply in real_world.rcpt(EXIM_BY_NAME[name], recipient)

    def test_starttls_is_not_announced(self, real_world: RealWorld) -> None:
        assert "STARTTLS" not in real_world.rcpt(EXIM_BY_NAME["exim-no-tls"], OUTSIDE)

    def test_greeting_gives_the_version_away(self, real_world: RealWorld) -> None:
        said = real_world.rcpt(EXIM_BY_NAME["exim-version"], OUTSIDE)
        assert re.search(GREETING_WITH_VERSION, said)

    @pytest.mark.parametrize(
        ("name", "session"),
        [
            ("exim-healthy", "Verified TLS connection established"),
            ("exim-healthy", "TLSv1.3"),
            ("exim-tls12", "TLSv1.2"),
            ("exim-expired", "certificate verification failed"),
            ("exim-broken-tls", "454 TLS currently unavailable"),
        ],
    )
    def test_sender_meets(self, real_world: RealWorld, name: str, session: str) -> None:
        assert session in real_world.sender(EXIM_BY_NAME[name])
