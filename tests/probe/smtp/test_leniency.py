"""What the visit completes and senders refuse is written down; what takes long stops nobody."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import pytest

from mxcheck.evidence.outcome import NOT_ASKED, Trouble, Unseen
from mxcheck.evidence.smtp import Reply
from mxcheck.evidence.tls import ServerHello, TlsSession
from mxcheck.probe.smtp.handshake_watch import MAX_DH_BITS
from tests.keys import rsa_key
from tests.probe.harness import HEALTHY, HOST, NO_RELAY, ROOT, SETTINGS, Seen, probe_host
from tests.tls12 import MASTER_SECRET, RENEGOTIATION_INFO, Handmade

ISSUED = ROOT.issue_intermediate().issue(names=(HOST,), key=rsa_key())
MADE = Handmade(chain_pem=ISSUED.chain_pem, key_pem=ISSUED.key_pem)
IMPATIENT = replace(SETTINGS, timeout=1, retries=0)
DoneT = TypeVar("DoneT")


async def visit(tls: Handmade) -> Seen:
    return await probe_host(replace(HEALTHY, tls=tls), target=NO_RELAY)


def hello_of(seen: Seen) -> ServerHello:
    session = seen.visit.tls
    assert isinstance(session, TlsSession), session
    assert isinstance(session.hello, ServerHello)
    return session.hello


@pytest.mark.parametrize(
    ("extensions", "announced"),
    [
        (RENEGOTIATION_INFO, True),
        (b"", False),
        (MASTER_SECRET, False),
        (MASTER_SECRET + RENEGOTIATION_INFO, True),
    ],
)
async def test_secure_renegotiation(extensions: bytes, *, announced: bool) -> None:
    seen = await visit(replace(MADE, extensions=extensions))
    assert hello_of(seen).renegotiation_info is announced
    assert isinstance(seen.visit.ehlo_after_tls, Reply)


@pytest.mark.parametrize("bits", [1024, 1536, 2048])
@pytest.mark.parametrize("digest", ["sha1", "sha256"])
async def test_group_and_signature(bits: int, digest: str) -> None:
    hello = hello_of(await visit(replace(MADE, dh_bits=bits, digest=digest)))
    assert (hello.dh_bits, hello.signature) == (bits, f"rsa_pkcs1_{digest}")
    assert hello.chain == ()


async def test_a_group_that_no_openssl_accepts() -> None:
    seen = await visit(replace(MADE, dh_bits=768))
    assert seen.visit.tls == Unseen(
        trouble=Trouble.HANDSHAKE, detail="OpenSSL refuses a Diffie-Hellman group of 768 bits"
    )


class Elsewhere:
    """A replacement of `asyncio.to_thread` that counts the calls, or never finishes one."""

    def __init__(self, *, ends: bool) -> None:
        self.steps, self.ends = 0, ends

    async def __call__(self, step: Callable[[], DoneT]) -> DoneT:
        self.steps += 1
        if not self.ends:
            await asyncio.Event().wait()
        return step()


@pytest.mark.parametrize(("bits", "steps"), [(MAX_DH_BITS, 0), (MAX_DH_BITS + 1, 1), (10_000, 1)])
async def test_a_long_key_exchange_is_computed_beside_the_event_loop(
    bits: int, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Elsewhere(ends=False)
    monkeypatch.setattr(asyncio, "to_thread", elsewhere)
    script = replace(HEALTHY, tls=replace(MADE, dh_bits=bits))
    seen = await probe_host(script, target=NO_RELAY, settings=IMPATIENT)
    assert elsewhere.steps == steps
    if steps:
        detail = f"this machine did not finish a key exchange of {bits} bits within 1 s (--timeout)"
        assert seen.visit.tls == Unseen(trouble=Trouble.OWN_LIMIT, detail=detail)


async def test_it_ends_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = Elsewhere(ends=True)
    monkeypatch.setattr(asyncio, "to_thread", elsewhere)
    monkeypatch.setattr("mxcheck.probe.smtp.handshake_watch.MAX_DH_BITS", 1000)
    seen = await visit(replace(MADE, dh_bits=1024))
    assert hello_of(seen).dh_bits == 1024
    assert elsewhere.steps > 0
    assert isinstance(seen.visit.ehlo_after_tls, Reply)
    assert seen.visit.injection == NOT_ASKED
