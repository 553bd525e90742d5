"""A real server tells when the promise of SECURITY.md is broken; the fixtures ask them at the end.

A client of the tests breaks it here, with every command that is ruled out.
"""

import smtplib
import socket
import ssl

import pytest

from tests.promise import NEVER_SENT, verb_of
from tests.real.exim import Exim
from tests.real.exim_services import EXIM_BY_NAME
from tests.real.mail_host import SMTP_PORT, MailHost
from tests.real.opensmtpd import OPENSMTPD_BY_NAME, OpenSmtpd
from tests.real.services import BY_NAME
from tests.real.world import RealWorld

pytestmark = pytest.mark.real

SAID = ["VRFY root", "EXPN root", "DATA", "BDAT 0 LAST", "AUTH UNHEARD-OF"]


def break_it(world: RealWorld, host: MailHost) -> None:
    """Inside TLS, where nobody but the server reads along."""

    class Client(smtplib.SMTP):
        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
            return world.namespace.connect(host, port, timeout)

    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    with Client(host.address, SMTP_PORT, "client.test", timeout=10) as client:
        client.starttls(context=tls)
        client.ehlo()
        for command in SAID:
            client.docmd(command)


def test_every_command_that_is_ruled_out_is_said() -> None:
    assert {verb_of(command) for command in SAID} == NEVER_SENT


def test_postfix_tells(real_world: RealWorld) -> None:
    watch = real_world.postfix.watch
    assert watch.look() == []
    break_it(real_world, BY_NAME["healthy"])
    assert set(watch.look()) == {"auth=0/1", "bdat=0/1", "data=0/1", "vrfy=0/1", "unknown=0/1"}
    assert watch.look() == []


def test_exim_tells(real_world: RealWorld, real_exim: Exim) -> None:
    assert real_exim.look() == []
    break_it(real_world, EXIM_BY_NAME["exim-healthy"])
    assert real_exim.look() == SAID
    assert real_exim.look() == []


def test_opensmtpd_tells(real_world: RealWorld, real_opensmtpd: OpenSmtpd) -> None:
    assert real_opensmtpd.watch.look() == []
    break_it(real_world, OPENSMTPD_BY_NAME["opensmtpd-healthy"])
    assert real_opensmtpd.watch.look() == SAID
    assert real_opensmtpd.watch.look() == []
