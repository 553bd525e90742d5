from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import OwnHello, ServerHello, ShownTls
from mxcheck.model.policy import Policy, TlsVersion
from mxcheck.rules.tls.tls_version_old import RULE
from tests.build import (
    ADDRESS,
    HOST,
    ehlo_reply,
    healthy_tls,
    healthy_visit,
    unseen,
    visit_until,
)
from tests.hellos import REFUSED_HELLO
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes

WHERE = f"{HOST} [{ADDRESS}]:25"
REMEDY = ("Turn on TLS 1.2 or later",)


def speaking(version: str) -> Visit:
    return replace(healthy_visit(), tls=replace(healthy_tls(), version=version))


def old(version: str, wanted: str) -> Want:
    return fails(WHERE, f"no better than {version};", f"TLS {wanted} is the minimum")


def chosen(version: str) -> OwnHello:
    answer = ServerHello(version=version, cipher="TLS_RSA_WITH_RC4_128_MD5")
    return OwnHello(offered="TLSv1.3", sent=True, answer=answer)


def failed(*hellos: OwnHello) -> Visit:
    """A handshake that the local TLS library could not complete, and what was asked after it."""
    return visit_until("tls", unseen(Trouble.HANDSHAKE), hellos=hellos)


@pytest.mark.parametrize(
    ("version", "minimum", "want"),
    [
        ("TLSv1.3", "1.2", passes(WHERE, "TLSv1.3")),
        ("TLSv1.2", "1.2", passes("TLSv1.2")),
        ("TLSv1.1", "1.2", fails("TLSv1.1", "TLS 1.2", remedy=REMEDY)),
        ("TLSv1", "1.2", old("TLSv1", "1.2")),
        ("SSLv3", "1.0", old("SSLv3", "1.0")),
        ("TLSv1", "1.0", passes("TLSv1")),
        ("TLSv1.1", "1.1", passes("TLSv1.1")),
        ("TLSv1.2", "1.3", old("TLSv1.2", "1.3")),
        ("TLSv1.3", "1.3", passes("TLSv1.3")),
    ],
)
def test_the_version_is_not_below_the_minimum(version: str, minimum: str, want: Want) -> None:
    want(ask_visit(RULE, speaking(version), Policy(min_tls=TlsVersion(minimum))))


@pytest.mark.parametrize(
    ("visit", "want"),
    [
        (
            visit_until("tls", unseen(Trouble.HANDSHAKE), hellos=()),
            not_applicable("did not complete", owner="tls-handshake-failed"),
        ),
        (
            failed(chosen("TLSv1.2")),
            not_applicable("did not complete", owner="tls-handshake-failed"),
        ),
        (failed(REFUSED_HELLO), not_applicable(owner="tls-handshake-failed")),
        (failed(chosen("SSLv3")), old("SSLv3", "1.2")),
        (failed(REFUSED_HELLO, chosen("TLSv1")), old("TLSv1", "1.2")),
        (visit_until("ehlo", ehlo_reply("SIZE")), not_applicable(owner="starttls-missing")),
    ],
)
def test_without_a_session_there_is_no_version(visit: Visit, want: Want) -> None:
    want(ask_visit(RULE, visit))


def shown(offered: str, version: str) -> ShownTls:
    return ShownTls(
        connection="another connection",
        server_name=HOST,
        offered=offered,
        version=version,
        chain=(b"x",),
    )


@pytest.mark.parametrize(
    ("offered", "version", "minimum", "want"),
    [
        ("TLSv1.3", "TLSv1.1", "1.2", fails("no better than TLSv1.1 on another connection;")),
        ("TLSv1.2", "TLSv1", "1.2", fails("no better than TLSv1 on another connection")),
        ("TLSv1.3", "TLSv1.2", "1.3", fails("no better than TLSv1.2 on another connection")),
        ("TLSv1.3", "TLSv1.2", "1.2", passes("speaks TLSv1.3")),
        # What was offered at most is not what the server speaks at best.
        ("TLSv1.2", "TLSv1.2", "1.3", passes("speaks TLSv1.3")),
        ("TLSv1.1", "TLSv1", "1.2", passes("speaks TLSv1.3")),
    ],
)
def test_a_version_that_another_connection_showed(
    offered: str, version: str, minimum: str, want: Want
) -> None:
    visit = replace(healthy_visit(), shown=(shown(offered, version),))
    want(ask_visit(RULE, visit, Policy(min_tls=TlsVersion(minimum))))
