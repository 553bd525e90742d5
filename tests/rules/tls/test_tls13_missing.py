from dataclasses import replace

import pytest

from mxcheck.evidence.outcome import Trouble
from mxcheck.evidence.smtp import Visit
from mxcheck.evidence.tls import ShownTls
from mxcheck.model.policy import Policy, TlsVersion
from mxcheck.rules.tls.tls13_missing import RULE
from tests.build import ADDRESS, HOST, ehlo_reply, healthy_tls, healthy_visit, unseen, visit_until
from tests.rules.ask import Want, ask_visit, fails, not_applicable, passes

WHERE = f"{HOST} [{ADDRESS}]:25"
TOO_OLD = not_applicable("below the minimum", owner="tls-version-old")


@pytest.mark.parametrize(
    ("version", "minimum", "want"),
    [
        ("TLSv1.3", "1.2", passes(WHERE, "speaks TLSv1.3")),
        ("TLSv1.2", "1.2", fails(WHERE, "the best that it speaks is TLSv1.2", remedy=("OpenSSL",))),
        ("TLSv1", "1.0", fails("TLSv1")),
        ("TLSv1.2", "1.3", TOO_OLD),
        ("TLSv1.1", "1.2", TOO_OLD),
    ],
)
def test_tls13_is_spoken(version: str, minimum: str, want: Want) -> None:
    visit = replace(healthy_visit(), tls=replace(healthy_tls(), version=version))
    want(ask_visit(RULE, visit, Policy(min_tls=TlsVersion(minimum))))


@pytest.mark.parametrize(
    ("offered", "version", "minimum", "want"),
    [
        ("TLSv1.3", "TLSv1.2", "1.2", fails("TLS 1.3 on another connection; the best", "TLSv1.2")),
        ("TLSv1.2", "TLSv1.2", "1.2", passes("speaks TLSv1.3")),  # no more was offered
        ("TLSv1.3", "TLSv1.3", "1.2", passes("speaks TLSv1.3")),  # with another certificate
        ("TLSv1.3", "TLSv1.1", "1.2", passes("speaks TLSv1.3")),  # tls-version-old fails
        ("TLSv1.3", "TLSv1.1", "1.1", fails("another connection", "TLSv1.1")),
    ],
)
def test_a_lower_version_of_another_connection_counts(
    offered: str, version: str, minimum: str, want: Want
) -> None:
    shown = ShownTls(
        connection="another connection",
        server_name=HOST,
        offered=offered,
        version=version,
        chain=(),
    )
    visit = replace(healthy_visit(), shown=(shown,))
    want(ask_visit(RULE, visit, Policy(min_tls=TlsVersion(minimum))))


@pytest.mark.parametrize(
    ("visit", "owner"),
    [
        (visit_until("tls", unseen(Trouble.HANDSHAKE), hellos=()), "tls-handshake-failed"),
        (visit_until("ehlo", ehlo_reply("SIZE")), "starttls-missing"),
    ],
)
def test_it_needs_a_session(visit: Visit, owner: str) -> None:
    not_applicable(owner=owner)(ask_visit(RULE, visit))
