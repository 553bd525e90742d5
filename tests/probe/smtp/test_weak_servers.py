"""Servers with weak keys and parameters are looked at, rather than given up on."""

import ssl
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mxcheck.demo.smtp_script import Tls
from mxcheck.evidence.items import Item
from mxcheck.evidence.outcome import Unseen
from mxcheck.evidence.tls import ServerHello, TlsSession
from mxcheck.wire.certificate import CertificateFacts, parse_certificate
from tests.probe.harness import HEALTHY, HOST, NO_RELAY, probe_host
from tests.wanting import wanting

TARGET = wanting(NO_RELAY, Item.FAILED_HANDSHAKE)
Maker = Callable[..., Tls]


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    """Make a self-signed certificate with the `openssl` command, as weak as asked for."""

    def made(*options: str, last: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2) -> Tls:
        output = ("-nodes", "-keyout", "key.pem", "-out", "chain.pem", "-subj", f"/CN={HOST}")
        command = ["openssl", "req", "-x509", *options, *output]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        return Tls(
            chain_pem=(tmp_path / "chain.pem").read_bytes(),
            key_pem=(tmp_path / "key.pem").read_bytes(),
            minimum_version=ssl.TLSVersion.TLSv1,
            maximum_version=last,
        )

    return made


def facts(chain: tuple[bytes, ...]) -> CertificateFacts:
    seen = parse_certificate(chain[0])
    assert isinstance(seen, CertificateFacts)
    return seen


@pytest.mark.parametrize("bits", [512, 1024])
@pytest.mark.parametrize("digest", ["md5", "sha1"])
@pytest.mark.parametrize("last", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_2])
async def test_short_keys_and_broken_digests(
    make: Maker, bits: int, digest: str, last: ssl.TLSVersion
) -> None:
    tls = make("-newkey", f"rsa:{bits}", f"-{digest}", last=last)
    session = (await probe_host(replace(HEALTHY, tls=tls), target=TARGET)).visit.tls
    assert isinstance(session, TlsSession)
    seen = facts(session.chain)
    assert (seen.key, seen.signature) == (f"RSA {bits}", digest)


@pytest.mark.parametrize(
    ("options", "last", "offered", "key"),
    [
        (("rsa:512",), ssl.TLSVersion.TLSv1_3, "TLSv1.2", "RSA 512"),
        (("ec", "prime192v1"), ssl.TLSVersion.TLSv1_2, "TLSv1.3", "EC secp192r1"),
        (("ec", "brainpoolP256r1"), ssl.TLSVersion.TLSv1_2, "TLSv1.3", "EC brainpoolP256r1"),
    ],
)
async def test_where_the_handshake_fails_the_key_is_seen_all_the_same(
    make: Maker, options: tuple[str, ...], last: ssl.TLSVersion, offered: str, key: str
) -> None:
    kind, *curve = options
    curves = ("-pkeyopt", f"ec_paramgen_curve:{curve[0]}") if curve else ()
    tls = make("-newkey", kind, *curves, last=last)
    visit = (await probe_host(replace(HEALTHY, tls=tls), target=TARGET)).visit
    assert isinstance(visit.tls, Unseen)
    answer = visit.hellos[-1].answer
    assert visit.hellos[-1].offered == offered
    assert isinstance(answer, ServerHello)
    assert facts(answer.chain).key == key


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallGroup(Tls):
    """A server that agrees on keys in a Diffie-Hellman group of 1024 bits."""

    parameters: Path

    def context(self) -> ssl.SSLContext:
        context = Tls.context(self)
        context.load_dh_params(str(self.parameters))
        return context


@pytest.fixture
def parameters(tmp_path: Path) -> Path:
    path = tmp_path / "dh.pem"
    command = ["openssl", "dhparam", "-dsaparam", "-out", str(path), "1024"]
    subprocess.run(command, check=True, capture_output=True)
    return path


async def test_a_small_group(make: Maker, parameters: Path) -> None:
    tls = make("-newkey", "rsa:2048")
    small = SmallGroup(
        chain_pem=tls.chain_pem,
        key_pem=tls.key_pem,
        maximum_version=ssl.TLSVersion.TLSv1_2,
        ciphers="DHE-RSA-AES128-SHA@SECLEVEL=0",
        parameters=parameters,
    )
    session = (await probe_host(replace(HEALTHY, tls=small), target=TARGET)).visit.tls
    assert isinstance(session, TlsSession)
    assert session.cipher == "DHE-RSA-AES128-SHA"


@pytest.mark.parametrize("number", [0, 40, 70, 80, 112, 115, 116, 117, 120, 121])
async def test_alerts_are_named(number: int) -> None:
    alert = bytes((21, 3, 1, 0, 2, 2, number))
    visit = (await probe_host(replace(HEALTHY, tls=alert), target=NO_RELAY)).visit
    assert isinstance(visit.tls, Unseen)
    assert "the server sent the alert " in visit.tls.detail
