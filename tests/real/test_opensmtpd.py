"""`mxcheck check` against a real OpenSMTPD, and proof that it is what it is taken for."""

import re

import pytest

from tests.real.opensmtpd import OPENSMTPD_BY_NAME, OpenSmtpd
from tests.real.world import CheckOnce, RealWorld

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("real_opensmtpd")]

OUTSIDE = "postmaster@iana.org"
ONE_VISIT = ("--max-connections", "1")  # some rules take further connections
NOT_HERE = "Invalid recipient: <{}>"
ALLOWED = {"EHLO", "HELO", "STARTTLS", "MAIL", "RCPT", "RSET", "NOOP", "QUIT"}

SOUND = ("opensmtpd-healthy", "opensmtpd-tls12")

# The failure at level error of each, about its MX host.
FAULTY = {
    "opensmtpd-open-relay": "open-relay",
    "opensmtpd-no-tls": "starttls-missing",
    "opensmtpd-wrong-name": "cert-name-mismatch",
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


def test_same_words_for_everybody_tell_nothing(check_once: CheckOnce) -> None:
    # OpenSMTPD refuses to relay, and refuses a user whom it does not know, in the same words.
    checked = check_once("opensmtpd-backup-without-domain.test")
    assert checked.failures() == set()
    assert checked.unknown_rules() == {"open-relay"}
    assert checked.exit_code == 3


def test_pipelining_is_not_announced(check_once: CheckOnce) -> None:
    (warning,) = check_once("opensmtpd-healthy.test").results("fail", "warning")
    assert warning["rule"] == "smtp-extension-missing"
    assert "PIPELINING" in warning["message"]


class TestRelay:
    @pytest.mark.parametrize("name", ["opensmtpd-healthy", "opensmtpd-no-tls"])
    def test_refusal_is_in_the_report(self, check_once: CheckOnce, name: str) -> None:
        replies = check_once(f"{name}.test").relay_replies()
        assert replies.pop("control") == "2.1.5 Destination address valid: Recipient ok"
        assert set(replies.values()) == {NOT_HERE.format(OUTSIDE)}

    def test_acceptance_is_in_the_report(self, check_once: CheckOnce) -> None:
        replies = check_once("opensmtpd-open-relay.test").relay_replies()
        assert set(replies.values()) == {"2.1.5 Destination address valid: Recipient ok"}


class TestLightHand:
    @pytest.mark.parametrize("name", ["opensmtpd-healthy", "opensmtpd-open-relay"])
    def test_visit_is_one_connection_without_mail_or_forbidden_command(
        self, real_world: RealWorld, real_opensmtpd: OpenSmtpd, name: str
    ) -> None:
        connections, lines = real_opensmtpd.connections(name), len(real_opensmtpd.log())
        real_world.check(f"{name}.test", *ONE_VISIT)
        assert real_opensmtpd.connections(name) == connections + 1
        log = real_opensmtpd.log()[lines:]
        commands = {command[1] for line in log if (command := re.search("<<< (.+?)( |$)", line))}
        assert {"RCPT", "QUIT"} <= commands <= ALLOWED
        assert log[-1].endswith("smtp disconnected reason=quit")
        assert real_opensmtpd.queued() == []


class TestServer:
    @pytest.mark.parametrize(
        ("name", "recipient", "reply"),
        [
            ("opensmtpd-healthy", "postmaster@opensmtpd-healthy.test", "<-  250 2.1.5"),
            ("opensmtpd-healthy", "nobody-here@opensmtpd-healthy.test", "<** 550 Invalid"),
            ("opensmtpd-healthy", OUTSIDE, f"<** 550 {NOT_HERE.format(OUTSIDE)}"),
            ("opensmtpd-healthy", OUTSIDE, "ESMTP OpenSMTPD\n"),
            ("opensmtpd-open-relay", OUTSIDE, "<-  250 2.1.5"),
            ("opensmtpd-no-tls", OUTSIDE, f"<** 550 {NOT_HERE.format(OUTSIDE)}"),
            (
                "opensmtpd-backup-without-domain",
                "postmaster@opensmtpd-backup-without-domain.test",
                "<** 550 Invalid recipient",
            ),
        ],
    )
    def test_server_answers(
        self, real_world: RealWorld, name: str, recipient: str, reply: str
    ) -> None:
        assert reply in real_world.rcpt(OPENSMTPD_BY_NAME[name], recipient)

    def test_starttls_is_not_announced(self, real_world: RealWorld) -> None:
        assert "STARTTLS" not in real_world.rcpt(OPENSMTPD_BY_NAME["opensmtpd-no-tls"], OUTSIDE)

    @pytest.mark.parametrize(
        ("name", "session"),
        [
            ("opensmtpd-healthy", "Verified TLS connection established"),
            ("opensmtpd-healthy", "TLSv1.3"),
            ("opensmtpd-tls12", "TLSv1.2"),
            ("opensmtpd-wrong-name", "hostname mismatch"),
        ],
    )
    def test_sender_meets(self, real_world: RealWorld, name: str, session: str) -> None:
        assert session in real_world.sender(OPENSMTPD_BY_NAME[name])
