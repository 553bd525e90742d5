"""Servers that end the session after a handshake which the client takes for complete."""

import ssl
from dataclasses import dataclass, replace

import pytest

from mxcheck.demo.smtp_script import Tls
from mxcheck.evidence.outcome import Trouble, Unseen
from mxcheck.evidence.tls import TlsSession
from mxcheck.rules.smtp import smtp_ehlo_refused
from mxcheck.rules.tls import tls_handshake_failed
from tests.probe.harness import HEALTHY, HOST, ISSUED, Seen, probe_host
from tests.rules.ask import ask_visit, fails, passes


@dataclass(frozen=True, slots=True, kw_only=True)
class Demanding(Tls):
    """Wants a certificate of every client."""

    def context(self) -> ssl.SSLContext:
        context = Tls.context(self)
        context.verify_mode = ssl.CERT_REQUIRED
        return context


async def visit(version: ssl.TLSVersion) -> Seen:
    tls = Demanding(
        chain_pem=ISSUED.chain_pem,
        key_pem=ISSUED.key_pem,
        minimum_version=version,
        maximum_version=version,
    )
    return await probe_host(replace(HEALTHY, tls=tls))


async def test_in_tls_1_3_the_refusal_comes_after_the_handshake() -> None:
    seen = (await visit(ssl.TLSVersion.TLSv1_3)).visit
    assert isinstance(seen.tls, TlsSession)
    assert isinstance(seen.ehlo_after_tls, Unseen)
    assert seen.ehlo_after_tls.trouble is Trouble.CLOSED
    want = fails(
        HOST,
        "the session ends before the first reply",
        "the server sent the alert certificate_required",
        remedy=("no client certificate is demanded",),
    )
    want(ask_visit(tls_handshake_failed.RULE, seen))
    passes()(ask_visit(smtp_ehlo_refused.RULE, seen))


async def test_in_tls_1_2_it_is_part_of_the_handshake() -> None:
    seen = (await visit(ssl.TLSVersion.TLSv1_2)).visit
    assert isinstance(seen.tls, Unseen)
    fails("the handshake fails", "the server sent the alert")(
        ask_visit(tls_handshake_failed.RULE, seen)
    )


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_relaying_is_tested_in_clear_all_the_same(version: ssl.TLSVersion) -> None:
    seen = await visit(version)
    assert len(seen.visit.relay) == 4
    assert seen.verbs[-1][:2] == ["EHLO", "MAIL"]
